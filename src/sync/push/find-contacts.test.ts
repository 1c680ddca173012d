import { describe, expect, it } from 'vitest';
import { foldNumber } from '#platform/folding';
import {
  type ContactQuery,
  type OrgClient,
  type WireContact,
  XeroBusyError,
  XeroDownError,
  XeroRefusedError,
} from '#xero/index';
import { findByNumbers, findChangedSince } from './find-contacts.ts';

const since = new Date('2026-03-02T01:00:00Z');
const later = new Date('2026-03-02T01:01:00Z');
const tooMuch = new XeroDownError('Too slow.', later, { isTooMuch: true });
const busy = new XeroBusyError('minute', later);

const contactOf = (number: string) => ({ ContactNumber: number }) as WireContact;
const numbersTo = (count: number) => Array.from({ length: count }, (_, at) => `L${at}`);

/** A Xero of these contacts, the latest first, and what it makes of each call. */
function xeroOf(numbers: readonly string[], meet: (query: ContactQuery, call: number) => unknown) {
  const asked: ContactQuery[] = [];
  const alone: string[] = [];
  const refuse = (query: ContactQuery) => {
    const failure = meet(query, asked.length + alone.length);
    if (failure) throw failure;
  };
  const client = {
    async contacts(query: ContactQuery) {
      asked.push(query);
      refuse(query);
      const { where, page = 1, pageSize = 100 } = query;
      const asks = (number: string) => foldNumber(where ?? '').includes(`"${foldNumber(number)}"`);
      const found = numbers.filter((number) => !where || asks(number));
      const rows = found.slice((page - 1) * pageSize, page * pageSize).map(contactOf);
      const pageCount = Math.max(1, Math.ceil(found.length / pageSize));
      return { rows, page, pageCount, itemCount: found.length, unreadable: [] };
    },
    async contactByNumber(number: string) {
      alone.push(number);
      refuse({});
      return numbers.includes(number) ? contactOf(number) : null;
    },
  };
  return { client: client as unknown as OrgClient, asked, alone };
}

describe('what is new since an answer was lost', () => {
  const sizesOf = (asked: ContactQuery[]) => asked.map(({ page, pageSize }) => [page, pageSize]);

  it('is one page where Xero is quick', async () => {
    const { client, asked } = xeroOf(numbersTo(1_200), () => null);
    expect((await findChangedSince(client, since)).size).toBe(1_000);
    expect(sizesOf(asked)).toEqual([[1, 1_000]]);
  });

  it('is read by smaller pages where one is too much, as far and no further', async () => {
    const slow = ({ pageSize = 100 }: ContactQuery) => (pageSize > 250 ? tooMuch : null);
    const many = xeroOf(numbersTo(1_200), slow);
    expect((await findChangedSince(many.client, since)).size).toBe(1_000);
    const parts = [1, 2, 3, 4].map((page) => [page, 250]);
    expect(sizesOf(many.asked)).toEqual([[1, 1_000], ...parts]);
    const few = xeroOf(numbersTo(300), slow);
    expect((await findChangedSince(few.client, since)).size).toBe(300);
    expect(few.asked).toHaveLength(3);
  });

  it('is what could be read, nobody at worst, where smaller pages are too much as well', async () => {
    const second = xeroOf(numbersTo(900), ({ pageSize, page }) =>
      pageSize === 1_000 || page === 2 ? tooMuch : null,
    );
    expect((await findChangedSince(second.client, since)).size).toBe(250);
    const none = xeroOf(numbersTo(900), () => tooMuch);
    expect((await findChangedSince(none.client, since)).size).toBe(0);
    expect(none.asked).toHaveLength(2);
  });

  it('is not known where Xero fails for another reason', async () => {
    const down = new XeroDownError('Xero answered 500.', later);
    await expect(findChangedSince(xeroOf([], () => down).client, since)).rejects.toBe(down);
  });
});

describe('contacts by number', () => {
  it('are known though Xero, blind to accents, spells the number otherwise', async () => {
    const { client, asked, alone } = xeroOf(['E1', 'L-2', 'l-3'], () => null);
    const byAddress = client.contactByNumber;
    client.contactByNumber = async (number) =>
      number === 'É1' ? contactOf('E1') : byAddress(number);
    const found = await findByNumbers(client, ['É1', 'L-2', 'L-3']);
    expect(asked[0]?.where).not.toContain('É1');
    const numbers = ['É1', 'L-2', 'L-3'].map((number) => found.get(foldNumber(number)));
    expect(numbers.map((contact) => contact?.ContactNumber)).toEqual(['E1', 'L-2', 'l-3']);
    expect(alone).toEqual([]);
  });

  it('are those of the very spelling where there are several', async () => {
    const { client } = xeroOf(['É1', 'E1', 'L-2'], () => null);
    const found = await findByNumbers(client, ['E1', 'L-2']);
    expect(found.get('e1')?.ContactNumber).toBe('E1');
  });

  it('that changed of late count only where one alone has the number', async () => {
    const found = await findChangedSince(xeroOf(['É1', 'E1', 'L-2'], () => null).client, since);
    expect([...found.keys()]).toEqual(['l-2']);
  });

  const wanted = numbersTo(70);

  it('come twenty a call, and null for those that are not there', async () => {
    const { client, asked } = xeroOf(wanted.slice(0, 30), () => null);
    const found = await findByNumbers(client, wanted);
    expect(asked).toHaveLength(4);
    expect(found.size).toBe(70);
    expect([...found.values()].filter((contact) => contact === null)).toHaveLength(40);
  });

  it.each([
    ['takes too long over the filter', tooMuch],
    ['refuses it', new XeroRefusedError(404, [])],
  ])('come one by one where Xero %s, some an act', async (_, failure) => {
    const { client, asked, alone } = xeroOf(wanted, ({ where }) => where && failure);
    expect((await findByNumbers(client, wanted)).size).toBe(20);
    expect([asked.length, alone.length]).toEqual([1, 20]);
  });

  it.each([
    ['the filter', numbersTo(70), 40],
    ['the numbers that go alone', numbersTo(5).map((number) => `${number}"`), 2],
  ])('that are known are kept when a later call of %s fails', async (_, numbers, known) => {
    const third = (_query: ContactQuery, call: number) => (call === 3 ? busy : null);
    expect((await findByNumbers(xeroOf(numbers, third).client, numbers)).size).toBe(known);
  });

  it('fail where the first call does', async () => {
    await expect(findByNumbers(xeroOf(wanted, () => busy).client, wanted)).rejects.toBe(busy);
  });
});
