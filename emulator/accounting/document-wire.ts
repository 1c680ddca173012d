import { dayTwin, momentTwin, wireDay, wireMoment } from '../core/dates.ts';
import { centsToNumber } from '../core/decimal.ts';
import { type Books, findAccount } from './books.ts';
import { present, wireContactReference } from './contact-wire.ts';
import { RATE_ONE } from './document-input.ts';
import { outstanding } from './ledger.ts';
import type { Allocation, Document, Line } from './model.ts';
import { type Wire, wireLine } from './wire-common.ts';

export interface DocumentView {
  readonly unitDecimals: 2 | 4;
  /** False leaves out the lines, as unpaged lists and summaries come. */
  readonly isFull: boolean;
  /** True leaves out the payments as well. */
  readonly isSummary?: boolean;
}

/** The fields that every paper shares, dates in both spellings. */
export function wireDocumentHead(books: Books, document: Document): Wire {
  const contact = books.contacts.get(document.contactId);
  return {
    Contact: contact ? wireContactReference(contact) : { ContactID: document.contactId },
    DateString: dayTwin(document.day),
    Date: wireDay(document.day),
    ...(document.dueDay
      ? { DueDateString: dayTwin(document.dueDay), DueDate: wireDay(document.dueDay) }
      : {}),
    ...(document.brandingThemeId ? { BrandingThemeID: document.brandingThemeId } : {}),
    Status: document.status,
    LineAmountTypes: document.lineAmountTypes,
  };
}

/** Sums, currency and the moment of the last change. */
export function wireDocumentTail(document: Document): Wire {
  return {
    SubTotal: centsToNumber(document.subTotal),
    TotalTax: centsToNumber(document.totalTax),
    Total: centsToNumber(document.total),
    UpdatedDateUTC: wireMoment(document.updatedAtMs),
    UpdatedDateUTCString: momentTwin(document.updatedAtMs),
    CurrencyCode: document.currency,
    ...(document.fullyPaidDay ? { FullyPaidOnDate: wireDay(document.fullyPaidDay) } : {}),
  };
}

/** The lines of any paper with their tracking; an option or category that is gone is left out. */
export function wireLines(books: Books, lines: readonly Line[], unitDecimals: 2 | 4): Wire[] {
  return lines.map((line) => {
    const tracking = line.tracking.flatMap(({ categoryId, optionId }) => {
      const category = books.trackingCategories.get(categoryId);
      const option = category?.options.find((one) => one.id === optionId);
      if (!category || !option) return [];
      return [
        {
          Name: category.name,
          Option: option.name,
          TrackingCategoryID: category.id,
          TrackingOptionID: option.id,
        },
      ];
    });
    return wireLine(line, unitDecimals, (code) => findAccount(books, code), tracking);
  });
}

/** An invoice or a bill as Xero writes it. */
export function wireInvoice(books: Books, invoice: Document, view: DocumentView): Wire {
  const isSale = invoice.type === 'ACCREC';
  return {
    Type: invoice.type,
    InvoiceID: invoice.id,
    InvoiceNumber: invoice.number,
    ...(isSale ? { Reference: invoice.reference } : present({ Reference: invoice.reference })),
    ...(view.isSummary ? {} : { Payments: wireDocumentPayments(books, invoice) }),
    ...wireAppliedCredits(books, invoice),
    AmountDue: centsToNumber(outstanding(invoice)),
    AmountPaid: centsToNumber(invoice.paid),
    AmountCredited: centsToNumber(invoice.credited),
    ...present({ Url: invoice.url, RepeatingInvoiceID: invoice.repeatingInvoiceId }),
    CurrencyRate: invoice.rate / RATE_ONE,
    ...(isSale ? { SentToContact: invoice.isSent } : {}),
    IsDiscounted: invoice.lines.some((line) => line.discountRate || line.discountCents),
    HasAttachments: books.attachments.find('subject', invoice.id).length > 0,
    HasErrors: false,
    InvoicePaymentServices: [],
    ...wireDocumentHead(books, invoice),
    ...wirePlannedDays(invoice),
    LineItems: view.isFull ? wireLines(books, invoice.lines, view.unitDecimals) : [],
    ...wireDocumentTail(invoice),
  };
}

function wirePlannedDays(invoice: Document): Wire {
  return present({
    ExpectedPaymentDateString: invoice.expectedDay && dayTwin(invoice.expectedDay),
    ExpectedPaymentDate: invoice.expectedDay && wireDay(invoice.expectedDay),
    PlannedPaymentDateString: invoice.plannedDay && dayTwin(invoice.plannedDay),
    PlannedPaymentDate: invoice.plannedDay && wireDay(invoice.plannedDay),
  });
}

/** The living payments inside a document. */
export function wireDocumentPayments(books: Books, document: Document): Wire[] {
  return document.paymentIds.flatMap((id) => {
    const payment = books.payments.get(id);
    if (payment?.status !== 'AUTHORISED') return [];
    return [
      {
        PaymentID: payment.id,
        ...present({ BatchPaymentID: payment.batchId }),
        Date: wireDay(payment.day),
        Amount: centsToNumber(payment.amount),
        ...present({ Reference: payment.reference }),
        CurrencyRate: payment.rate / RATE_ONE,
        HasAccount: false,
        HasValidationErrors: false,
      },
    ];
  });
}

/** The credit notes, prepayments and overpayments set against an invoice. */
function wireAppliedCredits(books: Books, invoice: Document): Wire {
  const live = invoice.allocationIds.flatMap((id) => {
    const allocation = books.allocations.get(id);
    return allocation && !allocation.isDeleted ? [allocation] : [];
  });
  const of = (kind: Allocation['fromKind'], idName: string, numberName?: string) =>
    live
      .filter((allocation) => allocation.fromKind === kind)
      .map((allocation) => ({
        [idName]: allocation.fromId,
        ...(numberName ? present({ [numberName]: creditNumber(books, allocation) }) : {}),
        ID: allocation.fromId,
        ...(kind === 'creditNote' ? { HasErrors: false } : {}),
        AppliedAmount: centsToNumber(allocation.amount),
        DateString: dayTwin(allocation.day),
        Date: wireDay(allocation.day),
        LineItems: [],
      }));
  return {
    CreditNotes: of('creditNote', 'CreditNoteID', 'CreditNoteNumber'),
    Prepayments: of('prepayment', 'PrepaymentID'),
    Overpayments: of('overpayment', 'OverpaymentID'),
  };
}

function creditNumber(books: Books, allocation: Allocation): string | undefined {
  return books.creditNotes.get(allocation.fromId)?.number;
}
