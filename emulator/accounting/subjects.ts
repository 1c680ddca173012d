import type { Row } from '../core/collection.ts';
import type { ApiCall } from './api-call.ts';
import { notFound } from './api-error.ts';
import type { Books } from './books.ts';

/** Papers that have a history and files beside them, with the ids of the official description. */
export interface Subject {
  readonly path: string;
  readonly idName: string;
  readonly rows: (books: Books) => { get(id: string): Row | undefined };
  readonly history: readonly [read: string, write: string] | undefined;
  readonly attachments:
    | readonly [list: string, byId: string, byName: string, update: string, create: string]
    | undefined;
}

function files(name: string): Subject['attachments'] {
  return [
    `get${name}Attachments`,
    `get${name}AttachmentById`,
    `get${name}AttachmentByFileName`,
    `update${name}AttachmentByFileName`,
    `create${name}AttachmentByFileName`,
  ];
}

export const SUBJECTS: readonly Subject[] = [
  {
    path: '/Invoices',
    idName: 'InvoiceID',
    rows: (books) => books.invoices,
    history: ['getInvoiceHistory', 'createInvoiceHistory'],
    attachments: files('Invoice'),
  },
  {
    path: '/CreditNotes',
    idName: 'CreditNoteID',
    rows: (books) => books.creditNotes,
    history: ['getCreditNoteHistory', 'createCreditNoteHistory'],
    attachments: files('CreditNote'),
  },
  {
    path: '/Contacts',
    idName: 'ContactID',
    rows: (books) => books.contacts,
    history: ['getContactHistory', 'createContactHistory'],
    attachments: files('Contact'),
  },
  {
    path: '/BankTransactions',
    idName: 'BankTransactionID',
    rows: (books) => books.bankTransactions,
    history: ['getBankTransactionsHistory', 'createBankTransactionHistoryRecord'],
    attachments: files('BankTransaction'),
  },
  {
    path: '/ManualJournals',
    idName: 'ManualJournalID',
    rows: (books) => books.manualJournals,
    history: ['getManualJournalsHistory', 'createManualJournalHistoryRecord'],
    attachments: files('ManualJournal'),
  },
  {
    path: '/RepeatingInvoices',
    idName: 'RepeatingInvoiceID',
    rows: (books) => books.repeatingInvoices,
    history: ['getRepeatingInvoiceHistory', 'createRepeatingInvoiceHistory'],
    attachments: files('RepeatingInvoice'),
  },
  {
    path: '/Accounts',
    idName: 'AccountID',
    rows: (books) => books.accounts,
    history: undefined,
    attachments: files('Account'),
  },
  {
    path: '/Payments',
    idName: 'PaymentID',
    rows: (books) => books.payments,
    history: ['getPaymentHistory', 'createPaymentHistory'],
    attachments: undefined,
  },
  {
    path: '/BatchPayments',
    idName: 'BatchPaymentID',
    rows: (books) => books.batchPayments,
    history: ['getBatchPaymentHistory', 'createBatchPaymentHistoryRecord'],
    attachments: undefined,
  },
  {
    path: '/Prepayments',
    idName: 'PrepaymentID',
    rows: (books) => books.prepayments,
    history: ['getPrepaymentHistory', 'createPrepaymentHistory'],
    attachments: undefined,
  },
  {
    path: '/Overpayments',
    idName: 'OverpaymentID',
    rows: (books) => books.overpayments,
    history: ['getOverpaymentHistory', 'createOverpaymentHistory'],
    attachments: undefined,
  },
  {
    path: '/Items',
    idName: 'ItemID',
    rows: (books) => books.items,
    history: ['getItemHistory', 'createItemHistory'],
    attachments: undefined,
  },
];

/** The id in the path, when something has it. @throws ApiError 404 otherwise. */
export function subjectId(call: ApiCall, subject: Subject): string {
  const id = (call.params[subject.idName] ?? '').toLowerCase();
  if (!subject.rows(call.books).get(id)) throw notFound();
  return id;
}
