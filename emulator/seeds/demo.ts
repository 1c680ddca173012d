import type { Act } from '../accounting/api-call.ts';
import type { Books } from '../accounting/books.ts';
import { blankDocument } from '../accounting/document-input.ts';
import { nextNumber } from '../accounting/invoice-acts.ts';
import { bookPayment } from '../accounting/ledger.ts';
import { sumLines } from '../accounting/lines.ts';
import type { Contact, Document, Organisation } from '../accounting/model.ts';
import type { Account } from '../accounting/settings-model.ts';
import { addDays } from '../core/dates.ts';
import { seededIds, seededRandom } from '../core/ids.ts';
import type { World } from '../core/world.ts';
import {
  COURSES,
  FAMILY_NAMES,
  FIRM_ENDINGS,
  FIRMS,
  GIVEN_NAMES,
  PLACES,
  STREETS,
} from './names.ts';

/** Seeded rows keep this moment, as the rows of Xero's own demo company do. */
const SEEDED_AT_MS = Date.UTC(2010, 0, 4, 9, 30);
const CONTACTS_AN_ORGANISATION = 40;
const INVOICES_AN_ORGANISATION = 30;

/** Fills every organisation with contacts and invoices that follow from the seed number. */
export function seedDemo(world: World, seed: number): void {
  for (const [i, organisation] of world.registry.organisations.all().entries()) {
    const books = world.books(organisation.id);
    if (books) fillBooks(world, books, organisation, seed * 100 + i);
  }
}

function fillBooks(world: World, books: Books, organisation: Organisation, seed: number): void {
  const random = seededRandom(seed);
  const ids = seededIds(seed + 7919);
  const act: Act = {
    ...world,
    books,
    ids,
    baseUrl: '',
    appId: undefined,
    userName: 'System Generated',
  };
  const country = organisation.countryCode;
  const contacts: Contact[] = [];
  for (let i = 0; i < CONTACTS_AN_ORGANISATION; i++) {
    const contact = seedContact(books, country, i, random, ids.uuid());
    if (contact) contacts.push(contact);
  }
  for (let i = 0; i < INVOICES_AN_ORGANISATION; i++)
    seedInvoice(act, pick(contacts, random), random);
}

function seedContact(
  books: Books,
  country: Organisation['countryCode'],
  position: number,
  random: () => number,
  id: string,
): Contact | undefined {
  const isFirm = position % 4 === 3;
  const given = pick(GIVEN_NAMES, random);
  const family = pick(FAMILY_NAMES, random);
  const firm = `${pick(FIRMS, random)} ${FIRM_ENDINGS[country]}`;
  const name = isFirm ? firm : `${given} ${family}`;
  const key = name.toLowerCase();
  if (books.contacts.find('name', key).length > 0) return undefined;
  const mail = `${given}.${family}`
    .normalize('NFD')
    .replace(/[^A-Za-z.]/g, '')
    .toLowerCase();
  const [city = '', region = '', postalCode = ''] = pick<readonly string[]>(
    PLACES[country],
    random,
  );
  const street = `${1 + Math.floor(random() * 180)} ${pick(STREETS, random)}`;
  const contact: Contact = {
    id,
    name,
    number: undefined,
    accountNumber: undefined,
    firstName: isFirm ? undefined : given,
    lastName: isFirm ? undefined : family,
    companyNumber: undefined,
    email: random() < 0.85 ? `${mail}@example.com` : '',
    status: position % 19 === 18 ? 'ARCHIVED' : 'ACTIVE',
    taxNumber: undefined,
    salesTaxType: undefined,
    purchasesTaxType: undefined,
    defaultCurrency: undefined,
    bankAccountDetails: '',
    phones:
      random() < 0.6
        ? {
            MOBILE: {
              number: String(400_000_000 + Math.floor(random() * 99_999_999)),
              areaCode: '',
              countryCode: '',
            },
          }
        : {},
    addresses: {
      STREET: {
        lines: [street, '', '', ''],
        city,
        region,
        postalCode,
        country: '',
        attentionTo: '',
      },
    },
    persons: [],
    salesTerms: undefined,
    billsTerms: undefined,
    isCustomer: false,
    isSupplier: false,
    mergedToId: undefined,
    createdByApp: undefined,
    updatedAtMs: SEEDED_AT_MS,
  };
  books.contacts.put(contact, 'seed');
  return contact.status === 'ACTIVE' ? contact : undefined;
}

function seedInvoice(act: Act, contact: Contact, random: () => number): void {
  const { books } = act;
  const day = addDays(act.clock.today(), -Math.floor(random() * 300));
  const number = nextNumber('INV', books.invoices.size, (one) =>
    books.invoices.find('number', one),
  );
  const blank = blankDocument(act, {
    kind: 'invoice',
    type: 'ACCREC',
    contactId: contact.id,
    number,
  });
  const fee = 5_000 + Math.floor(random() * 200) * 1_000;
  const line = {
    id: act.ids.uuid(),
    description: pick(COURSES, random),
    quantity: 10_000,
    unitAmount: fee * 100,
    itemCode: undefined,
    accountCode: '210',
    taxType: books.accounts.find('code', '210')[0]?.taxType,
    discountRate: undefined,
    discountCents: undefined,
    tracking: [],
    amount: undefined,
    tax: undefined,
  };
  const invoice: Document = {
    ...blank,
    ...sumLines(books, [line], 'Exclusive'),
    status: random() < 0.15 ? 'DRAFT' : 'AUTHORISED',
    day,
    dueDay: addDays(day, 14),
    updatedAtMs: SEEDED_AT_MS,
  };
  books.invoices.put(invoice, 'seed');
  books.contacts.put({ ...(books.contacts.get(contact.id) ?? contact), isCustomer: true }, 'quiet');
  const share = random();
  if (invoice.status === 'AUTHORISED' && share < 0.6) {
    seedPayment(act, invoice, share < 0.45 ? invoice.total : Math.floor(invoice.total / 2));
  }
}

function seedPayment(act: Act, invoice: Document, amount: number): void {
  const bank: Account | undefined = act.books.accounts.find('code', '090')[0];
  if (!bank) return;
  bookPayment(
    act.books,
    {
      id: act.ids.uuid(),
      docKind: 'invoice',
      docId: invoice.id,
      type: 'ACCRECPAYMENT',
      accountId: bank.id,
      day: earlier(addDays(invoice.day, 10), act.clock.today()),
      amount,
      rate: invoice.rate,
      reference: '',
      isReconciled: false,
      status: 'AUTHORISED',
      batchId: undefined,
      createdByApp: undefined,
      updatedAtMs: SEEDED_AT_MS,
    },
    SEEDED_AT_MS,
  );
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

function pick<T>(list: readonly T[], random: () => number): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}
