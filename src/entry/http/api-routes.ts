import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Endpoint } from '#platform/http';
import { scopeOf } from '#providers/index';
import { parsePart } from '../parse-part.ts';
import { exchangeOf } from './exchange.ts';
import type { Guard } from './guard.ts';

interface ApiDeps {
  guard: Guard;
  /** Whether Bursar is served over https, so that cookies travel on it alone. */
  isSecure: boolean;
}

/** Registers each endpoint as its route says: guarded, its parts parsed, its answer presented. */
export function registerApi(
  app: FastifyInstance,
  endpoints: readonly Endpoint[],
  deps: ApiDeps,
): void {
  for (const one of endpoints) {
    const { method, path, permission, bodyLimit } = one.route;
    app.route({
      method,
      url: path,
      ...(bodyLimit === undefined ? {} : { bodyLimit }),
      onRequest: deps.guard(permission),
      handler: (request, reply) => answer(one, request, reply, deps.isSecure),
    });
  }
}

async function answer(
  { route, handle }: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  isSecure: boolean,
): Promise<FastifyReply> {
  const result = await handle({
    params: parsePart(route.params, request.params),
    query: parsePart(route.query, request.query),
    body: parsePart(route.body, request.body),
    scope: request.caller ? scopeOf(request.caller) : null,
    exchange: exchangeOf(request, reply, isSecure),
  });
  reply.header('cache-control', 'no-store');
  const shown = present(route.answer, result);
  if (shown === null) return reply.code(204).send();
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(shown));
}

/** What the contract promises of an answer and no more; another shape is a fault of ours. */
function present(shape: z.ZodType, result: unknown): unknown {
  const parsed = shape.safeParse(result);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`An answer is not of the contract's shape: ${places.slice(0, 10).join('; ')}`);
}
