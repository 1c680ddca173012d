import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import Fastify from 'fastify';
import { ORGANISATION_IDS } from '../seeds/identity.ts';
import { createEmulator } from '../server.ts';
import { apiClient, obtainTokens } from '../testing.ts';
import type { LoadResult, LoadTask } from './load.ts';

/**
 * Measures the emulator against a bare server of the same framework that returns the same bytes,
 * for a page of 100 invoices, and how much memory big books take. Prints ratios, judges nothing:
 *   node emulator/bench/bench.ts              speed
 *   node emulator/bench/bench.ts 1000000      memory and times with that many invoices
 */
async function measureRound(task: LoadTask): Promise<Round> {
  const before = process.threadCpuUsage();
  const worker = new Worker(new URL('./load.ts', import.meta.url), { workerData: task });
  // Both are awaited from the start: a thread's last message and its end may come together.
  const [[message]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
  const { requests, requestsPerSecond } = message as LoadResult;
  const { user, system } = process.threadCpuUsage(before);
  return { requestsPerSecond, cpuMicrosARequest: (user + system) / requests };
}

interface Round {
  readonly requestsPerSecond: number;
  /** Of the thread that serves; other programs on the machine hardly change it. */
  readonly cpuMicrosARequest: number;
}

function median(rounds: readonly Round[], of: keyof Round): number {
  const values = rounds.map((round) => round[of]).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? 0;
}

const ROUNDS = 7;

/**
 * Both servers run here; the load comes from a thread of its own. They take turns, so that a busy
 * machine slows both alike.
 */
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
  const bytes = Buffer.from(text);
  bare.get('/bytes', (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(bytes),
  );
  const bareUrl = await bare.listen({ port: 0, host: '127.0.0.1' });
  const headers = {
    authorization: `Bearer ${access_token}`,
    'xero-tenant-id': ORGANISATION_IDS.au,
    accept: 'application/json',
  };
  const bareTask = { url: `${bareUrl}/bytes`, headers };
  const ownTask = { url: `${emulator.url}/api.xro/2.0${path}`, headers };
  const bareRounds: Round[] = [];
  const ownRounds: Round[] = [];
  for (let i = 0; i <= ROUNDS; i++) {
    const [bareRound, ownRound] = [await measureRound(bareTask), await measureRound(ownTask)];
    // The first turn warms up.
    if (i > 0) bareRounds.push(bareRound);
    if (i > 0) ownRounds.push(ownRound);
  }
  console.log(`page of 100 invoices: ${text.length} characters, medians of ${ROUNDS} turns`);
  for (const [name, of] of [
    ['requests a second', 'requestsPerSecond'],
    ['microseconds of processor a request', 'cpuMicrosARequest'],
  ] as const) {
    const [own, other] = [median(ownRounds, of), median(bareRounds, of)];
    const ratio = (own / other).toFixed(2);
    console.log(`${name}: bare ${other.toFixed(0)}, emulator ${own.toFixed(0)}, ratio ${ratio}`);
  }
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
