import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Permission } from '#contract/permissions';
import type { Route } from '#contract/route';
import { AppError } from '#platform/app-error';
import type { Scope } from '#platform/scope';
import { type Caller, type Providers, scopeOf } from '#providers/index';
import { originOf } from './agent.ts';
import { exchangeOf } from './exchange.ts';
import { checkOrigin } from './origin.ts';
import type { Limiter } from './request-limits.ts';

export const PROVIDER_HEADER = 'x-bursar-provider';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking, once the guard has found out; null on public routes. */
    caller: Caller | null;
    /** What the guard found allowed before all of the body was here; null: it was here already. */
    passedEarly: Exclude<Route['permission'], 'public'> | null;
  }
}

export interface GuardDeps {
  providers: Providers;
  publicUrl: string;
  limiter: Limiter;
  /** Keeps for the audit log that someone known was refused. */
  noteRefusal(scope: Scope, permission: string, request: string): Promise<void>;
}

/**
 * Stands before a route and its body: counts, looks where the request comes from, finds out who
 * asks and whether they may. Only what passes is read any further.
 */
export type Guard = (
  permission: Route['permission'],
) => (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/**
 * Guards for every permission. `public` asks nobody who they are and counts the address alone.
 * @throws AppError `request.too-many`, `request.wrong-origin`, and as `Providers` `authenticate`
 *   and `require` do
 */
export function createGuard(deps: GuardDeps): Guard {
  const ourOrigin = new URL(deps.publicUrl).origin;
  return (permission) => async (request, reply) => {
    if (permission === 'public') await deps.limiter.checkAddress(request);
    checkOrigin(askedBy(request, deps.providers.sessionCookieName), ourOrigin);
    if (permission === 'public') return;
    const caller = await admit(request, reply, deps);
    request.caller = caller;
    if (permission !== 'signed-in') await permit(request, caller, permission, deps);
    if (!request.raw.complete) request.passedEarly = permission;
  };
}

/**
 * Looks at the rights once more when all of a body is here that the guard did not wait for. Whoever
 * holds a body back could otherwise be removed meanwhile and finish, with rights of a minute ago,
 * what lets them in again. What arrived whole with its head costs no second look.
 */
export function createSecondLook(
  deps: GuardDeps,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async (request, reply) => {
    const { caller: before, passedEarly: permission } = request;
    if (before === null || permission === null) return;
    // It stays with the provider it was for, even when none was named.
    const caller = await authenticate(request, reply, deps, before.providerId);
    request.caller = caller;
    if (permission !== 'signed-in') await permit(request, caller, permission, deps);
  };
}

async function permit(
  request: FastifyRequest,
  caller: Caller,
  permission: Permission,
  deps: GuardDeps,
): Promise<void> {
  try {
    await deps.providers.require(caller, permission);
  } catch (error) {
    const isRefusal = error instanceof AppError && error.status === 403;
    const asked = `${request.method} ${request.routeOptions.url ?? ''}`;
    if (isRefusal) await deps.noteRefusal(scopeOf(caller), permission, asked);
    throw error;
  }
}

/** Who asks, counted against their limit, or against their address's while they are unknown. */
export function admit(
  request: FastifyRequest,
  reply: FastifyReply | null,
  deps: GuardDeps,
  provider?: string,
): Promise<Caller> {
  const { authorization } = request.headers;
  const credential = authorization ?? request.cookies[deps.providers.sessionCookieName] ?? '';
  return deps.limiter.count(request, credential, () =>
    authenticate(request, reply, deps, provider),
  );
}

/** Who asks; a session that was prolonged meanwhile has its cookie set anew. */
export async function authenticate(
  request: FastifyRequest,
  reply: FastifyReply | null,
  deps: Pick<GuardDeps, 'providers' | 'publicUrl'>,
  provider: string | undefined = headerOf(request, PROVIDER_HEADER),
): Promise<Caller> {
  const { caller, renewed } = await deps.providers.authenticate({
    authorization: request.headers.authorization,
    sessionCookie: request.cookies[deps.providers.sessionCookieName],
    provider,
  });
  if (renewed && reply) {
    const { name, value, maxAgeSeconds } = renewed;
    const exchange = exchangeOf(request, reply, deps.publicUrl.startsWith('https:'));
    exchange.setCookie(name, value, { maxAgeSeconds });
  }
  return { ...caller, actor: { ...caller.actor, origin: originOf(request) } };
}

function askedBy(request: FastifyRequest, sessionCookie: string) {
  return {
    method: request.method,
    origin: request.headers.origin,
    fetchSite: headerOf(request, 'sec-fetch-site'),
    hasCookie: request.cookies[sessionCookie] !== undefined,
    hasKey: request.headers.authorization !== undefined,
  };
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
