import { ZERO_UUID } from '../core/ids.ts';
import { FieldReader, type Sent } from '../rules/field-reader.ts';
import type { Act } from './api-call.ts';
import type { Books } from './books.ts';
import { contactOfDocument, contactOfUpdate, markTrade } from './contact-acts.ts';
import {
  applyDocumentFields,
  blankDocument,
  checkApproval,
  checkLockDates,
} from './document-input.ts';
import { DOCUMENT_MOVES, DOCUMENT_STATUSES, settledRefusals } from './document-status.ts';
import { wireInvoice } from './document-wire.ts';
import { type ElementOutcome, refuse } from './envelope.ts';
import { noteHistory } from './history.ts';
import { hasSettlements, settled } from './ledger.ts';
import type { Document } from './model.ts';

export const NOT_MODIFIABLE = 'Invoice not of valid status for modification';

const TYPES = ['ACCREC', 'ACCPAY'] as const;
const MAX_NUMBER_CHARS = 255;

/** PUT: makes an invoice or a bill. */
export function createInvoice(act: Act, sent: Sent): ElementOutcome {
  const errors: string[] = [];
  const read = new FieldReader(sent, errors);
  const type = read.choice('Type', TYPES);
  if (!type && errors.length === 0) errors.push('Invoice type must be specified');
  const contact = contactOfDocument(act, sent.Contact);
  if (typeof contact === 'string') errors.push(contact);
  if (!type || typeof contact === 'string') return refuse(sent, errors, 'InvoiceID', ZERO_UUID);
  const number =
    read.text('InvoiceNumber', MAX_NUMBER_CHARS)?.trim() || autoNumber(act.books, type);
  const blank = blankDocument(act, { kind: 'invoice', type, contactId: contact.id, number });
  const status = read.choice('Status', DOCUMENT_STATUSES) ?? 'DRAFT';
  if (!['DRAFT', 'SUBMITTED', 'AUTHORISED'].includes(status)) errors.push(NOT_MODIFIABLE);
  const draft = applyDocumentFields(act, blank, sent, contact, errors);
  if (draft.lines.length === 0) errors.push('One or more line items must be specified');
  return finish(act, { ...draft, status }, undefined, errors, sent, ZERO_UUID);
}

/** POST: changes the invoice that the id, or for sales the number, matches, else makes one. */
export function upsertInvoice(act: Act, sent: Sent): ElementOutcome {
  if (typeof sent.InvoiceID === 'string' && sent.InvoiceID !== ZERO_UUID) {
    const invoice = act.books.invoices.get(sent.InvoiceID.toLowerCase());
    if (invoice) return updateInvoice(act, invoice, sent);
    return refuse(sent, ['The invoice could not be found'], 'InvoiceID', sent.InvoiceID);
  }
  if (typeof sent.InvoiceNumber === 'string' && sent.Type !== 'ACCPAY') {
    const invoice = saleByNumber(act.books, sent.InvoiceNumber);
    if (invoice) return updateInvoice(act, invoice, sent);
  }
  return createInvoice(act, sent);
}

/** Changes a known invoice, as far as its status and its payments allow. */
export function updateInvoice(act: Act, before: Document, sent: Sent): ElementOutcome {
  const errors: string[] = [];
  const read = new FieldReader(sent, errors);
  const status = read.choice('Status', DOCUMENT_STATUSES) ?? before.status;
  if (!DOCUMENT_MOVES[before.status].includes(status)) errors.push(NOT_MODIFIABLE);
  else if (hasSettlements(before)) errors.push(...settledRefusals(before, sent, status));
  const contact = contactOfUpdate(act, before.contactId, sent.Contact);
  if (typeof contact === 'string') errors.push(contact);
  if (errors.length > 0 || typeof contact === 'string') {
    return refuse(sent, errors, 'InvoiceID', before.id);
  }
  const number = read.text('InvoiceNumber', MAX_NUMBER_CHARS)?.trim() || before.number;
  const base = { ...before, contactId: contact?.id ?? before.contactId, number };
  const changed = applyDocumentFields(act, base, sent, contact, errors);
  return finish(act, { ...changed, status }, before, errors, sent, before.id);
}

function finish(
  act: Act,
  after: Document,
  before: Document | undefined,
  errors: string[],
  sent: Sent,
  id: string,
): ElementOutcome {
  const twin = after.type === 'ACCREC' ? saleByNumber(act.books, after.number) : undefined;
  if (twin && twin.id !== after.id) errors.push('Invoice # must be unique.');
  const isApproved = after.status === 'AUTHORISED' || after.status === 'PAID';
  if (isApproved) checkApproval(after, errors);
  if (isApproved && before?.status !== after.status) checkPlan(act.books, before, after, errors);
  if (isApproved || after.status === 'VOIDED') checkLockDates(act.books, after.day, errors);
  if (errors.length > 0) return refuse(sent, [...new Set(errors)], 'InvoiceID', id);
  const kept = keepInvoice(act, after, before);
  return { ok: true, wire: wireInvoice(act.books, kept, { unitDecimals: 4, isFull: true }) };
}

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
  const updatedAtMs = before && keepsUpdatedDate(before, summed) ? before.updatedAtMs : nowMs;
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

/** Due date and SentToContact of a part-paid paper do not move UpdatedDateUTC, as Xero documents. */
function keepsUpdatedDate(before: Document, after: Document): boolean {
  if (!hasSettlements(before)) return false;
  const bare = ({ dueDay: _due, isSent: _sent, ...rest }: Document) => JSON.stringify(rest);
  return bare(before) === bare(after);
}

function historyWord(before: Document | undefined, after: Document): string {
  if (!before) return 'Created';
  if (before.status === after.status) return 'Edited';
  if (after.status === 'AUTHORISED') return 'Approved';
  return after.status === 'VOIDED' ? 'Voided' : after.status === 'DELETED' ? 'Deleted' : 'Edited';
}

/** The sale with that number; deleted ones free theirs. */
export function saleByNumber(books: Books, number: string): Document | undefined {
  return books.invoices
    .find('number', number.trim().toLowerCase())
    .find((invoice) => invoice.type === 'ACCREC' && invoice.status !== 'DELETED');
}

/** The next free `INV-0001`; bills get none. */
function autoNumber(books: Books, type: string): string {
  if (type !== 'ACCREC') return '';
  return nextNumber('INV', books.invoices.size, (number) => books.invoices.find('number', number));
}

/** Counts up from where the collection stands until a number is free. */
export function nextNumber(
  prefix: string,
  start: number,
  taken: (lowerCaseNumber: string) => readonly unknown[],
): string {
  for (let i = start + 1; ; i++) {
    const number = `${prefix}-${String(i).padStart(4, '0')}`;
    if (taken(number.toLowerCase()).length === 0) return number;
  }
}
