import { afterEach, describe, expect, it } from 'vitest';
import { DOCUMENT_KINDS, documentsOf } from '../accounting/books.ts';
import { settled } from '../accounting/ledger.ts';
import { createEmulator, type Emulator, type EmulatorOptions } from '../server.ts';
import { fixedClock } from '../testing.ts';
import { ORGANISATION_IDS } from './identity.ts';

const running: Emulator[] = [];
afterEach(async () => {
  for (const emulator of running.splice(0)) await emulator.close();
});

async function seeded(seed: NonNullable<EmulatorOptions['seed']>): Promise<Emulator> {
  const emulator = await createEmulator({ seed, clock: fixedClock() });
  running.push(emulator);
  return emulator;
}

function picture(emulator: Emulator): string {
  return Object.values(ORGANISATION_IDS)
    .map((id) => emulator.control.bookkeeper(id).books)
    .map((books) =>
      JSON.stringify([
        books.contacts.all(),
        books.invoices.all(),
        books.payments.all(),
        books.accounts.all(),
        books.brandingThemes.all(),
      ]),
    )
    .join('\n');
}

describe('seeds', () => {
  it('give the same books for the same number, other books for another', async () => {
    const [a, b, c] = [await seeded(7), await seeded(7), await seeded(8)].map(picture);
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });

  it('look like life: twins, merged, archived, odd and long names, every kind of paper', async () => {
    const { books } = (await seeded('life')).control.bookkeeper();
    const contacts = books.contacts.all();
    expect(contacts).toHaveLength(400);
    expect(contacts.some((one) => one.name.length === 255)).toBe(true);
    expect(contacts.some((one) => one.status === 'ARCHIVED' && !one.mergedToId)).toBe(true);
    expect(
      contacts.some((one) => books.contacts.get(one.mergedToId ?? '')?.status === 'ACTIVE'),
    ).toBe(true);
    expect(contacts.some((one) => / \(\d+\)$/.test(one.name))).toBe(true);
    expect(contacts.some((one) => /[^\x20-\x7e]/.test(one.name))).toBe(true);
    const statuses = new Set(books.invoices.all().map((one) => `${one.type} ${one.status}`));
    for (const status of ['DRAFT', 'AUTHORISED', 'PAID', 'VOIDED', 'DELETED']) {
      expect(statuses).toContain(`ACCREC ${status}`);
    }
    expect(statuses).toContain('ACCPAY PAID');
    expect(books.creditNotes.size).toBeGreaterThan(20);
    expect(books.repeatingInvoices.size).toBe(5);
    const children = books.invoices.all().filter((one) => one.repeatingInvoiceId);
    expect(children.length).toBeGreaterThan(5);
    for (const advances of [books.overpayments, books.prepayments]) {
      expect(advances.size).toBe(25);
      expect(advances.all().some((one) => one.credited > 0)).toBe(true);
      expect(advances.all().some((one) => one.credited === 0)).toBe(true);
    }
    const days = books.invoices
      .all()
      .map((one) => one.day)
      .sort();
    expect(Number(days.at(-1)?.slice(0, 4)) - Number(days[0]?.slice(0, 4))).toBeGreaterThanOrEqual(
      2,
    );
  });

  it('keep the rules of the books: unique active names and numbers, sums that follow', async () => {
    const { books } = (await seeded('life')).control.bookkeeper(ORGANISATION_IDS.nz);
    const active = books.contacts.all().filter((one) => one.status === 'ACTIVE');
    expect(new Set(active.map((one) => one.name.toLowerCase())).size).toBe(active.length);
    const sales = books.invoices.all().filter((one) => one.type === 'ACCREC');
    expect(new Set(sales.map((one) => one.number)).size).toBe(sales.length);
    for (const kind of DOCUMENT_KINDS) {
      for (const document of documentsOf(books, kind).all()) {
        expect(settled(books, document)).toEqual(document);
      }
    }
  });

  it('come in any size', async () => {
    const { books } = (await seeded({ contacts: 3, invoices: 11 })).control.bookkeeper();
    expect([books.contacts.size, books.invoices.size]).toEqual([3, 11]);
  });
});
