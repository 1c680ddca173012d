import type { FastifyInstance } from 'fastify';

/**
 * Browsers take a cookie with this before its name from this very host alone, over https, for all
 * paths: another host of the same domain can plant none and so pass its own session, or its own
 * way through Xero, off as somebody's.
 */
const HOST_ONLY = '__Host-';

/** A cookie's name as the browser keeps it; over plain http there is no such promise. */
export function nameInBrowser(name: string, isSecure: boolean): string {
  return isSecure ? `${HOST_ONLY}${name}` : name;
}

/** Shows those behind it cookies by our own names, and over https no others. */
export function registerCookieNames(app: FastifyInstance, isSecure: boolean): void {
  if (!isSecure) return;
  app.addHook('onRequest', async (request) => {
    const ours = Object.entries(request.cookies).filter(([name]) => name.startsWith(HOST_ONLY));
    request.cookies = Object.fromEntries(
      ours.map(([name, value]) => [name.slice(HOST_ONLY.length), value]),
    );
  });
}
