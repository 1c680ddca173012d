import { expect, it } from 'vitest';
import { awaitDatabase } from './await-database.ts';

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const full = Object.assign(new Error('too many clients already'), { code: '53300' });
const wrong = Object.assign(new Error('password authentication failed'), { code: '28P01' });

/** Reaches after the failures, in order; answers with how long it waited each time. */
async function waitsFor(failures: readonly Error[]): Promise<number[]> {
  const left = [...failures];
  const waits: number[] = [];
  const missed: unknown[] = [];
  await awaitDatabase({
    async reach() {
      const failure = left.shift();
      if (failure) throw failure;
    },
    missed: (error) => missed.push(error),
    pause: async (milliseconds) => void waits.push(milliseconds),
  });
  expect(missed).toEqual(failures);
  return waits;
}

it('goes on at once when the database is there', async () => {
  expect(await waitsFor([])).toEqual([]);
});

it('waits longer and longer for one that is away or full, up to ten seconds', async () => {
  const failures = [refused, full, refused, refused, refused, refused, refused];
  expect(await waitsFor(failures)).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
});

it('does not wait for what time does not mend', async () => {
  await expect(waitsFor([refused, wrong])).rejects.toBe(wrong);
});
