import { ZERO_UUID } from '../core/ids.ts';
import { FieldReader, type Sent } from '../rules/field-reader.ts';
import type { Act } from './api-call.ts';
import type { Books } from './books.ts';
import { contactOfDocument, contactOfUpdate } from './contact-acts.ts';
import { wireCreditNote } from './credit-wire.ts';
import {
  applyDocumentFields,
  blankDocument,
  checkApproval,
  checkLockDates,
} from './document-input.ts';
import { DOCUMENT_MOVES, DOCUMENT_STATUSES, settledRefusals } from './document-status.ts';
import { type ElementOutcome, refuse } from './envelope.ts';
import { noteHistory } from './history.ts';
import { nextNumber } from './invoice-acts.ts';
import { hasSettlements, settled } from './ledger.ts';
import type { Document } from './model.ts';

const TYPES = ['ACCRECCREDIT', 'ACCPAYCREDIT'] as const;
const NOT_MODIFIABLE = 'Credit note not of valid status for modification';

/** PUT: makes a credit note. */
export function createCreditNote(act: Act, sent: Sent): ElementOutcome {
  const errors: string[] = [];
  const read = new FieldReader(sent, errors);
  const type = read.choice('Type', TYPES);
  if (!type && errors.length === 0) errors.push('Credit note type must be specified');
  const contact = contactOfDocument(act, sent.Contact);
  if (typeof contact === 'string') errors.push(contact);
  if (!type || typeof contact === 'string') return refuse(sent, errors, 'CreditNoteID', ZERO_UUID);
  const number = read.text('CreditNoteNumber', 255)?.trim() || autoNumber(act.books, type);
  const blank = blankDocument(act, { kind: 'creditNote', type, contactId: contact.id, number });
  const status = read.choice('Status', DOCUMENT_STATUSES) ?? 'DRAFT';
  if (!['DRAFT', 'SUBMITTED', 'AUTHORISED'].includes(status)) errors.push(NOT_MODIFIABLE);
  const draft = applyDocumentFields(act, blank, sent, contact, errors);
  if (draft.lines.length === 0) errors.push('One or more line items must be specified');
  return finish(act, { ...draft, status }, undefined, errors, sent, ZERO_UUID);
}

/** POST: changes the credit note that the id or the number matches, else makes one. */
export function upsertCreditNote(act: Act, sent: Sent): ElementOutcome {
  if (typeof sent.CreditNoteID === 'string' && sent.CreditNoteID !== ZERO_UUID) {
    const note = act.books.creditNotes.get(sent.CreditNoteID.toLowerCase());
    if (note) return updateCreditNote(act, note, sent);
    return refuse(sent, ['The credit note could not be found'], 'CreditNoteID', sent.CreditNoteID);
  }
  if (typeof sent.CreditNoteNumber === 'string') {
    const note = byNumber(act.books, sent.CreditNoteNumber);
    if (note) return updateCreditNote(act, note, sent);
  }
  return createCreditNote(act, sent);
}

/** Changes a known credit note, as far as its status and what was done with it allow. */
export function updateCreditNote(act: Act, before: Document, sent: Sent): ElementOutcome {
  const errors: string[] = [];
  const status = new FieldReader(sent, errors).choice('Status', DOCUMENT_STATUSES) ?? before.status;
  if (!DOCUMENT_MOVES[before.status].includes(status)) errors.push(NOT_MODIFIABLE);
  else if (hasSettlements(before)) errors.push(...settledRefusals(before, sent, status));
  const contact = contactOfUpdate(act, before.contactId, sent.Contact);
  if (typeof contact === 'string') errors.push(contact);
  if (errors.length > 0 || typeof contact === 'string') {
    return refuse(sent, errors, 'CreditNoteID', before.id);
  }
  const base = { ...before, contactId: contact?.id ?? before.contactId };
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
  const twin = byNumber(act.books, after.number);
  if (twin && twin.id !== after.id) errors.push('Credit note # must be unique.');
  const isApproved = after.status === 'AUTHORISED' || after.status === 'PAID';
  if (isApproved) checkApproval(after, errors);
  if (isApproved || after.status === 'VOIDED') checkLockDates(act.books, after.day, errors);
  if (errors.length > 0) return refuse(sent, [...new Set(errors)], 'CreditNoteID', id);
  const kept = { ...settled(act.books, after), updatedAtMs: act.clock.nowMs() };
  act.books.creditNotes.put(kept);
  noteHistory(act, kept.id, before ? 'Edited' : 'Created', `${kept.number} ${kept.status}`);
  return { ok: true, wire: wireCreditNote(act.books, kept, { unitDecimals: 4, isFull: true }) };
}

function byNumber(books: Books, number: string): Document | undefined {
  if (!number) return undefined;
  return books.creditNotes
    .find('number', number.trim().toLowerCase())
    .find((note) => note.type === 'ACCRECCREDIT' && note.status !== 'DELETED');
}

function autoNumber(books: Books, type: string): string {
  if (type !== 'ACCRECCREDIT') return '';
  return nextNumber('CN', books.creditNotes.size, (one) => books.creditNotes.find('number', one));
}
