import type { FastifyInstance } from 'fastify';
import { plainText } from '../accounting/api-error.ts';

/**
 * The desk and the control API ask for no password, so a foreign web page must not be able to use
 * them through the visitor's browser: forms and scripts of other origins are refused, and so are
 * names that someone made to point at this machine.
 */
export function guardOrigins(server: FastifyInstance): void {
  server.addHook('onRequest', async (request) => {
    if (!/^\/(_emulator|desk|identity)([/?]|$)/i.test(request.url)) return;
    const { origin, host } = request.headers;
    if (!isOwnName(host)) throw plainText(403, 'Use the emulator under localhost');
    if (request.method === 'GET' || request.method === 'HEAD') return;
    if (origin !== undefined && hostOf(origin) !== host) {
      throw plainText(403, 'Pages of other origins may not act here');
    }
  });
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function isOwnName(host: string | undefined): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host ?? '');
}
