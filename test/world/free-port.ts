import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections and to whoever asks for any: one that
 * is chosen here is still free when it is used, and when a killed process comes back to it. Above
 * 10080 too, the highest that `fetch` and browsers refuse to ask (https://fetch.spec.whatwg.org).
 */
const FIRST = 10_081;
const LAST = 32_000;
const ATTEMPTS = 50;

/** A TCP port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(port)) return port;
  }
  throw new Error(`No port among ${ATTEMPTS} that were tried is free`);
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1');
  const isListening = await once(probe, 'listening').then(
    () => true,
    () => false,
  );
  if (!isListening) return false;
  probe.close();
  await once(probe, 'close');
  return true;
}
