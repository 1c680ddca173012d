import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import Fastify from 'fastify';
import { ORGANISATION_IDS } from '../seeds/identity.ts';
import { createEmulator } from '../server.ts';
import { apiClient, obtainTokens } from '../testing.ts';
import type { LoadTask } from './load.ts';

/**
 * Measures the emulator against a bare server of the same framework that returns the same bytes,
 * for a page of 100 invoices, and how much memory big books take. Prints ratios, judges nothing:
 *   node emulator/bench/bench.ts              speed
 *   node emulator/bench/bench.ts 1000000      memory and times with that many invoices
 */
async function requestsPerSecond(task: LoadTask): Promise<number> {
  const worker = new Worker(new URL('./load.ts', import.meta.url), { workerData: task });
  // Both are awaited from the start: a thread's last message and its end may come together.
  const [[rate]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
  return Number(rate);
}

/** Both servers run here one after the other; the load comes from a thread of its own. */
async function measureSpeed(): Promise<void> {
  const emulator = await createEmulator({ seed: { contacts: 200, invoices: 2_000 } });
  Object.assign(emulator.control.limits.numbers, {
    minute: 1e9,
    day: 1e9,
    appMinute: 1e9,
    concurrent: 1e6,
  });
  const { access_token } = await obtainTokens(emulator);
  const path = '/Invoices?page=3&pageSize=100';
  const { text } = await apiClient(emulator, access_token)('GET', path);
  const bare = Fastify();
  bare.get('/bytes', (_request, reply) => reply.type('application/json; charset=utf-8').send(text));
  const bareUrl = await bare.listen({ port: 0, host: '127.0.0.1' });
  const headers = {
    authorization: `Bearer ${access_token}`,
    'xero-tenant-id': ORGANISATION_IDS.au,
    accept: 'application/json',
  };
  const bareRate = await requestsPerSecond({ url: `${bareUrl}/bytes`, headers });
  const ownRate = await requestsPerSecond({ url: `${emulator.url}/api.xro/2.0${path}`, headers });
  console.log(`page of 100 invoices: ${text.length} characters`);
  console.log(
    `bare server ${bareRate.toFixed(0)}/s, emulator ${ownRate.toFixed(0)}/s, ratio ${(ownRate / bareRate).toFixed(2)}`,
  );
  await bare.close();
  await emulator.close();
}

/** Big books lie in one organisation; they are laid in a process of their own with room to grow. */
async function measureSize(invoices: number): Promise<void> {
  const child = spawn(
    process.execPath,
    [
      '--max-old-space-size=6000',
      '--expose-gc',
      new URL('./big-books.ts', import.meta.url).pathname,
      String(invoices),
    ],
    { stdio: 'inherit' },
  );
  await once(child, 'exit');
}

const size = Number(process.argv[2] ?? 0);
if (size > 0) await measureSize(size);
else await measureSpeed();
