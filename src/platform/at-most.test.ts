import { expect, it } from 'vitest';
import { atMost } from './at-most.ts';

const late = () => new Error('its turn did not come');

it('lets a few go at once, the others after them in the order they came', async () => {
  const few = atMost({ most: 2, waitMs: 60_000, late });
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const all = gates.map((gate, number) =>
    few(async () => {
      begun.push(number);
      await gate.promise;
      if (number === 1) throw new Error('this one fails');
    }).catch(() => 'failed'),
  );
  expect(begun).toEqual([0, 1]);
  gates[1]?.resolve();
  expect(await all[1]).toBe('failed');
  expect(begun).toEqual([0, 1, 2]);
  for (const gate of gates) gate.resolve();
  await Promise.all(all);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  await few(async () => begun.push(5));
  expect(begun).toHaveLength(6);
});

it('gives up whose turn does not come, and its place with it', async () => {
  const few = atMost({ most: 1, waitMs: 5, late });
  const gate = Promise.withResolvers<void>();
  const first = few(() => gate.promise);
  let isBegun = false;
  const second = few(async () => {
    isBegun = true;
  });
  await expect(second).rejects.toThrow('its turn did not come');
  gate.resolve();
  await first;
  expect(await few(async () => 'third')).toBe('third');
  expect(isBegun).toBe(false);
});
