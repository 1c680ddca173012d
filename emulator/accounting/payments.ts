import { dayMs } from '../core/dates.ts';
import { isRecord, type Sent } from '../rules/field-reader.ts';
import type { Fields } from '../rules/where.ts';
import type { ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { notFound } from './api-error.ts';
import { type Books, documentsOf } from './books.ts';
import { answerList, type ElementOutcome, orRefuse, writeElements } from './envelope.ts';
import { answerListing } from './list.ts';
import type { Payment } from './model.ts';
import { createPayment, deletePayment } from './payment-acts.ts';
import { wirePayment } from './payment-wire.ts';
import { wireJson } from './wire-json.ts';

function paymentFields(books: Books): Fields<Payment> {
  const document = (payment: Payment) => documentsOf(books, payment.docKind).get(payment.docId);
  return {
    paymentid: (payment) => payment.id,
    status: (payment) => payment.status,
    paymenttype: (payment) => payment.type,
    date: (payment) => dayMs(payment.day),
    amount: (payment) => payment.amount / 100,
    reference: (payment) => payment.reference,
    isreconciled: (payment) => payment.isReconciled,
    updateddateutc: (payment) => payment.updatedAtMs,
    'account.accountid': (payment) => payment.accountId,
    'account.code': (payment) => books.accounts.get(payment.accountId)?.code,
    'invoice.invoiceid': (payment) => payment.docId,
    'invoice.invoicenumber': (payment) => document(payment)?.number,
    'invoice.contact.contactid': (payment) => document(payment)?.contactId,
  };
}

function listPayments(call: ApiCall): ApiAnswer {
  return answerListing(call, {
    name: 'Payments',
    collection: call.books.payments,
    fields: paymentFields(call.books),
    updatedAtMs: (payment) => payment.updatedAtMs,
    optimised: {
      equals: ['PaymentType', 'Status', 'Date', 'Reference', 'PaymentID', 'Invoice.InvoiceID'],
      ranges: ['Date'],
      anyOf: ['PaymentID', 'Invoice.InvoiceID'],
      order: ['PaymentID', 'UpdatedDateUTC', 'Date'],
    },
    toJson: (payment) => wireJson(wirePayment(call.books, payment, false)),
  });
}

function findPayment(call: ApiCall): Payment {
  const payment = call.books.payments.get((call.params.PaymentID ?? '').toLowerCase());
  if (!payment) throw notFound();
  return payment;
}

function getPayment(call: ApiCall): ApiAnswer {
  return answerList(call, 'Payments', [wirePayment(call.books, findPayment(call), true)]);
}

/** POST with a PaymentID in the body deletes, as the path form does. */
function createOrDelete(call: ApiCall, sent: Sent): ElementOutcome {
  const known =
    typeof sent.PaymentID === 'string' && call.books.payments.get(sent.PaymentID.toLowerCase());
  return known ? deletePayment(call, known, sent) : createPayment(call, sent);
}

function deleteOnePayment(call: ApiCall): ApiAnswer {
  const payment = findPayment(call);
  const [element] =
    isRecord(call.body) && Array.isArray(call.body.Payments) ? call.body.Payments : [call.body];
  const sent: Sent = isRecord(element) ? element : {};
  return answerList(call, 'Payments', [orRefuse(deletePayment(call, payment, sent))]);
}

export const paymentOperations: readonly Operation[] = [
  { id: 'getPayments', method: 'GET', path: '/Payments', handle: listPayments },
  {
    id: 'createPayments',
    method: 'PUT',
    path: '/Payments',
    handle: (call) => writeElements(call, 'Payments', (sent) => createPayment(call, sent)),
  },
  {
    id: 'createPayment',
    method: 'POST',
    path: '/Payments',
    handle: (call) => writeElements(call, 'Payments', (sent) => createOrDelete(call, sent)),
  },
  { id: 'getPayment', method: 'GET', path: '/Payments/:PaymentID', handle: getPayment },
  { id: 'deletePayment', method: 'POST', path: '/Payments/:PaymentID', handle: deleteOnePayment },
];
