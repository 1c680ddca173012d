import type { PartyKind } from '#contract/ids';
import type { FieldChange } from '#events/index';
import type { Accepted } from '../drift/judge.ts';
import type { ContactStatus } from '../links/contact-link.ts';
import type { Party } from '../parties/party.ts';
import type { ContactFields } from './contact-mapping.ts';

/** A contact as we now know it. */
interface KnownContact {
  contactId: string;
  base: ContactFields;
  seen: ContactFields;
  changedAt: Date | null;
  /** Fields in which both were found to differ where nobody changed anything. */
  accepted: Accepted;
}

/** What became of one party's push. Waiting for Xero is the lane's matter and stands there. */
export type PushOutcome =
  /** Both sides agree; `wasSent` tells whether a call was needed. */
  | (KnownContact & {
      kind: 'in-step';
      how: 'created' | 'updated';
      wasSent: boolean;
      bearsNumber: boolean;
      /** Which code the bookkeeper had put, that ours replaced. */
      overwritten: FieldChange[];
      /** Fields that say something else in Xero and were left so. */
      left: readonly (keyof ContactFields)[];
    })
  /** A contact with our number is there already; `refusal`: why it is not taken, where it isn't. */
  | (KnownContact & {
      kind: 'found';
      how: 'created' | 'found';
      contactStatus: ContactStatus;
      refusal?: string[];
    })
  /** The contact was merged into this one. */
  | (KnownContact & { kind: 'moved'; contactStatus: ContactStatus })
  /** No contact with our number is there, so it may be created. */
  | { kind: 'absent' }
  /** It may be there already: look before creating. */
  | { kind: 'look-up' }
  /** Another active contact has the plain name. */
  | { kind: 'name-taken' }
  /** Our number still stands on the contact of another one here, who is about to be sent their own. */
  | { kind: 'number-held' }
  /** Our number can't be put on this contact; `base` says that we no longer want it there. */
  | { kind: 'without-code'; base: ContactFields }
  | { kind: 'refused'; reasons: string[]; contactStatus?: 'archived' | 'erasing' }
  /** Sent, no answer; `wasAnswered`: or one that does not name this contact. */
  | { kind: 'uncertain'; wasAnswered?: true };

/** What Xero's own words mean (recorded from its live answers). */
export type RefusalCause =
  | 'name-taken'
  | 'number-taken'
  | 'archived'
  | 'people-need-email'
  | 'email'
  | 'website'
  | 'other';

const CAUSES: [RefusalCause, RegExp][] = [
  ['archived', /archived contact/i],
  ['number-taken', /contact ?(number|code)\b.*\b(already|unique|exists|in use)/i],
  ['name-taken', /contact name\b.*\b(already|unique|exists)/i],
  // Else the e-mail address that is not there would be blamed.
  ['people-need-email', /additional people cannot be added/i],
  ['email', /e-?mail ?address/i],
  // Of a contact that is there: we send none, and Xero refuses other changes too (XeroAPI/Xero-NetStandard, 623).
  ['website', /website must be valid/i],
];

/** The cause behind a row's messages; `other` when they are new to us. */
export function causeOf(messages: readonly string[]): RefusalCause {
  const text = messages.join(' ');
  return CAUSES.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';
}

/**
 * Why Xero refused, in plain words, with its own words after them. `standing` is the e-mail address
 * that the contact keeps in Xero where another one is ours and none was sent: Xero checks it too,
 * whatever is sent.
 */
export function refusalReasons(
  messages: readonly string[],
  party: Party,
  standing: string | null = null,
): string[] {
  const own = messages.map((message) => `Xero says: “${message}”`);
  const words = plainWords(causeOf(messages), party, standing);
  return words === null ? own : [words, ...own];
}

function plainWords(cause: RefusalCause, party: Party, standing: string | null): string | null {
  const name = party.label;
  switch (cause) {
    case 'archived':
      return archivedWords;
    case 'number-taken':
      return codeTakenWords(party);
    case 'name-taken':
      return `Another active contact in Xero is named like ${name}, even with the number ${party.number}. Rename one of them in Xero, then try again.`;
    case 'people-need-email':
      return `Xero takes no contact without an e-mail address while further people stand on it. Give ${name} an e-mail address here, or remove the further people from the contact in Xero, then try again.`;
    case 'email':
      if (standing !== null) {
        return `Xero takes no change of this contact while the e-mail address “${standing}” stands there. Correct or clear it on the contact in Xero, then try again.`;
      }
      return `Xero does not take the e-mail address ${party.email ?? ''}. Correct it here.`;
    case 'website':
      return `Xero takes no change of this contact while its Website stands as it does. Clear it on the contact in Xero, then try again.`;
    case 'other':
      return null;
  }
}

/** Told of one whose number stands on a contact that is nobody's here. */
export function codeTakenWords({ label, number }: Party, isArchived = false): string {
  const wayOut = isArchived ? ' It is archived, so it has to be restored first.' : '';
  return `Another contact in Xero has the code ${number}. Clear it there, or give ${label} another number.${wayOut}`;
}

export const archivedWords =
  'The contact is archived in Xero, where archived contacts can’t be changed. Restore it in Xero, then try again.';
export const erasingWords =
  'Xero has been asked to erase this person’s details, so nothing is sent to the contact.';
export const goneWords: Record<PartyKind, string> = {
  learner: 'Xero no longer has the contact that this learner was linked to.',
  workplace: 'Xero no longer has the contact that this workplace was linked to.',
};

/** Told of one whose contact was merged in Xero into that of another one here. */
export function mergedIntoOther(
  kind: PartyKind,
  other: Pick<Party, 'kind' | 'label' | 'number'>,
): string {
  const { label, number } = other;
  const wayOut =
    kind !== other.kind
      ? 'If both are the same, turn Sync to Xero off for this one.'
      : kind === 'learner'
        ? 'If they are one person, merge the two learners here, or turn Sync to Xero off for this one.'
        : 'If they are one workplace, turn Sync to Xero off for this one.';
  return `In Xero the contact was merged into the one of ${label} (${number}). ${wayOut}`;
}
