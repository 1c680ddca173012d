import { dayTwin, wireDay } from '../core/dates.ts';
import { centsToNumber } from '../core/decimal.ts';
import { type Books, documentsOf } from './books.ts';
import { present } from './contact-wire.ts';
import { RATE_ONE } from './document-input.ts';
import {
  type DocumentView,
  wireDocumentHead,
  wireDocumentPayments,
  wireDocumentTail,
  wireLines,
} from './document-wire.ts';
import { outstanding } from './ledger.ts';
import type { Allocation, Document } from './model.ts';
import type { Wire } from './wire-common.ts';

/** The names that a kind of credit goes by on the wire. */
export const CREDIT_NAMES = {
  creditNote: { id: 'CreditNoteID', one: 'CreditNote', many: 'CreditNotes' },
  prepayment: { id: 'PrepaymentID', one: 'Prepayment', many: 'Prepayments' },
  overpayment: { id: 'OverpaymentID', one: 'Overpayment', many: 'Overpayments' },
} as const;

/**
 * A credit note as Xero writes it, of sales or of purchases. Its refunds, as `Payments`, and its
 * living allocations are there in every view; the lines in the full one alone.
 */
export function wireCreditNote(books: Books, note: Document, view: DocumentView): Wire {
  return {
    CreditNoteID: note.id,
    CreditNoteNumber: note.number,
    Payments: wireDocumentPayments(books, note),
    ID: note.id,
    HasErrors: false,
    CurrencyRate: note.rate / RATE_ONE,
    Type: note.type,
    Reference: note.reference,
    SentToContact: note.isSent,
    RemainingCredit: centsToNumber(outstanding(note)),
    Allocations: wireAllocations(books, note),
    HasAttachments: books.attachments.find('subject', note.id).length > 0,
    ...wireDocumentHead(books, note),
    LineItems: view.isFull ? wireLines(books, note.lines, view.unitDecimals) : [],
    ...wireDocumentTail(note),
  };
}

/** A prepayment or an overpayment. */
export function wireAdvance(books: Books, credit: Document, view: DocumentView): Wire {
  const isPrepayment = credit.kind === 'prepayment';
  return {
    [isPrepayment ? 'PrepaymentID' : 'OverpaymentID']: credit.id,
    ID: credit.id,
    Type: credit.type,
    ...present({ Reference: credit.reference }),
    ...(isPrepayment ? present({ InvoiceNumber: credit.reference }) : {}),
    CurrencyRate: credit.rate / RATE_ONE,
    RemainingCredit: centsToNumber(outstanding(credit)),
    Allocations: wireAllocations(books, credit),
    Payments: wireDocumentPayments(books, credit),
    HasAttachments: books.attachments.find('subject', credit.id).length > 0,
    ...wireDocumentHead(books, credit),
    LineItems: view.isFull ? wireLines(books, credit.lines, view.unitDecimals) : [],
    ...wireDocumentTail({ ...credit, fullyPaidDay: undefined }),
  };
}

function wireAllocations(books: Books, credit: Document): Wire[] {
  return credit.allocationIds.flatMap((id) => {
    const allocation = books.allocations.get(id);
    return allocation && !allocation.isDeleted ? [wireAllocation(books, allocation)] : [];
  });
}

/** An allocation as it stands in the credit that gives it. */
export function wireAllocation(books: Books, allocation: Allocation): Wire {
  const invoice = books.invoices.get(allocation.invoiceId);
  return {
    AllocationID: allocation.id,
    Amount: centsToNumber(allocation.amount),
    DateString: dayTwin(allocation.day),
    Date: wireDay(allocation.day),
    Invoice: {
      InvoiceID: allocation.invoiceId,
      InvoiceNumber: invoice?.number ?? '',
      Payments: [],
      CreditNotes: [],
      Prepayments: [],
      Overpayments: [],
      HasErrors: false,
      IsDiscounted: false,
      LineItems: [],
    },
    ...(allocation.isDeleted ? { IsDeleted: true } : {}),
  };
}

/** The same with the credit named, as the answer of making one. */
export function wireMadeAllocation(books: Books, allocation: Allocation): Wire {
  const { id, one } = CREDIT_NAMES[allocation.fromKind];
  const credit = documentsOf(books, allocation.fromKind).get(allocation.fromId);
  return {
    ...wireAllocation(books, allocation),
    [one]: {
      [id]: allocation.fromId,
      ...(credit && allocation.fromKind === 'creditNote'
        ? { CreditNoteNumber: credit.number }
        : {}),
      ID: allocation.fromId,
      LineItems: [],
    },
  };
}
