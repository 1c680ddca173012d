import { dayTwin, wireDay, wireMoment } from '../core/dates.ts';
import { centsToNumber } from '../core/decimal.ts';
import { ZERO_UUID } from '../core/ids.ts';
import { FieldReader, isRecord, type Sent } from '../rules/field-reader.ts';
import type { Act, ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { notFound } from './api-error.ts';
import type { Books } from './books.ts';
import { present } from './contact-wire.ts';
import { checkLockDates } from './document-input.ts';
import { answerList, type ElementOutcome, orRefuse, refuse, writeElements } from './envelope.ts';
import { unbookPayment } from './ledger.ts';
import { answerListing } from './list.ts';
import type { BatchPayment, Payment } from './model.ts';
import { createPayment, readPaymentAccount } from './payment-acts.ts';
import type { Wire } from './wire-common.ts';
import { wireJson } from './wire-json.ts';

const MAX_PAYMENTS = 200;

/** Several payments of one side, from or to one account, on one day. */
export function createBatchPayment(act: Act, sent: Sent): ElementOutcome {
  const errors: string[] = [];
  const read = new FieldReader(sent, errors);
  const account = readPaymentAccount(act.books, read);
  if (typeof account === 'string') errors.push(account);
  const day = read.day('Date') ?? act.clock.today();
  const sentPayments = read.records('Payments') ?? [];
  if (sentPayments.length === 0) errors.push('A batch payment needs at least one payment');
  if (sentPayments.length > MAX_PAYMENTS)
    errors.push(`A batch payment has at most ${MAX_PAYMENTS} payments`);
  if (errors.length > 0 || typeof account === 'string') {
    return refuse(sent, errors, 'BatchPaymentID', ZERO_UUID);
  }
  const id = act.ids.uuid();
  const made = sentPayments.map((one) =>
    createPayment(act, { ...one, Account: { AccountID: account.id }, Date: day }, id),
  );
  const payments = made.flatMap((outcome) =>
    outcome.ok ? (act.books.payments.get(String(outcome.wire.PaymentID)) ?? []) : [],
  );
  for (const outcome of made) if (!outcome.ok) errors.push(...outcome.errors);
  const types = new Set(payments.map((payment) => payment.type));
  if (types.size > 1) errors.push('All payments of a batch must be of one kind');
  if (errors.length > 0) return refuse(sent, [...new Set(errors)], 'BatchPaymentID', ZERO_UUID);
  const batch: BatchPayment = {
    id,
    type: types.has('ACCPAYPAYMENT') ? 'PAYBATCH' : 'RECBATCH',
    status: 'AUTHORISED',
    accountId: account.id,
    day,
    reference: read.text('Reference', 255) ?? '',
    narrative: read.text('Narrative', 18) ?? '',
    particulars: read.text('Particulars', 12) ?? '',
    code: read.text('Code', 12) ?? '',
    details: read.text('Details', 255) ?? '',
    paymentIds: payments.map((payment) => payment.id),
    total: payments.reduce((sum, payment) => sum + payment.amount, 0),
    updatedAtMs: act.clock.nowMs(),
  };
  if (errors.length > 0) return refuse(sent, errors, 'BatchPaymentID', ZERO_UUID);
  act.books.batchPayments.put(batch);
  return { ok: true, wire: wireBatch(act.books, batch) };
}

/** Takes a whole batch back; its invoices reopen. */
export function deleteBatchPayment(act: Act, batch: BatchPayment, sent: Sent): ElementOutcome {
  const errors: string[] = [];
  if (String(sent.Status ?? '').toUpperCase() !== 'DELETED') {
    errors.push('The only allowed change of Status is DELETED');
  }
  if (batch.status === 'DELETED') errors.push('This batch payment has already been deleted');
  checkLockDates(act.books, batch.day, errors);
  if (errors.length > 0) return refuse(sent, errors, 'BatchPaymentID', batch.id);
  const nowMs = act.clock.nowMs();
  for (const payment of livePayments(act.books, batch)) unbookPayment(act.books, payment, nowMs);
  const deleted: BatchPayment = { ...batch, status: 'DELETED', updatedAtMs: nowMs };
  act.books.batchPayments.put(deleted);
  return { ok: true, wire: wireBatch(act.books, deleted) };
}

function livePayments(books: Books, batch: BatchPayment): Payment[] {
  return batch.paymentIds.flatMap((id) => {
    const payment = books.payments.get(id);
    return payment?.status === 'AUTHORISED' ? [payment] : [];
  });
}

function wireBatch(books: Books, batch: BatchPayment): Wire {
  const account = books.accounts.get(batch.accountId);
  return {
    Account: {
      AccountID: batch.accountId,
      ...present({ Code: account?.code, CurrencyCode: account?.currency }),
    },
    ...present({
      Reference: batch.reference,
      Narrative: batch.narrative,
      Particulars: batch.particulars,
      Code: batch.code,
      Details: batch.details,
    }),
    BatchPaymentID: batch.id,
    DateString: dayTwin(batch.day),
    Date: wireDay(batch.day),
    Payments: livePayments(books, batch).map((payment) => ({
      Invoice: {
        InvoiceID: payment.docId,
        InvoiceNumber: books.invoices.get(payment.docId)?.number ?? '',
        Payments: [],
        CreditNotes: [],
        Prepayments: [],
        Overpayments: [],
        HasErrors: false,
        IsDiscounted: false,
        LineItems: [],
      },
      PaymentID: payment.id,
      Amount: centsToNumber(payment.amount),
      BankAmount: centsToNumber(payment.amount),
    })),
    Type: batch.type,
    Status: batch.status,
    TotalAmount: centsToNumber(batch.total),
    UpdatedDateUTC: wireMoment(batch.updatedAtMs),
    IsReconciled: false,
  };
}

function listBatches(call: ApiCall): ApiAnswer {
  return answerListing(call, {
    name: 'BatchPayments',
    isUnpaged: true,
    collection: call.books.batchPayments,
    fields: {
      batchpaymentid: (batch) => batch.id,
      status: (batch) => batch.status,
      type: (batch) => batch.type,
      reference: (batch) => batch.reference,
      updateddateutc: (batch) => batch.updatedAtMs,
    },
    updatedAtMs: (batch) => batch.updatedAtMs,
    toJson: (batch) => wireJson(wireBatch(call.books, batch)),
  });
}

function batchOf(call: ApiCall, id: unknown): BatchPayment {
  const batch = typeof id === 'string' ? call.books.batchPayments.get(id.toLowerCase()) : undefined;
  if (!batch) throw notFound();
  return batch;
}

function deleteOne(call: ApiCall, id: unknown): ApiAnswer {
  const sent: Sent = isRecord(call.body) ? call.body : {};
  const batch = batchOf(call, id ?? sent.BatchPaymentID);
  return answerList(call, 'BatchPayments', [orRefuse(deleteBatchPayment(call, batch, sent))]);
}

export const batchPaymentOperations: readonly Operation[] = [
  { id: 'getBatchPayments', method: 'GET', path: '/BatchPayments', handle: listBatches },
  {
    id: 'createBatchPayment',
    method: 'PUT',
    path: '/BatchPayments',
    handle: (call) =>
      writeElements(call, 'BatchPayments', (sent) => createBatchPayment(call, sent)),
  },
  {
    id: 'deleteBatchPayment',
    method: 'POST',
    path: '/BatchPayments',
    handle: (call) => deleteOne(call, undefined),
  },
  {
    id: 'getBatchPayment',
    method: 'GET',
    path: '/BatchPayments/:BatchPaymentID',
    handle: (call) =>
      answerList(call, 'BatchPayments', [
        wireBatch(call.books, batchOf(call, call.params.BatchPaymentID)),
      ]),
  },
  {
    id: 'deleteBatchPaymentByUrlParam',
    method: 'POST',
    path: '/BatchPayments/:BatchPaymentID',
    handle: (call) => deleteOne(call, call.params.BatchPaymentID),
  },
];
