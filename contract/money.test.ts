import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDecimal, formatMinor, minorUnitDigits } from './money.ts';

describe('an amount as text', () => {
  test.each([
    [0, 'AUD', '0.00'],
    [5, 'AUD', '0.05'],
    [-5, 'AUD', '-0.05'],
    [123456789, 'NZD', '1,234,567.89'],
    [100000, 'JPY', '1,000'],
    [-100050, 'JPY', '-1,000.50'],
    [1234567, 'KWD', '1,234.567'],
  ])('%d of %s reads %s', (minor, currency, text) => {
    expect(formatMinor(minor, currency)).toBe(text);
  });

  test('loses no cent, whatever the amount', () => {
    const currency = fc.constantFrom('AUD', 'GBP', 'JPY', 'KWD');
    fc.assert(
      fc.property(fc.maxSafeInteger(), currency, (minor, code) => {
        const [whole = '', fraction = ''] = formatMinor(minor, code).replaceAll(',', '').split('.');
        const digits = minorUnitDigits(code);
        expect(Number(`${whole}${fraction.padEnd(digits, '0')}`)).toBe(minor === 0 ? 0 : minor);
        expect([digits, ...(code === 'JPY' ? [0] : [])]).toContain(fraction.length);
      }),
    );
  });
});

test.each([
  ['1800.0000', 'AUD', '1,800.00'],
  ['1800', 'AUD', '1,800.00'],
  ['-12345.5', 'AUD', '-12,345.50'],
  ['0.0125', 'AUD', '0.0125'],
  ['1800.00', 'JPY', '1,800'],
])('a price of %s %s reads %s', (decimal, currency, text) => {
  expect(formatDecimal(decimal, currency)).toBe(text);
});
