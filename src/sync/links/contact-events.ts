import { aboutParty, type BursarEvent, type EventOf } from '#events/index';
import type { ContactLink } from './contact-link.ts';

type What = EventOf<'contact.changed-in-xero'>['what'];
type Changes = EventOf<'contact.changed-in-xero'>['changes'];

/**
 * What the bookkeeper did to a contact since it was last looked at, as people read it in the
 * learner's history. Our own writes are in what was last seen already.
 */
export function contactEvents(before: ContactLink, after: ContactLink): BursarEvent[] {
  const { xeroOrgId } = after;
  const contactId = after.contactId ?? before.contactId ?? '';
  const event = (what: What, changes: Changes = []): BursarEvent => ({
    kind: 'contact.changed-in-xero',
    ...aboutParty(after),
    xeroOrgId,
    contactId,
    what,
    changes,
  });
  const events: BursarEvent[] = [];
  const status = statusWord(before, after);
  if (status) events.push(event(status));
  if (!before.seen || !after.seen) return events;
  const { name, contactNumber } = before.seen;
  if (name !== after.seen.name) {
    events.push(event('renamed', [{ field: 'name', from: name, to: after.seen.name }]));
  }
  if (contactNumber !== after.seen.contactNumber) {
    const change = { field: 'code', from: contactNumber, to: after.seen.contactNumber };
    events.push(event('code-changed', [change]));
  }
  return events;
}

function statusWord(before: ContactLink, after: ContactLink): What | null {
  if (before.contactStatus === after.contactStatus) return null;
  switch (after.contactStatus) {
    case 'archived':
    case 'erasing':
    case 'merged':
      return after.contactStatus;
    default:
      return before.contactStatus === null ? null : 'restored';
  }
}

/** The contact of this link was merged into another one. */
export function mergedEvent(link: ContactLink): BursarEvent {
  return {
    kind: 'contact.changed-in-xero',
    ...aboutParty(link),
    xeroOrgId: link.xeroOrgId,
    contactId: link.contactId ?? '',
    what: 'merged',
    changes: [],
  };
}
