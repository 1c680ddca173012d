import { afterAll, beforeAll, expect, it } from 'vitest';
import { operations } from '../accounting/operations.ts';
import { seededRandom } from '../core/ids.ts';
import { ORGANISATION_IDS } from '../seeds/identity.ts';
import type { Emulator } from '../server.ts';
import { obtainTokens, startEmulator } from '../testing.ts';

/** Requests an operation; EMULATOR_FUZZ=500 takes minutes. */
const REQUESTS_EACH = Number(process.env.EMULATOR_FUZZ ?? 8);
const SEED = 20261122;

let emulator: Emulator;
let headers: Record<string, string>;
let ids: string[];
beforeAll(async () => {
  emulator = await startEmulator({ seed: 3 });
  emulator.control.limits.numbers.appMinute = 1_000_000_000;
  emulator.control.switches.sentinelNames = false;
  const { access_token } = await obtainTokens(emulator);
  headers = {
    authorization: `Bearer ${access_token}`,
    'xero-tenant-id': ORGANISATION_IDS.au,
    accept: 'application/json',
  };
  const { books } = emulator.control.bookkeeper();
  ids = [books.contacts, books.invoices, books.payments, books.accounts].flatMap((rows) =>
    rows
      .all()
      .slice(0, 5)
      .map((row) => row.id),
  );
});
afterAll(() => emulator.close());

const FIELDS = [
  'Name',
  'Type',
  'Contact',
  'ContactID',
  'LineItems',
  'Date',
  'DueDate',
  'Status',
  'Amount',
  'Account',
  'Invoice',
  'InvoiceID',
  'Code',
  'Quantity',
  'UnitAmount',
  'Tracking',
  'Phones',
  'Addresses',
  'PaymentTerms',
  'Allocations',
  'Payments',
  'JournalLines',
  'CurrencyCode',
  'LineAmountTypes',
  'BankAccount',
  'TaxComponents',
  'Details',
  'Contacts',
  'Invoices',
  'LineAmount',
  'AccountCode',
  'TaxType',
  'ContactPersons',
  'SalesDetails',
  'CurrencyRate',
  'DiscountRate',
  'TaxAmount',
  '__proto__',
  'constructor',
];
const QUERIES = [
  'where',
  'order',
  'page',
  'pageSize',
  'IDs',
  'Statuses',
  'ContactIDs',
  'summarizeErrors',
  'searchTerm',
  'unitdp',
  'includeArchived',
  'summaryOnly',
  'InvoiceNumbers',
];
const ODD_TEXTS = [
  '',
  ' ',
  '"',
  "'",
  '<script>',
  '../..',
  '%00',
  '\u0000',
  '𝕏🙂',
  'null',
  'NaN',
  '-1',
  '1e400',
  '1e-400',
  '9'.repeat(400),
  '/Date(99999999999999999)/',
  '/Date(1)/',
  '2026-13-45',
  '9999-12-31',
  'DRAFT',
  'AUTHORISED',
  'VOIDED',
  'ACCREC',
  'ACCRECCREDIT',
  'RECEIVE-OVERPAYMENT',
  '200',
  '090',
  'AUD',
  'Guid("x")',
  'Name=="',
  '((((((((((',
  'Date>=DateTime(0,0,0)',
  'Name.Foo()',
  'Status=="PAID" AND !Name.Contains(null)',
  '-Total>-1',
  '!!!!Name',
  'Date ASC,,Date',
  'x'.repeat(5000),
];

/** Values, texts and shapes that no sane client sends, from one stream of numbers. */
class Oddities {
  readonly #random = seededRandom(SEED);

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }

  text(): string {
    return this.#random() < 0.2 ? this.pick(ids) : this.pick(ODD_TEXTS);
  }

  value(depth: number): unknown {
    const kind = Math.floor(this.#random() * (depth > 3 ? 6 : 9));
    if (kind === 0) return null;
    if (kind === 1) return this.#random() < 0.5;
    if (kind === 2) return this.pick([0, -1, 1e308, 1e-9, 0.1, 123456789012345680000, 42]);
    if (kind <= 5) return this.text();
    if (kind === 6)
      return Array.from({ length: Math.floor(this.#random() * 4) }, () => this.value(depth + 1));
    const fields = Array.from({ length: Math.floor(this.#random() * 6) }, () => [
      this.pick(FIELDS),
      this.value(depth + 1),
    ]);
    return Object.fromEntries(fields);
  }

  query(): string {
    const pairs = Array.from({ length: Math.floor(this.#random() * 3) }, () => [
      this.pick(QUERIES),
      this.text(),
    ]);
    return new URLSearchParams(pairs as [string, string][]).toString();
  }

  body(): string {
    const value = JSON.stringify(this.value(0)) ?? '';
    return this.#random() < 0.1 ? value.slice(0, Math.floor(value.length / 2)) : value;
  }
}

it('answers bad input of every kind without a crash and without a 500', async () => {
  const odd = new Oddities();
  const failures: string[] = [];
  let asked = 0;
  for (const operation of operations) {
    for (let i = 0; i < REQUESTS_EACH; i++) {
      const path = operation.path.replace(/:\w+/g, () => encodeURIComponent(odd.text() || 'x'));
      const hasBody = operation.method === 'PUT' || operation.method === 'POST';
      const body = odd.body();
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
}, 600_000);
