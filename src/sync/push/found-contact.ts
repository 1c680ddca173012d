import type { WireContact } from '#xero/index';
import { acceptedAsFound } from '../drift/judge.ts';
import { afterPush, type ContactLink } from '../links/contact-link.ts';
import { contactStatusOf } from '../links/contact-news.ts';
import type { Party } from '../parties/party.ts';
import { fieldsOfContact, fieldsOfParty } from './contact-mapping.ts';
import { baseWithOffered } from './offered.ts';
import { baseForFound, baseForSurvivor } from './three-way.ts';

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
  const seen = fieldsOfContact(contact);
  const ours = fieldsOfParty(party, link.bearsNumber);
  // It may be the very one that was created by a request without an answer.
  const base =
    kind === 'found'
      ? baseWithOffered(baseForFound(ours, seen), link.offered, seen)
      : baseForSurvivor(link.base, ours, seen);
  const known = {
    contactId: contact.ContactID,
    base,
    accepted: kind === 'found' ? acceptedAsFound(base, ours, seen) : link.accepted,
    seen,
    changedAt: contact.updatedAt,
    contactStatus: contactStatusOf(contact),
  };
  const outcome = kind === 'found' ? { kind, how: 'found' as const, ...known } : { kind, ...known };
  return afterPush(link, party.revision, outcome, now);
}
