import { afterAll, beforeAll, expect, it } from 'vitest';
import { DOCUMENT_KINDS, documentsOf } from '../accounting/books.ts';
import { settled } from '../accounting/ledger.ts';
import { operations } from '../accounting/operations.ts';
import { ORGANISATION_IDS } from '../seeds/identity.ts';
import type { Emulator } from '../server.ts';
import { obtainTokens, startEmulator } from '../testing.ts';
import { Oddities } from './oddities.ts';
import { samplesOf } from './samples.ts';

/** Requests an operation; EMULATOR_FUZZ=500 takes minutes. */
const REQUESTS_EACH = Number(process.env.EMULATOR_FUZZ ?? 8);
const SEED = 20261122;

let emulator: Emulator;
let headers: Record<string, string>;
let known: Record<string, readonly string[]>;
beforeAll(async () => {
  emulator = await startEmulator({ seed: { number: 3, contacts: 100, invoices: 200 } });
  emulator.control.limits.numbers.appMinute = 1_000_000_000;
  emulator.control.switches.sentinelNames = false;
  const { access_token } = await obtainTokens(emulator);
  headers = {
    authorization: `Bearer ${access_token}`,
    'xero-tenant-id': ORGANISATION_IDS.au,
    accept: 'application/json',
  };
  const { books } = emulator.control.bookkeeper();
  const idsOf = (rows: { all(): readonly { id: string }[] }) =>
    rows
      .all()
      .slice(0, 5)
      .map((row) => row.id);
  known = {
    Contact: idsOf(books.contacts),
    Invoice: idsOf(books.invoices),
    CreditNote: idsOf(books.creditNotes),
    Prepayment: idsOf(books.prepayments),
    Overpayment: idsOf(books.overpayments),
    Payment: idsOf(books.payments),
    Account: idsOf(books.accounts),
    BankTransaction: idsOf(books.bankTransactions),
    BatchPayment: idsOf(books.batchPayments),
    Item: idsOf(books.items),
    TrackingCategory: idsOf(books.trackingCategories),
    ManualJournal: idsOf(books.manualJournals),
    ContactGroup: idsOf(books.contactGroups),
  };
});
afterAll(() => emulator.close());

it('answers bad input of every kind without a crash and without a 500', async () => {
  const odd = new Oddities(SEED, Object.values(known).flat());
  const failures: string[] = [];
  let asked = 0;
  for (const operation of operations) {
    for (let i = 0; i < REQUESTS_EACH; i++) {
      const path = operation.path.replace(/:(\w+)/g, (_, name: string) => {
        const ids = known[name.replace(/ID$/, '')] ?? [];
        const id = ids.length > 0 && odd.chance(0.6) ? odd.pick(ids) : odd.text();
        return encodeURIComponent(id || 'x');
      });
      const hasBody = operation.method === 'PUT' || operation.method === 'POST';
      const body = odd.body(samplesOf(operation.path, known));
      const url = `${emulator.url}/api.xro/2.0${path}?${odd.query()}`;
      const response = await fetch(url, {
        method: operation.method,
        headers: hasBody ? { ...headers, 'content-type': 'application/json' } : headers,
        ...(hasBody ? { body } : {}),
      });
      await response.arrayBuffer();
      asked++;
      if (response.status >= 500)
        failures.push(`${operation.method} ${url} ${body} -> ${response.status}`);
    }
  }
  expect(failures.slice(0, 5)).toEqual([]);
  expect(asked).toBe(operations.length * REQUESTS_EACH);
  expect((await fetch(`${emulator.url}/desk`)).status).toBe(200);
  const { books } = emulator.control.bookkeeper();
  for (const kind of DOCUMENT_KINDS) {
    for (const document of documentsOf(books, kind).all()) {
      expect(settled(books, document)).toEqual(document);
      for (const sum of [document.subTotal, document.totalTax, document.total, document.paid]) {
        expect(Number.isSafeInteger(sum)).toBe(true);
      }
    }
  }
}, 600_000);
