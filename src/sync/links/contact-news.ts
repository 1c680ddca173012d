import type { WireContact } from '#xero/index';
import { fieldsOfContact } from '../push/contact-mapping.ts';
import { archivedWords, erasingWords } from '../push/push-outcome.ts';
import type { ContactLink, ContactStatus } from './contact-link.ts';

const STATUSES: Record<string, ContactStatus> = {
  ACTIVE: 'active',
  ARCHIVED: 'archived',
  GDPRREQUEST: 'erasing',
};

/**
 * The link after a look at its contact, whatever made us look. An archived or erasing contact
 * blocks pushes while its papers go on arriving; one that was restored gets another try. What the
 * bookkeeper changed is only remembered: it is weighed at the next push.
 */
export function afterNews(link: ContactLink, contact: WireContact, now: Date): ContactLink {
  const status = STATUSES[contact.ContactStatus] ?? 'active';
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
  if (wasRestored && link.standing === 'blocked') {
    return { ...read, standing: 'waiting', reasons: [], attempts: 0, nextAttemptAt: now };
  }
  if (link.standing !== 'in-step') return read;
  return { ...read, reasons: codeChanged(link, seen.contactNumber) };
}

/** Our key was changed or taken off in Xero: the link holds by the contact's id, but people see it. */
function codeChanged(link: ContactLink, code: string | null): string[] {
  const ours = link.base?.contactNumber ?? null;
  if (ours === null || ours === code) return [];
  const now = code === null ? 'was removed' : `is now “${code}” instead of “${ours}”`;
  return [`The contact’s code ${now} in Xero. Invoices go on arriving all the same.`];
}
