import type { FaultEffect } from '../../emulator/control/faults.ts';
import type { LineFault } from './line.ts';
import { MADE_UP } from './watch.ts';

/** What may go wrong with a call: on the line, or in what Xero answers. */
export type Fault = { kind: string; line: LineFault } | { kind: string; effect: StatusEffect };
type StatusEffect = Extract<FaultEffect, { kind: 'status' }>;

/** Under this header an answer says which fault it is of. */
export const FAULT_KIND = 'x-fault-kind';

const PAGE = { body: '<html>sorry</html>', contentType: 'text/html' } as const;

function busy(problem: string, seconds?: number): StatusEffect {
  const headers: Record<string, string> = { 'x-rate-limit-problem': problem, [MADE_UP]: 'yes' };
  if (seconds !== undefined) headers['retry-after'] = String(seconds);
  return { kind: 'status', status: 429, body: '', headers };
}

export const FAULTS: readonly Fault[] = [
  { kind: 'not-connected', line: 'not-connected' },
  { kind: 'reset-before', line: 'reset-before' },
  { kind: 'reset-after', line: 'reset-after' },
  { kind: 'truncated', line: 'truncated' },
  { kind: 'hung-before', line: 'hung-before' },
  { kind: 'hung-after', line: 'hung-after' },
  { kind: 'slow', line: 'slow' },
  { kind: 'element-errors', line: 'element-errors' },
  { kind: 'key-forgotten', line: 'key-forgotten' },
  { kind: 'stale', line: 'stale' },
  { kind: '500', effect: { kind: 'status', status: 500, ...PAGE } },
  { kind: '500-after', effect: { kind: 'status', status: 500, ...PAGE, when: 'after' } },
  { kind: '503-edge', effect: { kind: 'status', status: 503, ...PAGE, when: 'after' } },
  { kind: '502', effect: { kind: 'status', status: 502, ...PAGE } },
  { kind: 'no-envelope', effect: { kind: 'status', status: 200, body: '{}', when: 'after' } },
  { kind: '503', effect: { kind: 'status', status: 503, body: 'The Organisation is offline' } },
  { kind: 'no-json', effect: { kind: 'status', status: 200, ...PAGE, when: 'after' } },
  { kind: '429-minute', effect: busy('minute', 17) },
  { kind: '429-day', effect: busy('day', 900) },
  { kind: '429-concurrent', effect: busy('concurrent') },
  { kind: '429-app', effect: busy('appminute', 5) },
  {
    kind: '401',
    effect: {
      kind: 'status',
      status: 401,
      contentType: 'application/json',
      body: '{"Title":"Unauthorized","Detail":"TokenExpired: token expired"}',
    },
  },
];

/** On which calls a fault falls. */
export const PATHS = ['/Contacts', '/Invoices', '/api.xro/', '/connect/token'] as const;
