import { ZERO_UUID } from '../core/ids.ts';
import { FieldReader, type Sent } from '../rules/field-reader.ts';
import type { Act } from './api-call.ts';
import type { Books } from './books.ts';
import { contactOfDocument, contactOfUpdate } from './contact-acts.ts';
import {
  applyDocumentFields,
  blankDocument,
  checkApproval,
  checkLockDates,
} from './document-input.ts';
import {
  DOCUMENT_MOVES,
  DOCUMENT_STATUSES,
  rewrittenRefusals,
  settledRefusals,
} from './document-status.ts';
import { type ElementOutcome, refuse } from './envelope.ts';
import { hasSettlements } from './ledger.ts';
import type { Document } from './model.ts';
import type { Wire } from './wire-common.ts';

const MAX_NUMBER_CHARS = 255;

/** What sets invoices and credit notes apart; making and changing them is otherwise the same. */
export interface PaperKind {
  readonly kind: 'invoice' | 'creditNote';
  /** As it stands in front of `type must be specified` and in `… could not be found`. */
  readonly noun: string;
  readonly idField: string;
  readonly numberField: string;
  /** The type of sales, whose numbers are unique and made by themselves, and that of purchases. */
  readonly types: readonly [sale: string, purchase: string];
  readonly numberPrefix: string;
  readonly notModifiable: string;
  readonly numberTaken: string;
  /** Whether a known one may be given another number. */
  readonly isRenumbered: boolean;
  collection(books: Books): Books['invoices'];
  /** What the plan of the organisation says against an approval. */
  checkApproved?(
    books: Books,
    before: Document | undefined,
    after: Document,
    errors: string[],
  ): void;
  /** Stores it with the sums that follow, writes its history, and answers as the API shows it. */
  keep(act: Act, after: Document, before: Document | undefined): Wire;
}

/** The three acts on one kind of paper. */
export interface PaperActs {
  /** PUT: makes one. */
  create(act: Act, sent: Sent): ElementOutcome;
  /** POST: changes the one that the id, or for sales the number, matches, else makes one. */
  upsert(act: Act, sent: Sent): ElementOutcome;
  /** Changes a known one, as far as its status and what was done with it allow. */
  update(act: Act, before: Document, sent: Sent): ElementOutcome;
}

/**
 * The acts on a kind of paper. Each runs in its caller's transaction and answers a refusal as an
 * outcome: the caller takes back what came before it, such as a contact made for the paper.
 */
export function paperActs(kind: PaperKind): PaperActs {
  return {
    create: (act, sent) => create(kind, act, sent),
    upsert: (act, sent) => upsert(kind, act, sent),
    update: (act, before, sent) => update(kind, act, before, sent),
  };
}

function create(kind: PaperKind, act: Act, sent: Sent): ElementOutcome {
  const errors: string[] = [];
  const read = new FieldReader(sent, errors);
  const type = read.choice('Type', kind.types);
  if (!type && errors.length === 0) errors.push(`${kind.noun} type must be specified`);
  const contact = contactOfDocument(act, sent.Contact);
  if (typeof contact === 'string') errors.push(contact);
  if (!type || typeof contact === 'string') return refuse(sent, errors, kind.idField, ZERO_UUID);
  const number = readNumber(kind, read) || autoNumber(kind, act.books, type);
  const start = { kind: kind.kind, type, contactId: contact.id, number };
  const status = read.choice('Status', DOCUMENT_STATUSES) ?? 'DRAFT';
  if (!['DRAFT', 'SUBMITTED', 'AUTHORISED'].includes(status)) errors.push(kind.notModifiable);
  const draft = applyDocumentFields(act, blankDocument(act, start), sent, contact, errors);
  if (draft.lines.length === 0) errors.push('One or more line items must be specified');
  return finish(kind, act, { ...draft, status }, undefined, errors, sent, ZERO_UUID);
}

function upsert(kind: PaperKind, act: Act, sent: Sent): ElementOutcome {
  const { [kind.idField]: id, [kind.numberField]: number } = sent;
  if (typeof id === 'string' && id !== ZERO_UUID) {
    const known = kind.collection(act.books).get(id.toLowerCase());
    if (known) return update(kind, act, known, sent);
    return refuse(sent, [`The ${kind.noun.toLowerCase()} could not be found`], kind.idField, id);
  }
  if (typeof number === 'string' && sent.Type !== kind.types[1]) {
    const known = saleByNumber(kind, act.books, number);
    if (known) return update(kind, act, known, sent);
  }
  return create(kind, act, sent);
}

function update(kind: PaperKind, act: Act, before: Document, sent: Sent): ElementOutcome {
  const errors: string[] = [];
  const read = new FieldReader(sent, errors);
  const status = read.choice('Status', DOCUMENT_STATUSES) ?? before.status;
  if (!DOCUMENT_MOVES[before.status].includes(status)) errors.push(kind.notModifiable);
  else if (hasSettlements(before)) errors.push(...settledRefusals(before, sent, status));
  const contact = contactOfUpdate(act, before.contactId, sent.Contact);
  if (typeof contact === 'string') errors.push(contact);
  if (errors.length > 0 || typeof contact === 'string') {
    return refuse(sent, errors, kind.idField, before.id);
  }
  const number = (kind.isRenumbered && readNumber(kind, read)) || before.number;
  const base = { ...before, contactId: contact?.id ?? before.contactId, number };
  const changed = applyDocumentFields(act, base, sent, contact, errors);
  if (hasSettlements(before)) errors.push(...rewrittenRefusals(before, changed));
  return finish(kind, act, { ...changed, status }, before, errors, sent, before.id);
}

function finish(
  kind: PaperKind,
  act: Act,
  after: Document,
  before: Document | undefined,
  errors: string[],
  sent: Sent,
  id: string,
): ElementOutcome {
  const isSale = after.type === kind.types[0];
  const twin = isSale ? saleByNumber(kind, act.books, after.number) : undefined;
  if (twin && twin.id !== after.id) errors.push(kind.numberTaken);
  const isApproved = after.status === 'AUTHORISED' || after.status === 'PAID';
  if (isApproved) checkApproval(after, errors);
  if (isApproved && before?.status !== after.status) {
    kind.checkApproved?.(act.books, before, after, errors);
  }
  if (isApproved || after.status === 'VOIDED') checkLockDates(act.books, after.day, errors);
  // A paper of a closed period cannot leave it either.
  if (before?.status === 'AUTHORISED' && before.day !== after.day) {
    checkLockDates(act.books, before.day, errors);
  }
  if (errors.length > 0) return refuse(sent, [...new Set(errors)], kind.idField, id);
  return { ok: true, wire: kind.keep(act, after, before) };
}

function readNumber(kind: PaperKind, read: FieldReader): string | undefined {
  return read.text(kind.numberField, MAX_NUMBER_CHARS)?.trim();
}

/** The sale with that number; deleted ones free theirs. */
export function saleByNumber(kind: PaperKind, books: Books, number: string): Document | undefined {
  if (!number) return undefined;
  return kind
    .collection(books)
    .find('number', number.trim().toLowerCase())
    .find(({ type, status }) => type === kind.types[0] && status !== 'DELETED');
}

/** The next free `INV-0001`; purchases get none. */
function autoNumber(kind: PaperKind, books: Books, type: string): string {
  if (type !== kind.types[0]) return '';
  const all = kind.collection(books);
  for (let i = all.size + 1; ; i++) {
    const number = `${kind.numberPrefix}-${String(i).padStart(4, '0')}`;
    if (all.find('number', number.toLowerCase()).length === 0) return number;
  }
}
