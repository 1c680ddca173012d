import type { PartyId } from '#contract/ids';
import type { Evidence, Obstacle } from '#contract/matching';
import { foldEmail, foldedPieces, foldLetters, foldName } from '#platform/folding';
import type { ContactStatus } from '../links/contact-link.ts';

/** A party as far as telling people apart needs it. */
export interface MatchParty {
  partyId: PartyId;
  revision: number;
  number: string;
  firstName: string | null;
  preferredName: string | null;
  lastName: string | null;
  email: string | null;
  alternativeEmail: string | null;
  phones: readonly string[];
  /** The provider's own code, which an earlier system may have put on the contact. */
  refExternal: string | null;
  /** What a company is called; empty for a person. */
  companyNames: readonly string[];
}

/** A contact of Xero as far as telling people apart needs it. */
export interface MatchContact {
  contactId: string;
  name: string;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  phones: readonly string[];
  code: string | null;
  status: ContactStatus;
}

/** A contact that may be a learner's, with what speaks for it and what stands in the way. */
export interface Candidate {
  contactId: string;
  evidence: Evidence[];
  obstacle: Obstacle | null;
}

/** A code as it is compared: case, accents and spaces do not count. */
export function foldCode(code: string): string {
  return foldLetters(code).replace(/\s+/g, '');
}

/** Everything the rules ask about one side, folded once. */
export interface Folded {
  codes: readonly string[];
  emails: ReadonlySet<string>;
  /** The whole name in both orders, without spaces and signs. */
  names: ReadonlySet<string>;
  family: string;
  /** The words of the name. */
  pieces: ReadonlySet<string>;
  phones: ReadonlySet<string>;
}

/** So many last digits make a phone number, whichever prefix stands before them. */
const PHONE_DIGITS = 8;

function foldPhone(phone: string): string | null {
  const digits = phone.replace(/\D/g, '');
  return digits.length < PHONE_DIGITS ? null : digits.slice(-PHONE_DIGITS);
}

function filled(texts: readonly (string | null)[]): string[] {
  return texts.filter((text) => text !== null && text !== '') as string[];
}

function emailsOf(...emails: (string | null)[]): Set<string> {
  return new Set(filled(emails).map(foldEmail));
}

function phonesOf(phones: readonly string[]): Set<string> {
  return new Set(filled(phones.map(foldPhone)));
}

/** `Kim Lee` and `Lee, Kim` are one name. */
function bothOrders(first: string, last: string): string[] {
  const [given, family] = [foldName(first), foldName(last)];
  return filled([given + family, family + given]);
}

/** The codes are the party's number first, then the provider's own code. */
export function foldParty(party: MatchParty): Folded {
  const { firstName, preferredName, lastName, refExternal } = party;
  const last = lastName ?? '';
  const givens = filled([firstName, preferredName]);
  const { companyNames } = party;
  const people = last === '' ? [] : givens.flatMap((given) => bothOrders(given, last));
  return {
    codes: [foldCode(party.number), ...filled([refExternal]).map(foldCode)],
    emails: emailsOf(party.email, party.alternativeEmail),
    names: new Set(filled([...people, ...companyNames.map(foldName)])),
    family: foldName(last),
    pieces: new Set(
      filled([firstName, preferredName, lastName, ...companyNames]).flatMap(foldedPieces),
    ),
    phones: phonesOf(party.phones),
  };
}

/** What bookkeepers put behind a name to tell two people apart: `Kim Lee (2)`. */
const BEHIND_NAME = /\s*\([^()]*\)\s*$/;

/**
 * A contact's name counts without what bookkeepers put behind it; its first and last name make a
 * name only where both are there.
 */
export function foldContact(contact: MatchContact): Folded {
  const name = contact.name.replace(BEHIND_NAME, '') || contact.name;
  const first = contact.firstName ?? '';
  const last = contact.lastName ?? '';
  const fromParts = first !== '' && last !== '' ? bothOrders(first, last) : [];
  const pieces = filled([name, first, last]).flatMap(foldedPieces);
  return {
    codes: filled([contact.code]).map(foldCode),
    emails: emailsOf(contact.email),
    names: new Set(filled([foldName(name), ...fromParts])),
    family: foldName(last),
    pieces: new Set(pieces),
    phones: phonesOf(contact.phones),
  };
}

/** Texts of Xero can be long; the database keeps keys in an index. */
const KEY_MAX = 200;

/**
 * The keys under which two people are worth comparing: without a common one no rule speaks for
 * them. A phone alone is none, since it never suffices; it comes with the family name or the whole
 * name, which has a key of its own.
 */
export function keysOf(folded: Folded): string[] {
  return [
    ...folded.codes.map((code) => `c ${code}`),
    ...[...folded.emails].map((email) => `e ${email}`),
    ...[...folded.names].map((name) => `n ${name}`),
  ].map((key) => key.slice(0, KEY_MAX));
}

/** The key under which whoever is called so stands. */
export function nameKey(name: string): string {
  return `n ${foldName(name)}`.slice(0, KEY_MAX);
}

/** Whether a key of `keysOf` is an e-mail: one that very many contacts share says nothing. */
export function isEmailKey(key: string): boolean {
  return key.startsWith('e ');
}
