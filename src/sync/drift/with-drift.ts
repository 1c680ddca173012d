import type { ContactLink } from '../links/contact-link.ts';
import type { ContactFields } from '../push/contact-mapping.ts';
import { baseWithOffered } from '../push/offered.ts';
import { type Accepted, DRIFT_FIELDS, type DriftField, judge } from './judge.ts';

/**
 * The link with its drift as both sides stand now, whoever changed something: what differs and was
 * not agreed to is open and is weighed by the rules next; a permission to differ that no longer fits
 * is forgotten; what turned out to be ours to send makes a link that was in step wait again.
 *
 * @param ours what the record says now
 */
export function withDrift(link: ContactLink, ours: ContactFields): ContactLink {
  const { seen } = link;
  if (link.contactId === null || link.base === null || seen === null) {
    return { ...link, accepted: {}, drift: [], driftSince: null, driftWeighed: null };
  }
  const base = baseWithOffered(link.base, link.offered, seen);
  const accepted: Accepted = {};
  const agreed: Partial<ContactFields> = {};
  const drift: DriftField[] = [];
  let isToSend = false;
  for (const field of DRIFT_FIELDS) {
    const sides = { base: base[field], ours: ours[field], theirs: seen[field] };
    const verdict = judge({ ...sides, accepted: link.accepted[field], winner: 'ask' });
    if (verdict === 'agreed') Object.assign(agreed, { [field]: ours[field] });
    if (verdict === 'apart') accepted[field] = link.accepted[field];
    if (verdict === 'send') isToSend = true;
    if (verdict === 'ask') drift.push(field);
  }
  const isOpen = drift.length > 0;
  return {
    ...link,
    base: { ...base, ...agreed },
    accepted,
    drift,
    driftSince: isOpen ? (link.driftSince ?? link.contactChangedAt) : null,
    driftWeighed: null,
    // Whatever else touches the link, it does not pass for sent before this is.
    pushedRevision: isToSend ? null : link.pushedRevision,
    standing: isToSend && link.standing === 'in-step' ? 'waiting' : link.standing,
  };
}
