import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inPortions } from './in-portions.ts';

it('hold every row once and in order, and no more than is wanted', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 500 }), (rows, most) => {
      const portions = inPortions(rows, most);
      expect(portions.flat()).toEqual(rows);
      for (const portion of portions.slice(0, -1)) expect(portion).toHaveLength(most);
      expect(portions.every((portion) => portion.length > 0)).toBe(true);
    }),
  );
});
