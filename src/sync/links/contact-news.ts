import type { WireContact } from '#xero/index';
import { fieldsOfContact } from '../push/contact-mapping.ts';
import { archivedWords, erasingWords } from '../push/push-outcome.ts';
import { type ContactLink, type ContactStatus, codeRemarks } from './contact-link.ts';

const STATUSES: Record<string, ContactStatus> = {
  ACTIVE: 'active',
  ARCHIVED: 'archived',
  GDPRREQUEST: 'erasing',
};

/**
 * Xero's three values of `ContactStatus` (Accounting API, Contacts) in our words; one that it may
 * add counts as active. A contact that was merged away is told by `MergedToContactID`.
 */
export function contactStatusOf(contact: WireContact): ContactStatus {
  return STATUSES[contact.ContactStatus] ?? 'active';
}

/**
 * The link after a look at its contact, whatever made us look. An archived or erasing contact
 * blocks pushes while its papers go on arriving; one that was restored gets another try, and so does
 * one whose merge into somebody else's was taken back: there is nothing left to decide. What the
 * bookkeeper changed is only remembered: it is weighed at the next push.
 */
export function afterNews(link: ContactLink, contact: WireContact, now: Date): ContactLink {
  const status = contactStatusOf(contact);
  const seen = fieldsOfContact(contact);
  const read: ContactLink = {
    ...link,
    seen,
    contactStatus: status,
    contactChangedAt: contact.updatedAt ?? link.contactChangedAt,
  };
  if (link.standing === null) return read;
  if (status === 'archived') return { ...read, standing: 'blocked', reasons: [archivedWords] };
  if (status === 'erasing') return { ...read, standing: 'blocked', reasons: [erasingWords] };
  const wasRestored = link.contactStatus === 'archived' || link.contactStatus === 'erasing';
  const isParted = link.contactStatus === 'merged' && link.standing === 'undecided';
  if (isParted || (wasRestored && link.standing === 'blocked')) {
    return { ...read, standing: 'waiting', reasons: [], attempts: 0, nextAttemptAt: now };
  }
  if (link.standing !== 'in-step') return read;
  const reasons = codeRemarks(link.base?.contactNumber ?? null, seen.contactNumber);
  return { ...read, reasons };
}
