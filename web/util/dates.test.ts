import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { datesInWords, dateText, momentText, typedDate } from './dates.ts';

describe('a typed date', () => {
  test.each([
    ['3/4/1999', '1999-04-03'],
    ['03.04.1999', '1999-04-03'],
    [' 3 Apr 1999 ', '1999-04-03'],
    ['3 april 1999', '1999-04-03'],
    ['1999-04-03', '1999-04-03'],
    ['29/2/2000', '2000-02-29'],
  ])('%s is read day first', (text, date) => {
    expect(typedDate(text)).toBe(date);
  });

  test.each(['', '29/2/1999', '31/4/1999', '3/13/1999', '3/4/99', 'soon', '3 Foo 1999', '1/2/3/4'])(
    '“%s” is no date',
    (text) => {
      expect(typedDate(text)).toBeNull();
    },
  );

  test('reads back whatever a date is shown as', () => {
    const days = fc.integer({ min: -25_000, max: 25_000 });
    fc.assert(
      fc.property(days, (day) => {
        const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
        expect(typedDate(dateText(date))).toBe(date);
      }),
    );
  });
});

test('dates within words are written as dates are written', () => {
  expect(datesInWords('500.25 AUD on 2026-11-08, then INV-2026-11')).toBe(
    '500.25 AUD on 8 Nov 2026, then INV-2026-11',
  );
  expect(datesInWords('2026-13-40 is none')).toBe('2026-13-40 is none');
});

test('midnight is the beginning of its day', () => {
  const midnight = new Date(2026, 10, 8, 0, 5).toISOString();
  expect(momentText(midnight)).toBe('8 Nov 2026, 00:05');
});
