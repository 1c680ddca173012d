import { momentTwin, wireDay, wireMoment } from '../core/dates.ts';
import { centsToNumber } from '../core/decimal.ts';
import { type Books, documentsOf } from './books.ts';
import { present, wireContactReference } from './contact-wire.ts';
import { RATE_ONE, sideOf } from './document-input.ts';
import type { Document, Payment } from './model.ts';
import type { Wire } from './wire-common.ts';

/**
 * A payment as Xero writes it; `isFull` adds more about the paper and its account. Whatever it
 * settles stands under `Invoice`, credit that is paid back too: told apart by its `Type` (the example
 * of `GET /Payments` in Xero's description, and integrators' reports for overpayments).
 */
export function wirePayment(books: Books, payment: Payment, isFull: boolean): Wire {
  const document = documentsOf(books, payment.docKind).get(payment.docId);
  return wireWith(books, payment, isFull, document ? wireAsInvoice(books, document) : {});
}

/** A payment as the answer to a write tells it: its paper stands where it was sent. */
export function wireWrittenPayment(books: Books, payment: Payment): Wire {
  const document = documentsOf(books, payment.docKind).get(payment.docId);
  return wireWith(books, payment, true, document ? wirePaidDocument(books, document) : {});
}

function wireWith(books: Books, payment: Payment, isFull: boolean, paper: Wire): Wire {
  const account = books.accounts.get(payment.accountId);
  return {
    PaymentID: payment.id,
    ...(payment.batchId ? { BatchPaymentID: payment.batchId } : {}),
    Date: wireDay(payment.day),
    BankAmount: bankAmount(payment),
    Amount: centsToNumber(payment.amount),
    ...present({ Reference: payment.reference }),
    CurrencyRate: payment.rate / RATE_ONE,
    PaymentType: payment.type,
    Status: payment.status,
    UpdatedDateUTC: wireMoment(payment.updatedAtMs),
    UpdatedDateUTCString: momentTwin(payment.updatedAtMs),
    HasAccount: account !== undefined,
    IsReconciled: payment.isReconciled,
    Account: {
      AccountID: payment.accountId,
      ...(account?.code ? { Code: account.code } : {}),
      ...(isFull && account ? { Name: account.name } : {}),
    },
    ...paper,
    HasValidationErrors: false,
  };
}

/** In the account's own currency: the rate tells how much of the paper's one unit buys. */
function bankAmount(payment: Payment): number {
  return Math.round((payment.amount * RATE_ONE) / (payment.rate || RATE_ONE)) / 100;
}

function wirePaidDocument(books: Books, document: Document): Wire {
  const shared = wireShared(books, document);
  switch (document.kind) {
    case 'invoice':
      return wireAsInvoice(books, document);
    case 'creditNote':
      return {
        CreditNote: { ...shared, CreditNoteID: document.id, CreditNoteNumber: document.number },
      };
    case 'prepayment':
      return { Prepayment: { ...shared, PrepaymentID: document.id } };
    case 'overpayment':
      return { Overpayment: { ...shared, OverpaymentID: document.id } };
  }
}

function wireAsInvoice(books: Books, document: Document): Wire {
  return {
    Invoice: {
      ...wireShared(books, document),
      Type: typeAsInvoice(document),
      InvoiceID: document.id,
      ...present({ InvoiceNumber: document.number }),
      Payments: [],
      CreditNotes: [],
      Prepayments: [],
      Overpayments: [],
      IsDiscounted: false,
      HasErrors: false,
      InvoicePaymentServices: [],
    },
  };
}

/** Invoice Types of Xero's description know credit under names of their own. */
function typeAsInvoice({ kind, type }: Document): string {
  if (kind === 'invoice' || kind === 'creditNote') return type;
  return `${sideOf(type) === 'sale' ? 'AR' : 'AP'}${kind.toUpperCase()}`;
}

function wireShared(books: Books, document: Document): Wire {
  const contact = books.contacts.get(document.contactId);
  return {
    Type: document.type,
    ...(contact ? { Contact: wireContactReference(contact) } : {}),
    LineItems: [],
    CurrencyCode: document.currency,
  };
}
