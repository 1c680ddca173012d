import { seededRandom } from '../core/ids.ts';

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
export class Oddities {
  readonly #random: () => number;
  readonly #ids: readonly string[];

  /** `ids` are some that exist, so that a part of the requests finds what it asks for. */
  constructor(seed: number, ids: readonly string[]) {
    this.#random = seededRandom(seed);
    this.#ids = ids;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }

  text(): string {
    return this.#random() < 0.2 ? this.pick(this.#ids) : this.pick(ODD_TEXTS);
  }

  value(depth: number): unknown {
    const kind = Math.floor(this.#random() * (depth > 3 ? 6 : 9));
    if (kind === 0) return null;
    if (kind === 1) return this.#random() < 0.5;
    if (kind === 2)
      return this.pick([0, -1, 1e308, 1e-9, 0.1, 900000000, 123456789012345680000, 42]);
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

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  /** A sound body with some of its values replaced, or something that is no body at all. */
  body(sample: unknown): string {
    const sent = sample !== undefined && this.chance(0.6) ? this.#spoilt(sample) : this.value(0);
    const value = JSON.stringify(sent) ?? '';
    return this.#random() < 0.1 ? value.slice(0, Math.floor(value.length / 2)) : value;
  }

  /** Each value is replaced now and then, and fields that nobody asked for come in. */
  #spoilt(value: unknown): unknown {
    if (this.chance(0.06)) return this.value(2);
    if (Array.isArray(value)) return value.map((one) => this.#spoilt(one));
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value).map(([name, one]) => [name, this.#spoilt(one)]);
    if (this.chance(0.1)) fields.push([this.pick(FIELDS), this.value(3)]);
    return Object.fromEntries(fields);
  }
}
