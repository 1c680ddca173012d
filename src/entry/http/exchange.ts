import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Exchange, RawTools } from '#platform/http';
import { scopeOf } from '#providers/index';
import { originOf } from './agent.ts';
import { nameInBrowser } from './cookie-names.ts';
import type { Guard } from './guard.ts';
import type { Limiter } from './request-limits.ts';

/** What a handler may see and set besides the parsed parts of its request. */
export function exchangeOf(
  request: FastifyRequest,
  reply: FastifyReply,
  isSecure: boolean,
): Exchange {
  return {
    ip: request.ip,
    origin: originOf(request),
    cookie: (name) => request.cookies[name],
    setCookie(name, value, options) {
      const { maxAgeSeconds: maxAge } = options;
      reply.setCookie(nameInBrowser(name, isSecure), value, { ...cookieOptions(isSecure), maxAge });
    },
    clearCookie(name) {
      reply.clearCookie(nameInBrowser(name, isSecure), cookieOptions(isSecure));
    },
  };
}

/**
 * Gives plain routes what those of the contract have by themselves. A route that asks for `scopeOf`
 * without `guard` is a mistake of ours, and the Error says so.
 */
export function rawTools(isSecure: boolean, guard: Guard, limiter: Limiter): RawTools {
  return {
    guard,
    pardon: limiter.pardon,
    scopeOf({ caller }) {
      if (caller) return scopeOf(caller);
      throw new Error('A route asks who calls it and has no guard');
    },
    exchangeOf: (request, reply) => exchangeOf(request, reply, isSecure),
    redirect: (reply, url) =>
      reply
        .header('cache-control', 'no-store')
        .header('referrer-policy', 'no-referrer')
        .redirect(url, 302),
  };
}

function cookieOptions(isSecure: boolean): CookieSerializeOptions {
  return { httpOnly: true, sameSite: 'lax', secure: isSecure, path: '/' };
}
