import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Order, Told } from './worker.ts';

/** However many seeds: a week. A test says less. */
const DEADLINE_MS = 7 * 86_400_000;
const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));

/** Has a process of its own simulate seeds, and hears of each as it ends. */
export function simulateApart(
  order: Order,
  hear: (told: Told) => void,
  deadlineMs: number = DEADLINE_MS,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(WORKER, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    let last = order.from - 1;
    const deadline = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`Not over after ${deadlineMs} ms; the last seed that ended was ${last}`));
    }, deadlineMs);
    child.on('message', (message) => {
      const told = message as Told;
      last = told.seed;
      hear(told);
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      clearTimeout(deadline);
      if (code === 0) resolve();
      else reject(new Error(`A simulation ended with ${code} after seed ${last}`));
    });
    child.send(order);
  });
}

/** What many seeds came to. */
export interface Sum {
  seeds: number;
  events: number;
  /** Of the seed with the fewest. */
  eventsLeast: number;
  faultKinds: Set<string>;
  /** How many kinds of fault each seed had, fewest first. */
  faultsPerSeed: number[];
  /** What was compared, and what got through, over all seeds. */
  counts: Map<string, number>;
  /** The most rows that Xero was asked for at once. */
  largestPage: number;
  broken: Told[];
  /** Hashes by seed. */
  hashes: Map<number, string>;
}

/** Shares seeds out among processes. */
export async function simulateMany(
  order: Omit<Order, 'plant' | 'stopsEarly'>,
  workers: number,
  hear: (told: Told) => void = () => {},
  deadlineMs: number = DEADLINE_MS,
): Promise<Sum> {
  const sum: Sum = {
    seeds: 0,
    events: 0,
    eventsLeast: Number.POSITIVE_INFINITY,
    faultKinds: new Set(),
    faultsPerSeed: [],
    counts: new Map(),
    largestPage: 0,
    broken: [],
    hashes: new Map(),
  };
  const share = Math.ceil(order.count / workers);
  const take = (told: Told) => {
    sum.seeds += 1;
    sum.events += told.events;
    sum.eventsLeast = Math.min(sum.eventsLeast, told.events);
    for (const kind of told.faults) sum.faultKinds.add(kind);
    sum.faultsPerSeed.push(told.faults.length);
    for (const [what, times] of Object.entries(told.counts))
      sum.counts.set(what, (sum.counts.get(what) ?? 0) + times);
    sum.largestPage = Math.max(sum.largestPage, told.largestPage);
    if (told.violations.length > 0) sum.broken.push(told);
    sum.hashes.set(told.seed, told.hash);
    hear(told);
  };
  const shares = Array.from({ length: workers }, (_, index) => ({
    ...order,
    from: order.from + index * share,
    count: Math.min(share, order.count - index * share),
    plant: null,
    stopsEarly: false,
  }));
  await Promise.all(
    shares.filter(({ count }) => count > 0).map((one) => simulateApart(one, take, deadlineMs)),
  );
  sum.faultsPerSeed.sort((a, b) => a - b);
  return sum;
}

/** A broken seed in words: what does not hold, what happened last, how to see it again. */
export function wordsOf({ seed, violations, tail }: Told, acts: number): string {
  return [
    `Seed ${seed} breaks:`,
    ...violations.slice(0, 5).map(({ message }) => `  ${message}`),
    'What happened last:',
    ...tail.map((line) => `  ${line}`),
    `Again: npm run simulate -- --seed ${seed} --acts ${acts}`,
  ].join('\n');
}

/** What came of looking for a planted bug. */
export interface Found {
  name: string;
  by: { seed: number; invariant: string; message: string } | null;
}

/** Plants one bug and simulates, from the first seed on, until something breaks. */
export async function lookFor(
  name: string,
  count: number,
  size: Pick<Order, 'acts' | 'tail'>,
): Promise<Found> {
  const found: Found = { name, by: null };
  const order = { ...size, from: 1, count, plant: name, stopsEarly: true };
  await simulateApart(order, ({ seed, violations: [violation] }) => {
    if (violation) found.by = { seed, ...violation };
  });
  return found;
}
