import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMinor } from '#contract/money';
import { decimalText, minorOf } from './money.ts';

describe('minorOf', () => {
  it.each([
    [24.15, 'AUD', 2415n],
    [0.1 + 0.2, 'AUD', 30n],
    [1.005, 'AUD', 101n],
    [-1.005, 'AUD', -101n],
    [1234, 'JPY', 123400n],
    [500.25, 'JPY', 50025n],
    [1.234, 'KWD', 1234n],
    ['0.0', 'NZD', 0n],
    [9_007_199_254_740.99, 'AUD', 900_719_925_474_099n],
  ])('%s %s is %s minor units', (amount, currency, minor) => {
    expect(minorOf(amount, currency)).toBe(minor);
  });

  it('gives back every amount of cents that a JSON number can spell', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e13, max: 1e13 }), (cents) => {
        const spelled: unknown = JSON.parse(formatMinor(cents, 'AUD').replaceAll(',', ''));
        expect(minorOf(Number(spelled), 'AUD')).toBe(BigInt(cents));
      }),
    );
  });

  it('refuses what is no amount', () => {
    expect(() => minorOf(Number.NaN, 'AUD')).toThrow(RangeError);
    expect(() => minorOf(Number.POSITIVE_INFINITY, 'AUD')).toThrow(RangeError);
  });
});

it('spells quantities exactly', () => {
  expect(decimalText(0.0001)).toBe('0.0001');
  expect(decimalText(1e-7)).toBe('0.0000001');
  expect(decimalText(12)).toBe('12');
  expect(decimalText(null)).toBeNull();
});
