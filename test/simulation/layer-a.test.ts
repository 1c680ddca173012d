import { beforeAll, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#platform/clock';
import { simulateMany, wordsOf } from './crew.ts';
import { regressions } from './regressions.ts';

/**
 * The storm in one process, over tables in memory, with the real product: see docs/simulation.md.
 * Every seed has a limit of steps, every process a deadline.
 */
const SEEDS = 1_000;
const ACTS = 65;
const TAIL = 40;
const PROCESSES = 2;
const DEADLINE_MS = 15 * MINUTE_MS;
const AGAIN = 12;

type Sum = Awaited<ReturnType<typeof simulateMany>>;
const run = (from: number, count: number, acts = ACTS) =>
  simulateMany(
    { from, count, acts, tail: TAIL },
    Math.min(PROCESSES, count),
    () => undefined,
    DEADLINE_MS,
  );
const wordsOfAll = (sum: Sum, acts = ACTS) =>
  sum.broken
    .slice(0, 3)
    .map((told) => wordsOf(told, acts))
    .join('\n\n');

describe(`${SEEDS} storms in memory`, () => {
  let sum: Sum;
  beforeAll(async () => {
    sum = await run(1, SEEDS);
  }, DEADLINE_MS);

  it('break no invariant', () => {
    expect(sum.broken.length, wordsOfAll(sum)).toBe(0);
    expect(sum.seeds).toBe(SEEDS);
  });

  it('are storms: five hundred events each, and every kind of fault', () => {
    expect(sum.eventsLeast).toBeGreaterThanOrEqual(500);
    expect(sum.faultKinds.size).toBeGreaterThanOrEqual(30);
    // Sizes are made small as the product is loaded: one that is written twice escapes that.
    expect(sum.largestPage).toBeLessThanOrEqual(100);
  });

  it(
    'happen again exactly as they happened',
    async () => {
      // In another process, begun at another seed.
      const again = await run(SEEDS - AGAIN + 1, AGAIN);
      for (const [seed, hash] of again.hashes) expect(sum.hashes.get(seed)).toBe(hash);
      expect(new Set(again.hashes.values()).size).toBe(AGAIN);
    },
    DEADLINE_MS,
  );
});

it(
  'what was found before stays mended',
  async () => {
    const bigger = regressions.filter(({ seed, acts }) => seed > SEEDS || acts !== ACTS);
    for (const { seed, acts } of bigger) {
      const sum = await run(seed, 1, acts);
      expect(sum.broken.length, wordsOfAll(sum, acts)).toBe(0);
    }
  },
  DEADLINE_MS,
);
