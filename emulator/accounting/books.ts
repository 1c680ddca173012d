import type { Collection } from '../core/collection.ts';
import type { Store } from '../core/store.ts';
import type {
  Allocation,
  BankTransaction,
  BatchPayment,
  Contact,
  Document,
  DocumentKind,
  Organisation,
  Payment,
} from './model.ts';
import type {
  Account,
  Attachment,
  BrandingTheme,
  ContactGroup,
  Currency,
  HistoryRecord,
  Item,
  MailDay,
  ManualJournal,
  RepeatingInvoice,
  TaxRate,
  TrackingCategory,
} from './settings-model.ts';

/** Everything that one organisation keeps. */
export interface Books {
  readonly orgId: string;
  readonly organisation: () => Organisation;
  readonly contacts: Collection<Contact>;
  readonly invoices: Collection<Document>;
  readonly creditNotes: Collection<Document>;
  readonly prepayments: Collection<Document>;
  readonly overpayments: Collection<Document>;
  readonly payments: Collection<Payment>;
  readonly allocations: Collection<Allocation>;
  readonly accounts: Collection<Account>;
  readonly taxRates: Collection<TaxRate>;
  readonly currencies: Collection<Currency>;
  readonly contactGroups: Collection<ContactGroup>;
  readonly trackingCategories: Collection<TrackingCategory>;
  readonly history: Collection<HistoryRecord>;
  readonly items: Collection<Item>;
  readonly attachments: Collection<Attachment>;
  readonly repeatingInvoices: Collection<RepeatingInvoice>;
  readonly manualJournals: Collection<ManualJournal>;
  readonly brandingThemes: Collection<BrandingTheme>;
  readonly batchPayments: Collection<BatchPayment>;
  readonly bankTransactions: Collection<BankTransaction>;
  readonly mailDays: Collection<MailDay>;
}

/** Opens an organisation's collections and the lookups that the rules need. */
export function openBooks(store: Store, orgId: string): Books {
  const own = <T extends { readonly id: string }>(name: string) =>
    store.collection<T>(`${orgId}/${name}`);
  const organisations = store.collection<Organisation>('organisations');
  const books: Books = {
    orgId,
    organisation: () => {
      const organisation = organisations.get(orgId);
      if (!organisation) throw new Error(`no organisation ${orgId}`);
      return organisation;
    },
    contacts: own<Contact>('contacts'),
    invoices: own<Document>('invoices'),
    creditNotes: own<Document>('creditNotes'),
    prepayments: own<Document>('prepayments'),
    overpayments: own<Document>('overpayments'),
    payments: own<Payment>('payments'),
    allocations: own<Allocation>('allocations'),
    accounts: own<Account>('accounts'),
    taxRates: own<TaxRate>('taxRates'),
    currencies: own<Currency>('currencies'),
    contactGroups: own<ContactGroup>('contactGroups'),
    trackingCategories: own<TrackingCategory>('trackingCategories'),
    history: own<HistoryRecord>('history'),
    items: own<Item>('items'),
    attachments: own<Attachment>('attachments'),
    repeatingInvoices: own<RepeatingInvoice>('repeatingInvoices'),
    manualJournals: own<ManualJournal>('manualJournals'),
    brandingThemes: own<BrandingTheme>('brandingThemes'),
    batchPayments: own<BatchPayment>('batchPayments'),
    bankTransactions: own<BankTransaction>('bankTransactions'),
    mailDays: own<MailDay>('mailDays'),
  };
  books.contacts.addIndex('name', (contact) => nameKey(contact.name));
  books.contacts.addIndex('number', (contact) => contact.number?.toLowerCase());
  books.accounts.addIndex('code', (account) => account.code.toLowerCase() || undefined);
  books.taxRates.addIndex('taxType', (rate) => rate.taxType.toLowerCase());
  for (const documents of [books.invoices, books.creditNotes]) {
    documents.addIndex('number', (document) => document.number.toLowerCase() || undefined);
  }
  for (const kind of DOCUMENT_KINDS) {
    documentsOf(books, kind).addIndex('contact', (document) => document.contactId);
  }
  books.items.addIndex('code', (item) => item.code.toLowerCase());
  books.attachments.addIndex('subject', (attachment) => attachment.subjectId);
  books.history.addIndex('subject', (record) => record.subjectId);
  return books;
}

export const DOCUMENT_KINDS = ['invoice', 'creditNote', 'prepayment', 'overpayment'] as const;

/** The collection in which documents of that kind lie. */
export function documentsOf(books: Books, kind: DocumentKind): Collection<Document> {
  switch (kind) {
    case 'invoice':
      return books.invoices;
    case 'creditNote':
      return books.creditNotes;
    case 'prepayment':
      return books.prepayments;
    case 'overpayment':
      return books.overpayments;
  }
}

/** Names are compared without case; recorded: a search in other letters finds the contact. */
export function nameKey(name: string): string {
  return name.trim().toLowerCase();
}

/** The account with that code or id, whatever its status. */
export function findAccount(books: Books, codeOrId: string): Account | undefined {
  return books.accounts.find('code', codeOrId.toLowerCase())[0] ?? books.accounts.get(codeOrId);
}

/** The tax rate of that type, whatever its status. */
export function findTaxRate(books: Books, taxType: string): TaxRate | undefined {
  return books.taxRates.find('taxType', taxType.toLowerCase())[0];
}
