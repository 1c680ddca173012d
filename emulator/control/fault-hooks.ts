import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { World } from '../core/world.ts';
import { callState } from './call-state.ts';
import { type FaultEffect, sentinelEffect } from './faults.ts';

/**
 * Makes calls fail as told. What goes wrong before the act happens after authentication and the
 * limits, so that a slow call counts as under way; what goes wrong after it spoils a real answer.
 */
export function faultHooks(server: FastifyInstance, world: World): void {
  server.addHook('preHandler', async (request, reply) => {
    const [path = '', query] = request.url.split('?', 2);
    if (isOwnPath(path)) return undefined;
    const state = callState(request);
    const target = { method: request.method, path, query, organisation: state.orgId };
    const rule = world.faults.draw(target);
    const effect = rule?.effect ?? sentinelOf(world, request, path);
    if (!effect) return undefined;
    state.fault = rule?.id ?? 'sentinel';
    state.effect = effect;
    return momentOf(effect) === 'before' ? spoil(effect, request, reply) : undefined;
  });

  server.addHook('onSend', async (request, reply, payload) => {
    world.store.commit();
    const { effect } = callState(request);
    if (!effect || momentOf(effect) === 'before') return payload;
    return spoilAnswer(effect, request, reply, payload);
  });
}

/** The control API, the desk and its pages never fail on purpose. */
export function isOwnPath(path: string): boolean {
  return /^\/(_emulator|desk|assets|online)(\/|$)/i.test(path) || path === '/';
}

function sentinelOf(world: World, request: FastifyRequest, path: string): FaultEffect | undefined {
  if (!world.switches.sentinelNames || !Buffer.isBuffer(request.body)) return undefined;
  return sentinelEffect(request.method, path, request.body.toString('utf8'));
}

function momentOf(effect: FaultEffect): 'before' | 'after' {
  return effect.kind === 'truncate' ? 'after' : (effect.when ?? 'before');
}

async function spoil(
  effect: FaultEffect,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  switch (effect.kind) {
    case 'delay':
      await sleep(effect.ms);
      return undefined;
    case 'status':
      return sendStatus(effect, reply);
    case 'reset':
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    case 'hang':
      reply.hijack();
      return reply;
    case 'truncate':
      return undefined;
  }
}

function sendStatus(
  effect: Extract<FaultEffect, { kind: 'status' }>,
  reply: FastifyReply,
): FastifyReply {
  if (effect.contentType) void reply.type(effect.contentType);
  return reply
    .code(effect.status)
    .headers(effect.headers ?? {})
    .send(effect.body ?? '');
}

async function spoilAnswer(
  effect: FaultEffect,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  switch (effect.kind) {
    case 'delay':
      await sleep(effect.ms);
      return payload;
    case 'status':
      void reply.code(effect.status).removeHeader('content-length');
      void reply.headers({ 'content-type': effect.contentType ?? 'text/plain', ...effect.headers });
      return effect.body ?? '';
    case 'reset':
      request.raw.socket.destroy();
      return payload;
    case 'hang':
      return new Promise<never>(() => {});
    case 'truncate':
      return truncate(request, reply, payload);
  }
}

/** The head promises the whole body; half of it comes, then the line is cut. */
function truncate(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<never> {
  const body = Buffer.from(typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : '');
  const headers = { ...reply.getHeaders(), 'content-length': body.length };
  reply.raw.writeHead(reply.statusCode, headers as Record<string, string | number>);
  reply.raw.write(body.subarray(0, Math.floor(body.length / 2)), () => {
    request.raw.socket.destroy();
  });
  return new Promise<never>(() => {});
}
