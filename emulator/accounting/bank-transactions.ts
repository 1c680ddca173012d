import { dayMs, dayTwin, wireDay, wireMoment } from '../core/dates.ts';
import { centsToNumber } from '../core/decimal.ts';
import { ZERO_UUID } from '../core/ids.ts';
import type { Sent } from '../rules/field-reader.ts';
import type { Fields } from '../rules/where.ts';
import type { Act, ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { notFound } from './api-error.ts';
import { readBankTransaction } from './bank-transaction-input.ts';
import type { Books } from './books.ts';
import { present, wireContactReference } from './contact-wire.ts';
import { blankDocument, checkLockDates, RATE_ONE } from './document-input.ts';
import { wireLines } from './document-wire.ts';
import {
  answerList,
  type ElementOutcome,
  orRefuse,
  refuse,
  sentElements,
  writeElements,
} from './envelope.ts';
import { noteHistory } from './history.ts';
import { hasSettlements } from './ledger.ts';
import { answerListing } from './list.ts';
import type { BankTransaction, Document } from './model.ts';
import type { Wire } from './wire-common.ts';
import { wireJson } from './wire-json.ts';

/** Money over the bank; the overpayment and prepayment kinds make a paper that carries credit. */
export function createBankTransaction(act: Act, sent: Sent): ElementOutcome {
  const read = readBankTransaction(act, sent, undefined);
  if (!read.ok) return refuse(sent, read.errors, 'BankTransactionID', ZERO_UUID);
  const draft: BankTransaction = {
    ...read.facts,
    id: act.ids.uuid(),
    status: 'AUTHORISED',
    currency: act.books.organisation().baseCurrency,
    creditKind: undefined,
    creditId: undefined,
    updatedAtMs: act.clock.nowMs(),
  };
  const transaction = { ...draft, ...makeCredit(act, draft) };
  act.books.bankTransactions.put(transaction);
  noteHistory(act, transaction.id, 'Created', transaction.reference);
  return { ok: true, wire: wireBankTransaction(act, transaction, true) };
}

/**
 * POST with a known id: what is sent replaces what stood there, lines as a whole list; `Status:
 * DELETED` deletes. A reconciled transaction and one that carries credit are not to be edited.
 */
function changeBankTransaction(act: Act, known: BankTransaction, sent: Sent): ElementOutcome {
  if (String(sent.Status ?? '').toUpperCase() === 'DELETED') {
    return deleteBankTransaction(act, known, sent);
  }
  const errors: string[] = [];
  if (known.status === 'DELETED') errors.push('This transaction has already been deleted');
  if (known.isReconciled) errors.push('This transaction is reconciled and cannot be edited');
  if (known.creditKind) errors.push('Prepayments and overpayments cannot be edited');
  checkLockDates(act.books, known.day, errors);
  const read = readBankTransaction(act, sent, known);
  const all = [...errors, ...(read.ok ? [] : read.errors)];
  if (!read.ok || all.length > 0) {
    return refuse(sent, [...new Set(all)], 'BankTransactionID', known.id);
  }
  const changed: BankTransaction = { ...known, ...read.facts, updatedAtMs: act.clock.nowMs() };
  act.books.bankTransactions.put(changed);
  noteHistory(act, changed.id, 'Updated', changed.reference);
  return { ok: true, wire: wireBankTransaction(act, changed, true) };
}

/** Takes a transaction back, and with it the credit that nobody has used yet. */
function deleteBankTransaction(act: Act, transaction: BankTransaction, sent: Sent): ElementOutcome {
  const errors: string[] = [];
  const { prepayments, overpayments, bankTransactions } = act.books;
  const credits = transaction.creditKind === 'prepayment' ? prepayments : overpayments;
  const credit = transaction.creditId ? credits.get(transaction.creditId) : undefined;
  if (transaction.status === 'DELETED') errors.push('This transaction has already been deleted');
  if (transaction.isReconciled) errors.push('This transaction is reconciled and cannot be deleted');
  if (credit && hasSettlements(credit)) errors.push('The credit of this transaction has been used');
  checkLockDates(act.books, transaction.day, errors);
  if (errors.length > 0) return refuse(sent, errors, 'BankTransactionID', transaction.id);
  const updatedAtMs = act.clock.nowMs();
  if (credit) credits.put({ ...credit, status: 'VOIDED', updatedAtMs });
  const deleted: BankTransaction = { ...transaction, status: 'DELETED', updatedAtMs };
  bankTransactions.put(deleted);
  return { ok: true, wire: wireBankTransaction(act, deleted, true) };
}

function makeCredit(
  act: Act,
  transaction: BankTransaction,
): Pick<BankTransaction, 'creditKind' | 'creditId'> {
  const kind = transaction.type.endsWith('PREPAYMENT')
    ? 'prepayment'
    : transaction.type.endsWith('OVERPAYMENT')
      ? 'overpayment'
      : undefined;
  if (!kind) return { creditKind: undefined, creditId: undefined };
  const credit: Document = {
    ...blankDocument(act, {
      kind,
      type: transaction.type,
      contactId: transaction.contactId,
      number: '',
    }),
    status: 'AUTHORISED',
    day: transaction.day,
    reference: transaction.reference,
    lineAmountTypes: transaction.lineAmountTypes,
    lines: transaction.lines,
    subTotal: transaction.subTotal,
    totalTax: transaction.totalTax,
    total: transaction.total,
    bankTransactionId: transaction.id,
    updatedAtMs: act.clock.nowMs(),
  };
  (kind === 'prepayment' ? act.books.prepayments : act.books.overpayments).put(credit);
  return { creditKind: kind, creditId: credit.id };
}

function wireBankTransaction(act: Act, transaction: BankTransaction, isFull: boolean): Wire {
  const { books } = act;
  const contact = books.contacts.get(transaction.contactId);
  const bank = books.accounts.get(transaction.bankAccountId);
  return {
    BankTransactionID: transaction.id,
    BankAccount: {
      AccountID: transaction.bankAccountId,
      ...present({ Code: bank?.code, Name: bank?.name }),
    },
    Type: transaction.type,
    Reference: transaction.reference,
    IsReconciled: transaction.isReconciled,
    HasAttachments: books.attachments.find('subject', transaction.id).length > 0,
    CurrencyRate: transaction.rate / RATE_ONE,
    ...present({
      Url: transaction.url,
      PrepaymentID: transaction.creditKind === 'prepayment' ? transaction.creditId : undefined,
      OverpaymentID: transaction.creditKind === 'overpayment' ? transaction.creditId : undefined,
    }),
    ...(contact ? { Contact: wireContactReference(contact) } : {}),
    DateString: dayTwin(transaction.day),
    Date: wireDay(transaction.day),
    Status: transaction.status,
    LineAmountTypes: transaction.lineAmountTypes,
    LineItems: isFull ? wireLines(books, transaction.lines, act.unitDecimals) : [],
    SubTotal: centsToNumber(transaction.subTotal),
    TotalTax: centsToNumber(transaction.totalTax),
    Total: centsToNumber(transaction.total),
    UpdatedDateUTC: wireMoment(transaction.updatedAtMs),
    CurrencyCode: transaction.currency,
  };
}

function fields(books: Books): Fields<BankTransaction> {
  return {
    banktransactionid: (row) => row.id,
    type: (row) => row.type,
    status: (row) => row.status,
    date: (row) => dayMs(row.day),
    reference: (row) => row.reference,
    total: (row) => row.total / 100,
    isreconciled: (row) => row.isReconciled,
    updateddateutc: (row) => row.updatedAtMs,
    'contact.contactid': (row) => row.contactId,
    'contact.name': (row) => books.contacts.get(row.contactId)?.name,
    'bankaccount.accountid': (row) => row.bankAccountId,
    'bankaccount.code': (row) => books.accounts.get(row.bankAccountId)?.code,
  };
}

function listBankTransactions(call: ApiCall): ApiAnswer {
  return answerListing(call, {
    name: 'BankTransactions',
    collection: call.books.bankTransactions,
    fields: fields(call.books),
    updatedAtMs: (row) => row.updatedAtMs,
    optimised: {
      equals: ['Type', 'Status', 'Date', 'Contact.ContactID'],
      ranges: ['Date'],
      order: ['BankTransactionID', 'UpdatedDateUTC', 'Date'],
    },
    toJson: (row, isPaged) => wireJson(wireBankTransaction(call, row, isPaged)),
  });
}

function findTransaction(call: ApiCall): BankTransaction {
  const row = call.books.bankTransactions.get((call.params.BankTransactionID ?? '').toLowerCase());
  if (!row) throw notFound();
  return row;
}

function upsert(call: ApiCall, sent: Sent): ElementOutcome {
  const id = typeof sent.BankTransactionID === 'string' ? sent.BankTransactionID.toLowerCase() : '';
  const known = call.books.bankTransactions.get(id);
  return known ? changeBankTransaction(call, known, sent) : createBankTransaction(call, sent);
}

export const bankTransactionOperations: readonly Operation[] = [
  {
    id: 'getBankTransactions',
    method: 'GET',
    path: '/BankTransactions',
    handle: listBankTransactions,
  },
  {
    id: 'createBankTransactions',
    method: 'PUT',
    path: '/BankTransactions',
    handle: (call) =>
      writeElements(call, 'BankTransactions', (sent) => createBankTransaction(call, sent)),
  },
  {
    id: 'updateOrCreateBankTransactions',
    method: 'POST',
    path: '/BankTransactions',
    handle: (call) => writeElements(call, 'BankTransactions', (sent) => upsert(call, sent)),
  },
  {
    id: 'getBankTransaction',
    method: 'GET',
    path: '/BankTransactions/:BankTransactionID',
    handle: (call) =>
      answerList(call, 'BankTransactions', [
        wireBankTransaction(call, findTransaction(call), true),
      ]),
  },
  {
    id: 'updateBankTransaction',
    method: 'POST',
    path: '/BankTransactions/:BankTransactionID',
    handle: (call) => {
      const transaction = findTransaction(call);
      const [sent = {}] = sentElements(call.body, 'BankTransactions');
      return answerList(call, 'BankTransactions', [
        orRefuse(changeBankTransaction(call, transaction, sent)),
      ]);
    },
  },
];
