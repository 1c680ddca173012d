import type { Act } from './api-call.ts';
import type { Books } from './books.ts';
import { markTrade } from './contact-acts.ts';
import { type PaperKind, paperActs, saleByNumber } from './document-acts.ts';
import { wireInvoice } from './document-wire.ts';
import { noteHistory } from './history.ts';
import { hasSettlements, settled } from './ledger.ts';
import type { Document } from './model.ts';

const invoices: PaperKind = {
  kind: 'invoice',
  noun: 'Invoice',
  idField: 'InvoiceID',
  numberField: 'InvoiceNumber',
  types: ['ACCREC', 'ACCPAY'],
  numberPrefix: 'INV',
  notModifiable: 'Invoice not of valid status for modification',
  numberTaken: 'Invoice # must be unique.',
  isRenumbered: true,
  collection: (books) => books.invoices,
  checkApproved: checkPlan,
  keep: (act, after, before) =>
    wireInvoice(act.books, keepInvoice(act, after, before), {
      unitDecimals: act.unitDecimals,
      isFull: true,
    }),
};

/** Makes and changes invoices and bills. */
export const invoiceActs = paperActs(invoices);

/** The sale with that number; deleted ones free theirs. */
export const saleOfNumber = (books: Books, number: string): Document | undefined =>
  saleByNumber(invoices, books, number);

/** Small plans may approve so many papers a month, by the date of the paper. */
const STARTER_CAPS = { ACCREC: 20, ACCPAY: 5 } as const;

function checkPlan(
  books: Books,
  before: Document | undefined,
  after: Document,
  errors: string[],
): void {
  const isApprovedAlready = before?.status === 'AUTHORISED' || before?.status === 'PAID';
  if (books.organisation().class !== 'STARTER' || isApprovedAlready) return;
  const month = after.day.slice(0, 7);
  const approved = books.invoices
    .all()
    .filter((one) => one.type === after.type && one.day.startsWith(month))
    .filter((one) => one.status === 'AUTHORISED' || one.status === 'PAID').length;
  const cap = after.type === 'ACCREC' ? STARTER_CAPS.ACCREC : STARTER_CAPS.ACCPAY;
  if (approved >= cap) errors.push('You have reached the limit of invoices you can approve');
}

/** Stores the invoice with the sums that follow, and writes its history. */
function keepInvoice(act: Act, after: Document, before: Document | undefined): Document {
  const nowMs = act.clock.nowMs();
  const summed = settled(act.books, after);
  const isHeld = before !== undefined && keepsUpdatedDate(act, before, summed);
  const updatedAtMs = isHeld ? before.updatedAtMs : nowMs;
  const kept = { ...summed, updatedAtMs };
  act.books.invoices.put(kept);
  markTrade(act.books, kept.contactId, kept.type === 'ACCREC' ? 'customer' : 'supplier');
  noteHistory(
    act,
    kept.id,
    historyWord(before, kept),
    `${kept.number || kept.reference} ${kept.status}`,
  );
  return kept;
}

/**
 * What moves no journal of a paper with money on it does not move UpdatedDateUTC, "such as" due date
 * and SentToContact, as Xero documents; whether more than these two is a switch.
 */
function keepsUpdatedDate({ switches }: Act, before: Document, after: Document): boolean {
  if (!hasSettlements(before)) return false;
  const bare = switches.settledEditsAreDated ? withoutDueDate : inJournals;
  return JSON.stringify(bare(before)) === JSON.stringify(bare(after));
}

function withoutDueDate({ dueDay: _due, isSent: _sent, ...rest }: Document) {
  return rest;
}

function inJournals({ day, currency, rate, status, lines }: Document) {
  return [day, currency, rate, status, lines.map(({ description: _, ...line }) => line)];
}

function historyWord(before: Document | undefined, after: Document): string {
  if (!before) return 'Created';
  if (before.status === after.status) return 'Edited';
  if (after.status === 'AUTHORISED') return 'Approved';
  return after.status === 'VOIDED' ? 'Voided' : after.status === 'DELETED' ? 'Deleted' : 'Edited';
}
