import { ZERO_UUID } from '../core/ids.ts';
import { FieldReader, isRecord, type Sent } from '../rules/field-reader.ts';
import type { Act } from './api-call.ts';
import { type Books, documentsOf, findAccount } from './books.ts';
import { checkLockDates, RATE_SCALE, sideOf } from './document-input.ts';
import { type ElementOutcome, refuse } from './envelope.ts';
import { noteHistory } from './history.ts';
import { saleOfNumber } from './invoice-acts.ts';
import { bookPayment, outstanding, unbookPayment } from './ledger.ts';
import type { Document, DocumentKind, Payment } from './model.ts';
import { wireWrittenPayment } from './payment-wire.ts';
import type { Account } from './settings-model.ts';

export const EXCEEDS = 'Payment amount exceeds the amount outstanding on this document';
export const NOT_AUTHORISED = 'Payments can only be made against Authorised documents';

const TARGETS: readonly (readonly [field: string, kind: DocumentKind])[] = [
  ['Invoice', 'invoice'],
  ['CreditNote', 'creditNote'],
  ['Prepayment', 'prepayment'],
  ['Overpayment', 'overpayment'],
];

/** PUT and POST: records a payment against one paper. */
export function createPayment(act: Act, sent: Sent, batchId?: string): ElementOutcome {
  const errors: string[] = [];
  const read = new FieldReader(sent, errors);
  const document = findTarget(act.books, sent);
  const account = readPaymentAccount(act.books, read);
  const day = read.day('Date') ?? act.clock.today();
  const amount = read.scaled('Amount', 2);
  const rate = read.scaled('CurrencyRate', RATE_SCALE);
  const reference = read.text('Reference', 255) ?? '';
  const isReconciled = read.flag('IsReconciled') ?? false;
  if (typeof account === 'string') errors.push(account);
  if (typeof document === 'string') errors.push(document);
  else checkAmount(document, amount, errors);
  checkLockDates(act.books, day, errors);
  if (errors.length > 0 || typeof document === 'string' || typeof account === 'string') {
    return refuse(sent, errors, 'PaymentID', ZERO_UUID);
  }
  const nowMs = act.clock.nowMs();
  const payment: Payment = {
    id: act.ids.uuid(),
    docKind: document.kind,
    docId: document.id,
    type: paymentType(document),
    accountId: account.id,
    day,
    amount: amount ?? 0,
    rate: rate ?? document.rate,
    reference,
    isReconciled,
    status: 'AUTHORISED',
    batchId,
    createdByApp: act.appId,
    updatedAtMs: nowMs,
  };
  bookPayment(act.books, payment, nowMs);
  noteHistory(act, document.id, 'Payment', `Payment of ${payment.amount / 100} on ${day}`);
  return { ok: true, wire: wireWrittenPayment(act.books, payment) };
}

/** POST with `Status: DELETED`: takes a payment back; nothing else about it can be changed. */
export function deletePayment(act: Act, payment: Payment, sent: Sent): ElementOutcome {
  const refusals: string[] = [];
  if (String(sent.Status ?? '').toUpperCase() !== 'DELETED') {
    refusals.push('Payments cannot be updated; the only allowed change of Status is DELETED');
  }
  if (payment.status === 'DELETED') refusals.push('This payment has already been deleted');
  if (payment.batchId) refusals.push('Payments that are part of a batch cannot be deleted singly');
  if (payment.isReconciled) refusals.push('This payment is reconciled and cannot be deleted');
  checkLockDates(act.books, payment.day, refusals);
  if (refusals.length > 0) return refuse(sent, refusals, 'PaymentID', payment.id);
  const deleted = unbookPayment(act.books, payment, act.clock.nowMs());
  noteHistory(act, payment.docId, 'Payment deleted', `Payment of ${payment.amount / 100} removed`);
  return { ok: true, wire: wireWrittenPayment(act.books, deleted) };
}

function checkAmount(document: Document, amount: number | undefined, errors: string[]): void {
  if (document.status !== 'AUTHORISED') {
    errors.push(document.status === 'PAID' ? EXCEEDS : NOT_AUTHORISED);
  } else if (amount === undefined) {
    if (errors.length === 0) errors.push('Payment amount must be specified');
  } else if (amount <= 0) {
    errors.push('Payment amount must be greater than zero');
  } else if (amount > outstanding(document)) {
    errors.push(EXCEEDS);
  }
}

function findTarget(books: Books, sent: Sent): Document | string {
  const named = TARGETS.filter(([field]) => isRecord(sent[field]));
  if (named.length > 1) return 'A payment can be made against one document only';
  const [target] = named;
  if (!target) {
    if (typeof sent.InvoiceNumber === 'string') {
      return saleOfNumber(books, sent.InvoiceNumber) ?? 'The invoice could not be found';
    }
    return 'Payment must be against an invoice, a credit note, a prepayment or an overpayment';
  }
  const [field, kind] = target;
  const fields = sent[field] as Sent;
  const id = fields[`${field}ID`];
  if (typeof id === 'string') {
    return documentsOf(books, kind).get(id.toLowerCase()) ?? `The ${field} could not be found`;
  }
  const number = fields[`${field}Number`];
  if (typeof number !== 'string') return `The ${field} could not be found`;
  if (kind === 'invoice') return saleOfNumber(books, number) ?? 'The Invoice could not be found';
  const found =
    kind === 'creditNote' ? books.creditNotes.find('number', number.toLowerCase())[0] : undefined;
  return found ?? `The ${field} could not be found`;
}

/** A bank account, or one that is enabled for payments; never a system account. */
export function readPaymentAccount(books: Books, read: FieldReader): Account | string {
  const sent = read.record('Account');
  const key = sent?.AccountID ?? sent?.Code;
  if (typeof key !== 'string' || key === '') return 'Account must be specified';
  const account = findAccount(books, key.toLowerCase());
  if (account?.status !== 'ACTIVE') return `Account '${key}' could not be found`;
  if (account.type !== 'BANK' && !account.isPaymentsEnabled) {
    return 'The account type is invalid for payments; use a bank account or one enabled for payments';
  }
  return account;
}

function paymentType(document: Document): string {
  const isSale = sideOf(document.type) === 'sale';
  switch (document.kind) {
    case 'invoice':
      return isSale ? 'ACCRECPAYMENT' : 'ACCPAYPAYMENT';
    case 'creditNote':
      return isSale ? 'ARCREDITPAYMENT' : 'APCREDITPAYMENT';
    case 'prepayment':
      return isSale ? 'ARPREPAYMENTPAYMENT' : 'APPREPAYMENTPAYMENT';
    case 'overpayment':
      return isSale ? 'AROVERPAYMENTPAYMENT' : 'APOVERPAYMENTPAYMENT';
  }
}
