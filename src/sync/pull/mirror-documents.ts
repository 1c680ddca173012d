import type { Paper, PaperLine, PaperState } from '#billing/index';
import type { LearnerId, XeroOrgId } from '#contract/ids';
import { decimalText, minorOf, type WireInvoice, type WireLineItem } from '#xero/index';

const STATES: Record<string, PaperState> = {
  DRAFT: 'draft',
  SUBMITTED: 'submitted',
  AUTHORISED: 'approved',
  PAID: 'paid',
  VOIDED: 'voided',
  DELETED: 'deleted',
};

const TAX_MODES: Record<string, Paper['taxMode']> = {
  EXCLUSIVE: 'exclusive',
  INCLUSIVE: 'inclusive',
  NOTAX: 'none',
};

/** What Xero calls a sale; its other type is a bill, which is no learner's paper. */
const SALE = 'ACCREC';

/** Which of the papers read are to be kept, and which of ours to be dropped. */
export interface Mirroring {
  papers: Paper[];
  /** Papers of contacts that are linked to nobody: not ours to keep. */
  strangers: { xeroOrgId: XeroOrgId; kind: 'invoice'; xeroId: string }[];
  /** Ids of papers in a form that we do not know. */
  unreadable: string[];
}

/**
 * Turns invoices of the wire into our shape and gives each to the learner whose contact it names.
 * Pure: the same rows and links make the same papers.
 */
export function mirrorInvoices(
  xeroOrgId: XeroOrgId,
  invoices: readonly WireInvoice[],
  learnerOfContact: ReadonlyMap<string, LearnerId>,
): Mirroring {
  const mirroring: Mirroring = { papers: [], strangers: [], unreadable: [] };
  for (const invoice of invoices) {
    if (invoice.Type !== SALE) continue;
    const learnerId = learnerOfContact.get(invoice.Contact.ContactID);
    if (!learnerId) {
      mirroring.strangers.push({ xeroOrgId, kind: 'invoice', xeroId: invoice.InvoiceID });
      continue;
    }
    const paper = paperOf(xeroOrgId, invoice, learnerId);
    if (paper) mirroring.papers.push(paper);
    else mirroring.unreadable.push(invoice.InvoiceID);
  }
  return mirroring;
}

function paperOf(xeroOrgId: XeroOrgId, invoice: WireInvoice, learnerId: LearnerId): Paper | null {
  const state = STATES[invoice.Status.toUpperCase()];
  if (!state || !invoice.updatedAt) return null;
  const currency = invoice.CurrencyCode;
  const minor = (amount: number) => minorOf(amount, currency);
  return {
    xeroOrgId,
    kind: 'invoice',
    xeroId: invoice.InvoiceID,
    contactId: invoice.Contact.ContactID,
    learnerId,
    number: invoice.InvoiceNumber,
    reference: invoice.Reference,
    state,
    date: invoice.day,
    dueDate: invoice.dueDay,
    currency,
    taxMode: TAX_MODES[invoice.LineAmountTypes.toUpperCase()] ?? 'exclusive',
    subtotalMinor: minor(invoice.SubTotal),
    taxMinor: minor(invoice.TotalTax),
    totalMinor: minor(invoice.Total),
    paidMinor: minor(invoice.AmountPaid),
    creditedMinor: minor(invoice.AmountCredited),
    dueMinor: minor(invoice.AmountDue),
    lines: invoice.LineItems.map((line) => lineOf(line, currency)),
    payments: invoice.Payments.filter((payment) => payment.Status !== 'DELETED').map((payment) => ({
      xeroId: payment.PaymentID.toLowerCase(),
      date: payment.day,
      amountMinor: minor(payment.Amount),
      reference: payment.Reference,
    })),
    hasOnlineView: state === 'approved' || state === 'paid',
    changedAt: invoice.updatedAt,
    raw: invoice.raw,
  };
}

function lineOf(line: WireLineItem, currency: string): PaperLine {
  return {
    description: line.Description,
    itemCode: line.ItemCode,
    quantity: decimalText(line.Quantity),
    unitAmount: decimalText(line.UnitAmount),
    accountCode: line.AccountCode,
    taxType: line.TaxType,
    taxMinor: minorOf(line.TaxAmount, currency),
    amountMinor: minorOf(line.LineAmount, currency),
  };
}
