import type { Collection, Row } from '../core/collection.ts';
import { ZERO_UUID } from '../core/ids.ts';
import { isRecord, type Sent } from '../rules/field-reader.ts';
import type { Act } from './api-call.ts';
import { type Books, DOCUMENT_KINDS, documentsOf, nameKey } from './books.ts';
import { applyContactFields } from './contact-input.ts';
import { wireContact } from './contact-wire.ts';
import { type ElementOutcome, refuse } from './envelope.ts';
import { noteHistory } from './history.ts';
import { type Contact, EMPTY_CONTACT } from './model.ts';

export const ARCHIVED_REFUSAL =
  'The specified contact details matched an archived contact. Archived contacts cannot currently be edited via the API.';

/** PUT: makes a contact; refuses when its name (active) or its ContactNumber exists. */
export function createContact(act: Act, sent: Sent): ElementOutcome {
  const errors: string[] = [];
  const contact = applyContactFields(blankContact(act), sent, errors);
  if (!contact.name && errors.length === 0) errors.push('The contact name must be specified.');
  const twin = contact.number
    ? act.books.contacts.find('number', contact.number.toLowerCase())[0]
    : undefined;
  if (twin?.status === 'ARCHIVED') errors.push(ARCHIVED_REFUSAL);
  else if (twin)
    errors.push(`The contact number ${contact.number} is already assigned to another contact.`);
  addNameClash(act.books, contact, errors);
  addOnPurpose(act, contact, errors);
  if (errors.length > 0) return refuse(sent, errors, 'ContactID', ZERO_UUID);
  return keepContact(act, contact, 'Created');
}

/** POST: updates the contact that the id, the number or the active name matches, else makes one. */
export function upsertContact(act: Act, sent: Sent): ElementOutcome {
  const matched = matchContact(act.books, sent);
  if (matched === 'unknown-id') {
    return refuse(
      sent,
      ['The contact could not be found for the ContactID provided.'],
      'ContactID',
      String(sent.ContactID),
    );
  }
  return matched ? updateContact(act, matched, sent) : createContact(act, sent);
}

/** Changes a known contact. Archived ones refuse; recorded. */
export function updateContact(act: Act, contact: Contact, sent: Sent): ElementOutcome {
  const isRestored =
    act.switches.apiRestoresContacts &&
    contact.status === 'ARCHIVED' &&
    String(sent.ContactStatus ?? '').toUpperCase() === 'ACTIVE';
  if (contact.status !== 'ACTIVE' && !isRestored) {
    return refuse(sent, [ARCHIVED_REFUSAL], 'ContactID', contact.id);
  }
  const errors: string[] = [];
  const base = isRestored ? { ...contact, mergedToId: undefined } : contact;
  const changed = applyContactFields(base, sent, errors);
  addNameClash(act.books, changed, errors);
  addNumberClash(act.books, changed, errors);
  addOnPurpose(act, changed, errors);
  if (errors.length > 0) return refuse(sent, errors, 'ContactID', contact.id);
  return keepContact(act, changed, changed.status === 'ARCHIVED' ? 'Archived' : 'Edited');
}

function keepContact(act: Act, contact: Contact, what: string): ElementOutcome {
  const kept = { ...contact, updatedAtMs: act.clock.nowMs() };
  act.books.contacts.put(kept);
  noteHistory(act, kept.id, what, kept.name);
  return { ok: true, wire: wireContact(act.books, kept, 'full', act.clock.today()) };
}

function matchContact(books: Books, sent: Sent): Contact | 'unknown-id' | undefined {
  if (typeof sent.ContactID === 'string' && sent.ContactID !== ZERO_UUID) {
    return books.contacts.get(sent.ContactID.toLowerCase()) ?? 'unknown-id';
  }
  if (typeof sent.ContactNumber === 'string' && sent.ContactNumber) {
    const found = books.contacts.find('number', sent.ContactNumber.toLowerCase());
    const best = found.find((contact) => contact.status === 'ACTIVE') ?? found[0];
    if (best) return best;
  }
  return typeof sent.Name === 'string' ? activeByName(books, sent.Name) : undefined;
}

function activeByName(books: Books, name: string): Contact | undefined {
  return books.contacts
    .find('name', nameKey(name.replace(/\s+/g, ' ')))
    .find((contact) => contact.status === 'ACTIVE');
}

function addNameClash(books: Books, contact: Contact, errors: string[]): void {
  if (!contact.name || contact.status !== 'ACTIVE') return;
  const twin = activeByName(books, contact.name);
  if (twin && twin.id !== contact.id) {
    errors.push(
      `The contact name ${contact.name} is already assigned to another contact. The contact name must be unique across all active contacts.`,
    );
  }
}

/** Some contacts are refused on purpose while their neighbours are taken. */
function addOnPurpose({ switches }: Act, { name }: Contact, errors: string[]): void {
  if (switches.sentinelNames && /\bFault Refused\b/i.test(name)) {
    errors.push('The contact is refused because of its name.');
  }
}

function addNumberClash(books: Books, contact: Contact, errors: string[]): void {
  if (!contact.number) return;
  const twin = books.contacts
    .find('number', contact.number.toLowerCase())
    .find((other) => other.id !== contact.id);
  if (twin)
    errors.push(`The contact number ${contact.number} is already assigned to another contact.`);
}

/**
 * The contact of a sent document. Only `ContactID` is safe to send: any other field rewrites the
 * contact and drops its ContactPersons, as integrators found.
 * @returns the contact, or the message that refuses the document.
 */
export function contactOfDocument(act: Act, sent: unknown): Contact | string {
  if (!isRecord(sent)) return 'A Contact must be specified for this type of transaction';
  const matched = matchContact(act.books, sent);
  if (matched === 'unknown-id') return 'The contact could not be found for the ContactID provided.';
  const others = Object.keys(sent).filter((key) => key !== 'ContactID' && sent[key] != null);
  if (matched && matched.status !== 'ACTIVE') return ARCHIVED_REFUSAL;
  if (matched && others.length === 0) return matched;
  const outcome = matched
    ? updateContact(act, matched, { ContactPersons: [], ...sent })
    : createContact(act, sent);
  if (!outcome.ok) return outcome.errors[0] ?? 'The contact is not valid';
  const id = String(outcome.wire.ContactID);
  return act.books.contacts.get(id) ?? 'The contact is not valid';
}

/**
 * The contact sent with a change of a document: its own again, another one, or none.
 * @returns undefined when none was sent, or the message that refuses the change.
 */
export function contactOfUpdate(
  act: Act,
  currentId: string,
  sent: unknown,
): Contact | string | undefined {
  if (sent === undefined || sent === null) return undefined;
  const id = isRecord(sent) ? sent.ContactID : undefined;
  const current = act.books.contacts.get(currentId);
  if (current && typeof id === 'string' && id.toLowerCase() === current.id) return current;
  return contactOfDocument(act, sent);
}

/** Marks whose papers a contact has; it does not move UpdatedDateUTC and makes no webhook. */
export function markTrade(books: Books, contactId: string, side: 'customer' | 'supplier'): void {
  const contact = books.contacts.get(contactId);
  if (!contact) return;
  const isCustomer = contact.isCustomer || side === 'customer';
  const isSupplier = contact.isSupplier || side === 'supplier';
  if (isCustomer === contact.isCustomer && isSupplier === contact.isSupplier) return;
  books.contacts.put({ ...contact, isCustomer, isSupplier }, 'quiet');
}

/**
 * What the merge in Xero's pages does: the loser is archived and points to the winner, to whom its
 * papers move. A webhook comes of the loser; that papers or the winner are dated anew is nowhere
 * said, and that papers name the winner at once is met otherwise, so each is a switch.
 */
export function mergeContacts(act: Act, loser: Contact, winner: Contact): void {
  const nowMs = act.clock.nowMs();
  const isLoud = act.switches.mergesMovePapersLoudly;
  if (!act.switches.mergesLeavePapers) movePapers(act, loser.id, winner.id);
  act.books.contacts.put({
    ...loser,
    status: 'ARCHIVED',
    mergedToId: winner.id,
    updatedAtMs: nowMs,
  });
  act.books.contacts.put(
    {
      ...winner,
      isCustomer: winner.isCustomer || loser.isCustomer,
      isSupplier: winner.isSupplier || loser.isSupplier,
      updatedAtMs: isLoud ? nowMs : winner.updatedAtMs,
    },
    isLoud ? 'act' : 'quiet',
  );
  noteHistory(act, winner.id, 'Merged', `${loser.name} was merged into ${winner.name}`);
}

function movePapers(act: Act, loserId: string, winnerId: string): void {
  const isLoud = act.switches.mergesMovePapersLoudly;
  const dated = isLoud ? { updatedAtMs: act.clock.nowMs() } : {};
  for (const kind of DOCUMENT_KINDS) {
    const documents = documentsOf(act.books, kind);
    for (const document of documents.find('contact', loserId)) {
      documents.put({ ...document, contactId: winnerId, ...dated }, isLoud ? 'act' : 'quiet');
    }
  }
  moveToWinner(act.books.bankTransactions, loserId, winnerId);
  moveToWinner(act.books.repeatingInvoices, loserId, winnerId);
}

function moveToWinner<T extends Row & { readonly contactId: string }>(
  rows: Collection<T>,
  loserId: string,
  winnerId: string,
): void {
  for (const row of rows.all().filter(({ contactId }) => contactId === loserId)) {
    rows.put({ ...row, contactId: winnerId });
  }
}

function blankContact(act: Act): Contact {
  return { ...EMPTY_CONTACT, id: act.ids.uuid(), createdByApp: act.appId };
}
