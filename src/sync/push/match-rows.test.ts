import { expect, it } from 'vitest';
import type { RowOutcome, WireContact } from '#xero/index';
import type { ContactFields } from './contact-mapping.ts';
import { keyOfNew, keyOfNewRow, matchRows } from './match-rows.ts';

type Row = RowOutcome<WireContact>;
const fields = { contactNumber: null, name: '', email: null } as ContactFields;
const contact = (given: Partial<WireContact>) =>
  ({
    ContactNumber: null,
    Name: '',
    EmailAddress: null,
    Phones: [],
    Addresses: [],
    ...given,
  }) as WireContact;
const made = (given: Partial<WireContact>): Row => ({ ok: true, row: contact(given) });
const refused = (row: WireContact | null): Row => ({ ok: false, messages: ['No.'], row });
const byNew = { item: keyOfNew, row: keyOfNewRow };

it('knows contacts that were made by their number, in whatever order they come', () => {
  const items = ['L-1', 'L-2', 'l 3'].map((contactNumber) => ({ ...fields, contactNumber }));
  const [first, second, third] = ['L-1', 'L-2', 'L  3'].map((ContactNumber) =>
    made({ ContactNumber }),
  ) as [Row, Row, Row];
  const sorry = refused(contact({ ContactNumber: 'L-2' }));
  expect(matchRows(items, [third, first, second], byNew)).toEqual([first, second, third]);
  expect(matchRows(items, [sorry, third, first], byNew)).toEqual([first, sorry, third]);
});

it('knows those without a number by name and e-mail address', () => {
  const items = [
    { ...fields, name: 'Ana Lima', email: 'ana@x.example' },
    { ...fields, name: 'Ana Lima', email: null },
  ];
  const one = made({ Name: 'Ana Lima', EmailAddress: 'Ana@x.example' });
  const other = made({ Name: 'ANA LIMA' });
  expect(matchRows(items, [other, one], byNew)).toEqual([one, other]);
});

it('takes no row for somebody else, and none of two that name the same', () => {
  const items = ['L-1', 'L-2'].map((contactNumber) => ({ ...fields, contactNumber }));
  const [one, two] = [made({ ContactNumber: 'L-1' }), made({ ContactNumber: 'L-9' })];
  expect(matchRows(items, [two, one], byNew)).toEqual([one, null]);
  expect(matchRows(items, [one, one], byNew)).toEqual([null, null]);
  expect(matchRows(items, [], byNew)).toEqual([null, null]);
});

it('takes a refusal without a name for whoever alone is left', () => {
  const items = ['L-1', 'L-2'].map((contactNumber) => ({ ...fields, contactNumber }));
  const [one, sorry] = [made({ ContactNumber: 'L-1' }), refused(null)];
  expect(matchRows(items, [sorry, one], byNew)).toEqual([one, sorry]);
  expect(matchRows(items, [sorry, sorry], byNew)).toEqual([null, null]);
  expect(matchRows(items, [made({ ContactNumber: 'L-7' }), sorry], byNew)).toEqual([null, null]);
});
