import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#platform/app-error';
import { readMap, writeMap } from './map-rows.ts';

const contactId = 'b3c0b38d-acea-453b-9ec3-e880d8559b6b';
const row = (contactName: string, reasons = 'same name') => ({
  learnerNumber: 'L00001',
  learnerName: 'Kim Lee',
  contactId,
  contactName,
  decision: 'link' as const,
  reasons,
  rowVersion: 3,
});
const linked = { learnerNumber: 'L00001', decision: 'link', contactId };

describe('a map that was exported', () => {
  it.each(['Lee; Kim', 'Foo;', ';;;', 'Lee\tKim', 'a "b"; c', 'Two\nlines', '=1+1', '-;-'])(
    'is read again as it was with a contact called %j',
    (name) => {
      const { rows, faults } = readMap(writeMap([row(name), { ...row(name), reasons: '' }]));
      expect(rows).toMatchObject([{ ...linked, rowVersion: 3 }]);
      expect(faults).toMatchObject([{ reason: expect.stringContaining('already') }]);
    },
  );

  it('is read again as it was, whatever names and reasons say', () => {
    const text = fc.string({ unit: fc.constantFrom(...'aB ;,\t"\'\n\r=@-é') });
    const decision = fc.constantFrom('link', 'create', 'leave-out', null);
    const made = fc.record({ learnerName: text, contactName: text, reasons: text, decision });
    fc.assert(
      fc.property(fc.array(made, { maxLength: 5 }), (some) => {
        const rows = some.map((one, at) => ({
          ...one,
          learnerNumber: `L${at}`,
          rowVersion: at + 1,
          contactId: one.decision === 'link' ? contactId : null,
        }));
        const { rows: read, faults } = readMap(writeMap(rows));
        expect(faults).toEqual([]);
        expect(read.map(({ line: _, ...rest }) => rest)).toEqual(
          rows.map((one) => ({
            learnerNumber: one.learnerNumber,
            decision: one.decision,
            contactId: one.contactId,
            rowVersion: one.rowVersion,
          })),
        );
      }),
    );
  });
});

describe('a map that a spreadsheet has saved', () => {
  it.each([
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['commas', ','],
  ])('may part its columns by %s', (_, sign) => {
    const csv = [
      ['Learner number', '"Contact, name"', 'Contact id', 'Decision'].join(sign),
      ['L00001', '"Lee, Kim; and Co"', contactId, 'link'].join(sign),
    ].join('\r\n');
    expect(readMap(`\uFEFF${csv}`)).toMatchObject({ rows: [linked], faults: [] });
  });

  it('may have the columns’ names in quotes', () => {
    const csv = `"Learner number";"Contact id";"Decision"\n"L00001";"${contactId}";"link"\n`;
    expect(readMap(csv)).toMatchObject({ rows: [linked], faults: [] });
  });

  it('has a version in rows that were handed out alone, and no other text there', () => {
    const head = 'Learner number,Decision,Contact id,Version';
    const { rows, faults } = readMap(
      [head, 'L1,create,,7', 'L2,create,,', 'L3,create,,x'].join('\n'),
    );
    expect(rows.map(({ rowVersion }) => rowVersion)).toEqual([7, null]);
    expect(faults).toMatchObject([{ line: 4, reason: expect.stringContaining('no version') }]);
  });

  it('names a row that has more or fewer cells than the header, and decides nothing by it', () => {
    const head = 'Learner number;Contact name;Decision;Contact id';
    const csv = [head, `L1;Foo;;link;${contactId}`, 'L2;Foo', `L3;Foo;link;${contactId}`];
    const { rows, faults } = readMap(csv.join('\n'));
    expect(rows).toMatchObject([{ learnerNumber: 'L3', decision: 'link' }]);
    expect(faults).toEqual([
      { line: 2, reason: 'It has 5 columns where the header has 4.' },
      { line: 3, reason: 'It has 2 columns where the header has 4.' },
    ]);
  });

  it('is refused in words where a column is missing', () => {
    expect(() => readMap('Learner number;Decision\nL1;create')).toThrow(AppError);
    expect(() => readMap('')).toThrow('Learner number, Contact id, Decision');
    expect(() => readMap('"Learner number')).toThrow(AppError);
  });
});
