import { expect, it } from 'vitest';
import { contactByNumber } from './contact-by-number.ts';
import type { ContactQuery, OrgClient } from './org-client.ts';
import type { WireContact } from './wire/contact.ts';
import { XeroRefusedError } from './xero-errors.ts';

/** How a Xero of these contacts is asked, which may refuse filters. */
function waysTo(numbers: readonly string[], refuses: 'filters' | 'nothing' = 'nothing') {
  const asked: (string | undefined)[] = [];
  const contacts = numbers.map((number) => ({ ContactNumber: number }) as WireContact);
  const list = async ({ where, searchTerm }: ContactQuery) => {
    asked.push(where ?? searchTerm);
    if (refuses === 'filters') throw new XeroRefusedError(400, []);
    return { rows: contacts, page: 1, pageCount: 1, itemCount: null, unreadable: [] };
  };
  const at = async (path: string) => {
    asked.push(path);
    const number = decodeURIComponent(path.slice('/Contacts/'.length));
    return contacts.find(({ ContactNumber }) => ContactNumber === number) ?? null;
  };
  return { ways: { list: list as OrgClient['contacts'], at }, asked };
}

it.each([
  ['L00012', '/Contacts/L00012'],
  ['Kim 7_b.c-d', '/Contacts/Kim%207_b.c-d'],
  ['K/1', 'ContactNumber=="K/1"'],
  ['50%', 'ContactNumber=="50%"'],
  ['É1', 'ContactNumber=="É1"'],
  ['..', 'ContactNumber==".."'],
  ['K1.', 'ContactNumber=="K1."'],
  ['Say "5"', 'Say "5"'],
  ['C:\\4', 'C:\\4'],
])('asks for %s where its signs do no harm', async (number, question) => {
  const { ways, asked } = waysTo(['X-1', number]);
  expect((await contactByNumber(ways, number))?.ContactNumber).toBe(number);
  expect(asked).toEqual([question]);
});

it('asks at an address after all where Xero refuses filters, unless none can be made', async () => {
  const slash = waysTo(['K/1'], 'filters');
  expect((await contactByNumber(slash.ways, 'K/1'))?.ContactNumber).toBe('K/1');
  expect(slash.asked.at(-1)).toBe('/Contacts/K%2F1');
  const dots = waysTo(['..'], 'filters');
  expect(await contactByNumber(dots.ways, '..')).toBeNull();
  expect(dots.asked).toHaveLength(1);
});

it('takes nobody who bears another number', async () => {
  expect(await contactByNumber(waysTo(['K1']).ways, 'K/1')).toBeNull();
});
