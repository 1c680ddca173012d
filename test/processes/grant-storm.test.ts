import { expect, it } from 'vitest';
import { rageStorm } from './grant-storm.ts';

/** `npm run storm` asks for more. */
const RENEWALS = Number(process.env.BURSAR_STORM_RENEWALS ?? 20);
const SEED = Number(process.env.BURSAR_STORM_SEED ?? 20_260_302);
/** A token lasts for half an hour, and rounds are minutes apart. */
const ROUNDS_PER_RENEWAL = 5;

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
  `two processes that renew one grant ${RENEWALS} times over lost answers and crashes never lose it (seed ${SEED})`,
  async () => {
    const report = await rageStorm(RENEWALS, randomFrom(SEED));
    console.info(JSON.stringify(report));
    expect(report).toMatchObject({ lost: 0, strange: [], isLive: true });
    expect(report.renewals).toBeGreaterThanOrEqual(RENEWALS);
    expect(report.served).toBeGreaterThan(RENEWALS * ROUNDS_PER_RENEWAL);
    expect(report.crashes).toBeGreaterThan(RENEWALS / 10);
    expect(report.answersLost).toBeGreaterThan(RENEWALS / 10);
  },
  RENEWALS * 30_000,
);
