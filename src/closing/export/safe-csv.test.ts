import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvLine } from './safe-csv.ts';

it.each([
  [['plain', 7, null, true], 'plain,7,,true\r\n'],
  [['a,b', 'say "x"', 'two\nlines'], '"a,b","say ""x""","two\nlines"\r\n'],
  [['=1+1', '+61 400', '-', '@cmd', '\tx'], "'=1+1,'+61 400,'-,'@cmd,'\tx\r\n"],
  [['-12.50', -3], '-12.50,-3\r\n'],
  [[{ a: 1 }, ['=x']], '"{""a"":1}","[""=x""]"\r\n'],
])('writes %j', (values, line) => {
  expect(csvLine(values)).toBe(line);
});

it('never begins a cell as a formula does', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const cell = csvLine([text]).replace(/^"/, '');
      expect(/^[=@\t]/.test(cell) || /^[+-](?!\d+(\.\d+)?\r\n$)/.test(cell)).toBe(false);
    }),
  );
});
