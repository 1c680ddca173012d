import type { FastifyRequest } from 'fastify';
import type { FaultEffect } from './faults.ts';

/** What is known of a call while it is under way. */
export interface CallState {
  appId: string | undefined;
  orgId: string | undefined;
  userId: string | undefined;
  fault: string | undefined;
  effect: FaultEffect | undefined;
  sentBytes: number;
}

const states = new WeakMap<FastifyRequest, CallState>();

/**
 * What is noted of a request, begun when first asked for. Whoever admits it notes the caller, the
 * fault hooks what they spoil; the log reads both once the answer has left.
 */
export function callState(request: FastifyRequest): CallState {
  let state = states.get(request);
  if (!state) {
    state = {
      appId: undefined,
      orgId: undefined,
      userId: undefined,
      fault: undefined,
      effect: undefined,
      sentBytes: 0,
    };
    states.set(request, state);
  }
  return state;
}
