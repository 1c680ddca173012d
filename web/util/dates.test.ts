import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dateText, typedDate } from './dates.ts';

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
