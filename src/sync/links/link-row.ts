import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { LearnerId, PartyId, PartyKind, XeroOrgId } from '#contract/ids';
import { SyncStanding } from '#contract/sync';
import type { ContactLinks } from '#platform/schema';
import { DRIFT_FIELDS } from '../drift/judge.ts';
import type { ContactLink, ContactStatus } from './contact-link.ts';

const text = z.string().nullable();
const Slot = z
  .object({
    lines: z.array(z.string()),
    city: z.string(),
    region: z.string(),
    postalCode: z.string(),
    country: z.string(),
  })
  .nullable();
const Fields = z
  .object({
    name: z.string(),
    contactNumber: text,
    firstName: text,
    lastName: text,
    email: text,
    mobile: text,
    home: text,
    work: text,
    street: Slot,
    postal: Slot,
  })
  .nullable();
const Offered = Fields.unwrap().partial().nullable();
const Value = z.union([z.string(), Slot]);
const Apart = z.object({ ours: Value, theirs: Value });
const AcceptedFields = z.partialRecord(z.enum(DRIFT_FIELDS), Apart);
const Drift = z.array(z.enum(DRIFT_FIELDS));
const Reasons = z.array(z.string());

/**
 * The link that a whole row stands for. What a merge has to remember (`contact_from`,
 * `had_contact`) is no part of it; see `handover-store`.
 */
export function toLink(row: Selectable<ContactLinks>): ContactLink {
  return {
    xeroOrgId: row.xero_org_id as XeroOrgId,
    partyKind: row.party_kind as PartyKind,
    partyId: row.party_id as PartyId,
    contactId: row.contact_id,
    contactStatus: row.contact_status as ContactStatus | null,
    wantedRevision: row.wanted_revision,
    pushedRevision: row.pushed_revision,
    base: Fields.parse(row.base),
    seen: Fields.parse(row.seen),
    offered: Offered.parse(row.offered) as ContactLink['offered'],
    contactChangedAt: row.contact_changed_at,
    standing: SyncStanding.nullable().parse(row.standing),
    reasons: Reasons.parse(row.reasons),
    bearsNumber: row.numbered_name,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    uncertainSince: row.uncertain_since,
    lastAttemptAt: row.last_attempt_at,
    lastPushedAt: row.last_pushed_at,
    isUrgent: row.urgent,
    papersDue: row.papers_due,
    isMatchDue: row.match_due,
    replacesCode: row.replaces_code,
    wantsNew: row.wants_new,
    papersFor: row.papers_for as LearnerId | null,
    accepted: AcceptedFields.parse(row.accepted),
    drift: Drift.parse(row.drift),
    driftSince: row.drift_since,
    driftWeighed: row.drift_weighed,
  };
}

/** The columns that a change of a link writes. */
export const CHANGED_COLUMNS = [
  'contact_id',
  'contact_status',
  'pushed_revision',
  'base',
  'seen',
  'offered',
  'contact_changed_at',
  'standing',
  'reasons',
  'numbered_name',
  'attempts',
  'next_attempt_at',
  'uncertain_since',
  'last_attempt_at',
  'last_pushed_at',
  'urgent',
  'papers_due',
  'replaces_code',
  'wants_new',
  'accepted',
  'drift',
  'drift_since',
  'drift_weighed',
] as const;

/** What a change of a link writes; the wanted revision is written by learners' edits alone. */
export function toChange(link: ContactLink): Record<(typeof CHANGED_COLUMNS)[number], unknown> {
  return {
    contact_id: link.contactId,
    contact_status: link.contactStatus,
    pushed_revision: link.pushedRevision,
    base: link.base,
    seen: link.seen,
    offered: link.offered,
    contact_changed_at: link.contactChangedAt,
    standing: link.standing,
    reasons: link.reasons,
    numbered_name: link.bearsNumber,
    attempts: link.attempts,
    next_attempt_at: link.nextAttemptAt,
    uncertain_since: link.uncertainSince,
    last_attempt_at: link.lastAttemptAt,
    last_pushed_at: link.lastPushedAt,
    urgent: link.isUrgent,
    papers_due: link.papersDue,
    replaces_code: link.replacesCode,
    wants_new: link.wantsNew,
    accepted: link.accepted,
    drift: link.drift,
    drift_since: link.driftSince,
    drift_weighed: link.driftWeighed,
  };
}
