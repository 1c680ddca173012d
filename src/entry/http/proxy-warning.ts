import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';

const CODE = 'alarm.proxy-not-trusted';
const OTHERWISE =
  'Until then everybody looks like one caller: some wrong passwords of one person keep all others from signing in, and the audit log names the proxy.';

/**
 * Tells whoever runs Bursar that callers can't be told apart, since what a proxy says of them does
 * not count: at the start where one must stand in front, and once when one is met.
 */
export function warnOfUnknownProxy(
  app: FastifyInstance,
  { config, logger }: Pick<Context, 'config' | 'logger'>,
): void {
  if (config.publicUrl.startsWith('https:') && config.trustedProxies === false) {
    const sentence = `PUBLIC_URL is https, so a proxy stands in front of Bursar, and TRUST_PROXY does not name it: set TRUST_PROXY to its address.`;
    logger.warn({ code: CODE }, `${sentence} ${OTHERWISE}`);
  }
  let isTold = false;
  app.addHook('onRequest', async ({ headers, ip, socket }) => {
    // Whose word counts is no longer the address itself.
    if (isTold || headers['x-forwarded-for'] === undefined || ip !== socket.remoteAddress) return;
    isTold = true;
    const sentence = `A request from ${ip} says in X-Forwarded-For whom it comes from, and that was ignored: if ${ip} is your proxy, set TRUST_PROXY to it.`;
    logger.warn({ code: CODE }, `${sentence} ${OTHERWISE}`);
  });
}
