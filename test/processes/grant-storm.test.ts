import { expect, it } from 'vitest';
import { rageStorm } from './grant-storm.ts';

/** 1,000 by BURSAR_STORM_ROUNDS=1000. */
const ROUNDS = Number(process.env.BURSAR_STORM_ROUNDS ?? 100);
const SEED = Number(process.env.BURSAR_STORM_SEED ?? 20_260_302);

/** A small generator with a seed (mulberry32), so that what is done can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

it(
  `two processes that renew one grant over ${ROUNDS} rounds of lost answers and crashes never lose it (seed ${SEED})`,
  async () => {
    const report = await rageStorm(ROUNDS, randomFrom(SEED));
    console.info(JSON.stringify(report));
    expect(report).toMatchObject({ lost: 0, strange: [], isLive: true });
    expect(report.served).toBeGreaterThan(ROUNDS);
    expect(report.crashes).toBeGreaterThan(ROUNDS / 50);
    expect(report.renewals).toBeGreaterThan(ROUNDS / 10);
  },
  ROUNDS * 5_000,
);
