import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { MINUTE_MS } from '#platform/clock';
import { plants } from './bugs.ts';
import { lookFor } from './crew.ts';

/**
 * That the simulation can see at all: some of the planted bugs, one or two of each invariant, which
 * the first storms find. `npm run simulate -- --bugs` hunts them all.
 */
const FOUND_AT_ONCE = [
  'taken-before-stored',
  'retry-after-ignored',
  'walk-ends-at-its-page',
  'notice-deleted-first',
  'cursor-before-rows',
  'due-when-raised',
  'void-owed',
  'postal-for-street',
  'created-without-number',
  'trouble-leaves-the-lane',
];
const SEEDS = 4;
const ACTS = 65;
const AT_ONCE = Math.min(2, availableParallelism());

it(
  'planted bugs are found by the first storms',
  async () => {
    const waiting = [...FOUND_AT_ONCE];
    const missed: string[] = [];
    const hunt = async () => {
      for (let name = waiting.shift(); name; name = waiting.shift()) {
        const breaks = plants.find((plant) => plant.name === name)?.breaks ?? [];
        const { by } = await lookFor(name, SEEDS, { acts: ACTS, tail: 0 });
        if (!by || !breaks.includes(by.invariant)) missed.push(`${name}: ${by?.message}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, hunt));
    expect(missed).toEqual([]);
  },
  10 * MINUTE_MS,
);
