import type { LearnerId, PartyId, PartyKind, XeroOrgId } from '#contract/ids';
import type { SyncStanding } from '#contract/sync';
import { MINUTE_MS, plus, SECOND_MS } from '#platform/clock';
import type { Accepted, DriftField } from '../drift/judge.ts';
import type { ContactFields } from '../push/contact-mapping.ts';
import { sameValue } from '../push/field-value.ts';
import type { PushOutcome } from '../push/push-outcome.ts';

/** Where a contact stands in Xero. `erasing`: someone asked Xero to erase this person. */
export type ContactStatus = 'active' | 'archived' | 'erasing' | 'merged';

/**
 * Party and contact. The gap between `wantedRevision` and `pushedRevision` is the work to do;
 * ten edits make one gap, and a link in step has none.
 */
export interface ContactLink {
  xeroOrgId: XeroOrgId;
  partyKind: PartyKind;
  partyId: PartyId;
  contactId: string | null;
  contactStatus: ContactStatus | null;
  wantedRevision: number;
  pushedRevision: number | null;
  /** What both sides last agreed on; null until the first agreement. */
  base: ContactFields | null;
  /** What Xero said when last looked at. */
  seen: ContactFields | null;
  /** What a change of the contact said whose answer is not known. */
  offered: Partial<ContactFields> | null;
  contactChangedAt: Date | null;
  /** Null: Sync to Xero is off or nothing is connected, so nothing is sent. */
  standing: SyncStanding | null;
  /** Why it waits or is blocked, in plain words. */
  reasons: string[];
  bearsNumber: boolean;
  /** Tries since the last success whose outcome is known. */
  attempts: number;
  nextAttemptAt: Date;
  /** Set before a contact is created, cleared with the answer: in between it may exist. */
  uncertainSince: Date | null;
  /** The last try whose outcome is known. */
  lastAttemptAt: Date | null;
  lastPushedAt: Date | null;
  isUrgent: boolean;
  papersDue: boolean;
  /** Nobody has looked yet whether a contact of theirs is in Xero already. */
  isMatchDue: boolean;
  /** The contact bears another code, and a person said that the learner number takes its place. */
  replacesCode: boolean;
  /** A person said that none of the contacts there is theirs. */
  wantsNew: boolean;
  /** To whom the contact's papers go, where its own learner was merged into another. */
  papersFor: LearnerId | null;
  /** Fields in which both sides may differ, with what they said when that was agreed. */
  accepted: Accepted;
  /** Fields that were changed in Xero and that nobody has decided about. */
  drift: readonly DriftField[];
  driftSince: Date | null;
  /** The count of the rules under which the drift was weighed; null: not yet. */
  driftWeighed: number | null;
}

const FIRST_RETRY_MS = 15 * SECOND_MS;
const LONGEST_RETRY_MS = 60 * MINUTE_MS;
/** A lost answer may belong to a write that is still under way: look only after a moment. */
export const LOOK_UP_AFTER_MS = 5 * SECOND_MS;

/** How long to wait after so many tries: doubling from 15 seconds up to an hour. */
export function retryDelay(attempts: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.max(0, attempts - 1), LONGEST_RETRY_MS);
}

/**
 * The link after a push that read the learner at `revision`. Only the outcome's own fields change:
 * an edit that came meanwhile keeps its higher wanted revision, so the link goes on waiting.
 */
export function afterPush(
  link: ContactLink,
  revision: number,
  outcome: PushOutcome,
  now: Date,
): ContactLink {
  // What got no answer goes out again under the same key, which this instant is a part of.
  const tried = outcome.kind === 'uncertain' ? link : { ...link, lastAttemptAt: now };
  switch (outcome.kind) {
    case 'in-step':
      return inStep(tried, revision, outcome, now);
    case 'found':
      return { ...found(tried, outcome, now), uncertainSince: null };
    case 'absent':
      return { ...again(tried, now), uncertainSince: null, attempts: link.attempts + 1 };
    case 'look-up':
      return { ...again(tried, now), uncertainSince: now };
    case 'name-taken':
      return { ...again(tried, now), ...cleared, bearsNumber: true, attempts: link.attempts + 1 };
    case 'without-code':
      return {
        ...again(tried, now),
        base: { ...(link.base ?? outcome.base), contactNumber: outcome.base.contactNumber },
        attempts: link.attempts + 1,
      };
    case 'number-held':
      return numberHeld(tried, now);
    case 'refused':
      return refused(tried, revision, outcome, now);
    case 'uncertain':
      return outcome.wasAnswered ? unnamed(tried, now) : uncertain(tried, now);
    case 'moved':
      return moved(tried, outcome, now);
  }
}

export const waitingWords = {
  uncertain: 'Xero’s answer got lost, so it is being checked before anything is sent again.',
  unnamed:
    'Xero’s answer did not name this contact, so it is being checked before anything is sent again.',
  numberHeld: 'The number still stands on another contact in Xero, which is about to get its own.',
};

function uncertain(link: ContactLink, now: Date): ContactLink {
  const nextAttemptAt = plus(now, LOOK_UP_AFTER_MS);
  return { ...link, nextAttemptAt, reasons: [waitingWords.uncertain] };
}

/** Counted as a try: if Xero goes on like that, it is asked less and less often. */
function unnamed(link: ContactLink, now: Date): ContactLink {
  const attempts = link.attempts + 1;
  const nextAttemptAt = plus(now, retryDelay(attempts));
  return { ...link, attempts, nextAttemptAt, reasons: [waitingWords.unnamed] };
}

const cleared = { uncertainSince: null, reasons: [] };

function inStep(
  link: ContactLink,
  revision: number,
  outcome: PushOutcome & { kind: 'in-step' },
  now: Date,
): ContactLink {
  const base = agreedBase(link, outcome);
  // Somebody has said, while this was under way, that ours is to stand where Xero differs.
  const isAsked = outcome.left.some((field) => sameValue(base[field], outcome.seen[field]));
  const isBehind = link.wantedRevision > revision || isAsked;
  return {
    ...link,
    ...cleared,
    reasons: codeRemarks(outcome.base.contactNumber, outcome.seen.contactNumber),
    contactId: outcome.contactId,
    contactStatus: 'active',
    pushedRevision: revision,
    base,
    offered: null,
    accepted: { ...link.accepted, ...outcome.accepted },
    seen: outcome.seen,
    contactChangedAt: outcome.changedAt ?? link.contactChangedAt,
    bearsNumber: outcome.bearsNumber,
    standing: link.standing === null ? null : isBehind ? 'waiting' : 'in-step',
    attempts: 0,
    nextAttemptAt: now,
    lastPushedAt: outcome.wasSent ? now : link.lastPushedAt,
    isUrgent: isBehind && link.isUrgent,
  };
}

/** What was left as it is in Xero is not agreed on: a person may have decided about it meanwhile. */
function agreedBase(link: ContactLink, outcome: PushOutcome & { kind: 'in-step' }): ContactFields {
  const { base } = link;
  if (base === null) return outcome.base;
  const left = outcome.left.map((field) => [field, base[field]]);
  return { ...outcome.base, ...Object.fromEntries(left) };
}

function found(
  link: ContactLink,
  outcome: PushOutcome & { kind: 'found' },
  now: Date,
): ContactLink {
  const contactChangedAt = outcome.changedAt ?? link.contactChangedAt;
  return { ...tiedTo(link, outcome, now), contactChangedAt };
}

/**
 * Our key may be changed, taken off or refused in Xero: the link holds by the contact's id all the
 * same, but people see it.
 */
export function codeRemarks(ours: string | null, code: string | null): string[] {
  if (ours === null || ours === code) return [];
  const now = code === null ? 'has no code' : `has the code “${code}” instead of “${ours}”`;
  return [`In Xero the contact ${now}. Invoices go on arriving all the same.`];
}

/** Blocked until the learner, the contact or a person changes something. */
function refused(
  link: ContactLink,
  revision: number,
  outcome: PushOutcome & { kind: 'refused' },
  now: Date,
): ContactLink {
  // An edit that came while this was under way may be the very cure: it gets its own try.
  const isBehind = link.wantedRevision > revision;
  return {
    ...link,
    uncertainSince: null,
    contactStatus: outcome.contactStatus ?? link.contactStatus,
    standing: link.standing === null ? null : isBehind ? 'waiting' : 'blocked',
    reasons: isBehind ? [] : outcome.reasons,
    attempts: link.attempts + 1,
    nextAttemptAt: now,
    isUrgent: isBehind && link.isUrgent,
  };
}

/** The contact was merged into another one, which the link follows; our code is put on it next. */
function moved(
  link: ContactLink,
  outcome: PushOutcome & { kind: 'moved' },
  now: Date,
): ContactLink {
  return { ...tiedTo(link, outcome, now), pushedRevision: null };
}

/** The link to a contact that was read and not written: its papers and our fields are due. */
function tiedTo(
  link: ContactLink,
  outcome: PushOutcome & { kind: 'found' | 'moved' },
  now: Date,
): ContactLink {
  return {
    ...again(link, now),
    contactId: outcome.contactId,
    contactStatus: outcome.contactStatus,
    base: outcome.base,
    offered: null,
    accepted: outcome.accepted,
    seen: outcome.seen,
    contactChangedAt: outcome.changedAt,
    papersDue: true,
  };
}

/** After a merge was undone, say: in a moment the number is free, and else somebody has to be told. */
function numberHeld(link: ContactLink, now: Date): ContactLink {
  const attempts = link.attempts + 1;
  return {
    ...again(link, now),
    uncertainSince: null,
    reasons: [waitingWords.numberHeld],
    attempts,
    nextAttemptAt: plus(now, retryDelay(attempts)),
  };
}

function again(link: ContactLink, now: Date): ContactLink {
  const standing = link.standing === null ? null : 'waiting';
  return { ...link, standing, reasons: [], nextAttemptAt: now };
}
