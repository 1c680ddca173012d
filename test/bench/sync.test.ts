import { describe, expect, it } from 'vitest';
import type { Options } from './sync/goal.ts';
import { m1 } from './sync/m1.ts';
import { p2 } from './sync/p2.ts';
import { p5 } from './sync/p5.ts';
import { r9 } from './sync/r9.ts';
import { tableOf } from './sync/table.ts';

const sizes: Options = {
  learners: 200,
  invoices: 100,
  records: 100,
  trials: 1,
  orgs: 3,
  changes: 3,
};

/** The benchmarks in a size that shows nothing but that they still measure. */
describe('the benchmark of the sync', () => {
  it('pushes on emulated time and counts what Xero saw', async () => {
    const figures = await p2.run({ ...sizes, learners: 40 });
    const reached = new Map(figures.map((figure) => [figure.what, figure.reached]));
    expect(reached.get('contacts')).toBe('40');
    expect(reached.get('write calls')).toBe('1');
    // A quarter of a second a call and three milliseconds a contact, on the shared clock.
    expect(reached.get('emulated time')).toBe('0.37 s');
    expect(tableOf([{ goal: p2, figures }])).toContain('| P2 Adaptive batches |');
  });

  it('follows changes in real time from Xero to an open page', async () => {
    const figures = await p5.run(sizes);
    const reached = new Map(figures.map((figure) => [figure.what, figure.reached]));
    expect(reached.get('changes')).toBe('3');
    expect(reached.get('organisations')).toBe('3');
    // A call alone takes a quarter of a second.
    const seconds = Number(reached.get('change to pixel, p50')?.replace(' s', ''));
    expect(seconds).toBeGreaterThan(0.25);
    expect(seconds).toBeLessThan(20);
  }, 180_000);

  it('proposes who is whom to everybody at once', async () => {
    const figures = await m1.run({ ...sizes, learners: 60 });
    expect(figures.filter(({ isReached }) => isReached === false)).toEqual([]);
    expect(figures.find(({ what }) => what === 'contacts')?.reached).toBe('120');
  });

  it('comes back from a restored database with nobody doubled, by the fewest calls there are', async () => {
    const figures = await r9.run(sizes);
    expect(figures.filter(({ isReached }) => isReached === false)).toEqual([]);
    expect(figures.find(({ what }) => what === 'calls until equal')?.byFloor).toBe(1);
  });
});
