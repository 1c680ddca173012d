import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Permission } from '#contract/permissions';
import type { Route } from '#contract/route';
import type { Origin, Scope } from './scope.ts';

export interface CookieOptions {
  maxAgeSeconds: number;
}

/** What a handler may know of the request besides its parsed parts, and do to the answer. */
export interface Exchange {
  ip: string;
  /** From where the request came, for the audit log. */
  origin: Origin;
  cookie(name: string): string | undefined;
  /** HttpOnly, SameSite=Lax; Secure and for this host alone when Bursar is served over https. */
  setCookie(name: string, value: string, options: CookieOptions): void;
  clearCookie(name: string): void;
}

interface Parts<R extends Route> {
  params: z.output<R['params']>;
  query: z.output<R['query']>;
  body: z.output<R['body']>;
  exchange: Exchange;
}

/** A call whose caller is known and holds the route's permission. */
export interface Call<R extends Route> extends Parts<R> {
  scope: Scope;
}

type Answer<R extends Route> = z.input<R['answer']>;

/** A route of the contract with what answers it; `entry` registers, permits, parses and presents. */
export interface Endpoint {
  route: Route;
  handle(call: Parts<Route> & { scope: Scope | null }): Promise<unknown>;
}

/** Ties a route that needs a caller to its handler. */
export function endpoint<R extends Route>(
  route: R,
  handle: (call: Call<R>) => Promise<Answer<R>>,
): Endpoint {
  return { route, handle: (call) => handle(call as unknown as Call<R>) };
}

/** Ties a public route to its handler, which knows of no caller. */
export function publicEndpoint<R extends Route>(
  route: R,
  handle: (call: Parts<R>) => Promise<Answer<R>>,
): Endpoint {
  return { route, handle: (call) => handle(call as unknown as Parts<R>) };
}

/**
 * What a room serves outside the contract (a webhook, an OAuth callback): a plain function that
 * adds its few routes to the server.
 */
export type RawRoutes = (app: FastifyInstance, tools: RawTools) => void;

/** What plain routes share with those of the contract. */
export interface RawTools {
  /** A hook for `onRequest` that lets pass who may, as for a route of the contract. */
  guard(permission: Permission): (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  /** Counts a request no longer against its address: whoever sent it has proved who they are. */
  pardon(request: FastifyRequest): void;
  /** Who asks, once `guard` has let them pass. */
  scopeOf(request: FastifyRequest): Scope;
  exchangeOf(request: FastifyRequest, reply: FastifyReply): Exchange;
  /** Leaves for another address, keeping nothing of this one: no cache, no referrer. */
  redirect(reply: FastifyReply, url: string): FastifyReply;
}
