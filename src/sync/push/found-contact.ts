import type { WireContact } from '#xero/index';
import { acceptedAsFound } from '../drift/judge.ts';
import { afterPush, type ContactLink } from '../links/contact-link.ts';
import { contactStatusOf } from '../links/contact-news.ts';
import { matchContactOf } from '../matching/contact-store.ts';
import { matchPartyOf } from '../matching/match-parties.ts';
import { foldContact, foldParty } from '../matching/match-person.ts';
import { evidenceFor, strengthOf } from '../matching/score.ts';
import type { Party } from '../parties/party.ts';
import { type ContactFields, fieldsOfContact, fieldsOfParty } from './contact-mapping.ts';
import { sameValue } from './field-value.ts';
import { baseWithOffered } from './offered.ts';
import { baseForAdopted, baseForFound, baseForSurvivor } from './three-way.ts';

/** By what a contact that this Bursar made is known; the rest Xero may keep in its own way. */
const WHO = ['name', 'firstName', 'lastName', 'email'] as const;

/**
 * Whether a contact that bears a party's number is taken for theirs without a person: it says who was
 * sent there, or would be now, so that this Bursar made it; or it is active, has more in common than
 * the number, and nobody has said that a new one is wanted. Decision 032 has the rule.
 */
export function isTheirs(link: ContactLink, party: Party, contact: WireContact): boolean {
  const isOurs = saysWho(link, party, fieldsOfContact(contact));
  // One that was merged away leads to the one that is left, and stays archived for ever.
  if (contact.MergedToContactID !== null) return isOurs;
  if (contactStatusOf(contact) !== 'active') return false;
  return isOurs || (!link.wantsNew && isCertain(party, contact));
}

function saysWho(link: ContactLink, party: Party, seen: ContactFields): boolean {
  const ours = fieldsOfParty(party, link.bearsNumber);
  const says = (who: Partial<ContactFields>) =>
    WHO.every((field) => sameValue(who[field] ?? null, seen[field]));
  return says(ours) || (link.offered !== null && says(link.offered));
}

function isCertain(party: Party, contact: WireContact): boolean {
  const learner = foldParty(matchPartyOf(party));
  const theirs = foldContact(matchContactOf(contact));
  return strengthOf(evidenceFor(learner, theirs), learner, theirs) === 'certain';
}

/**
 * What is known of a contact that was found by the party's number. Of one that this Bursar made our
 * fields are still to be sent; another one keeps what it says, as after a match.
 */
export function asFound(link: ContactLink, party: Party, contact: WireContact) {
  const seen = fieldsOfContact(contact);
  const ours = fieldsOfParty(party, link.bearsNumber);
  const isOurs = saysWho(link, party, seen);
  const found = isOurs ? baseForFound(ours, seen) : baseForAdopted(ours, seen, false);
  // It may be the very one that was created by a request without an answer.
  const base = baseWithOffered(found, link.offered, seen);
  return { ...knownAs(contact, seen), base, accepted: acceptedAsFound(base, ours, seen) };
}

function knownAs(contact: WireContact, seen: ContactFields) {
  return {
    contactId: contact.ContactID,
    seen,
    changedAt: contact.updatedAt,
    contactStatus: contactStatusOf(contact),
  };
}

/**
 * The link tied to a contact that was read and not written: `found` by the party's number, or
 * `moved`, since the former one was merged into it.
 */
export function adopt(
  link: ContactLink,
  party: Party,
  contact: WireContact,
  kind: 'found' | 'moved',
  now: Date,
): ContactLink {
  if (kind === 'found') {
    const outcome = { kind, how: kind, ...asFound(link, party, contact) };
    return afterPush(link, party.revision, outcome, now);
  }
  const seen = fieldsOfContact(contact);
  const base = baseForSurvivor(link.base, fieldsOfParty(party, link.bearsNumber), seen);
  const outcome = { kind, ...knownAs(contact, seen), base, accepted: link.accepted };
  return afterPush(link, party.revision, outcome, now);
}
