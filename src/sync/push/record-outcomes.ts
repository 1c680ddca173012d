import type { LearnerId } from '#contract/ids';
import { aboutParty, type BursarEvent } from '#events/index';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Urgency } from '#xero/index';
import { withDrift } from '../drift/with-drift.ts';
import type { LaneRun } from '../lane/lane-run.ts';
import { noteOnLane } from '../lane/lane-store.ts';
import { afterPush, type ContactLink } from '../links/contact-link.ts';
import { freshAmong } from '../links/fresh-contacts.ts';
import { linksOfContacts, linksOfParties, saveLinks } from '../links/link-store.ts';
import { takeContact } from '../links/merge-links.ts';
import type { Party } from '../parties/party.ts';
import type { ContactFields } from './contact-mapping.ts';
import type { PushOutcome } from './push-outcome.ts';

/** A party on the way to Xero: the link and the party as read at the start of this push. */
export interface PushItem {
  link: ContactLink;
  party: Party;
  /** What the contact should say. */
  fields: ContactFields;
  bearsNumber: boolean;
}

export interface PushResult {
  item: PushItem;
  outcome: PushOutcome;
}

/** Someone in front of a page draws on the part of the limits that is kept for people. */
export function urgencyOf(items: readonly PushItem[]): Urgency {
  return items.some((item) => item.link.isUrgent) ? 'person' : 'background';
}

/**
 * Records what became of parties that were pushed, in one transaction: the links as they are at
 * this moment with the outcome applied, the events, and the nudge to open pages.
 */
export async function recordOutcomes(run: LaneRun, results: readonly PushResult[]): Promise<void> {
  if (results.length === 0) return;
  const { deps, scope, xeroOrgId } = run;
  await run.record(async (tx) => {
    const ids = results.map(({ item }) => item.party.id);
    const links = await linksOfParties(tx, scope, xeroOrgId, ids);
    const present = new Map(links.map((link) => [link.partyId, link]));
    const changed: ContactLink[] = [];
    const events: BursarEvent[] = [];
    const fresh = await freshContacts(run, tx, results);
    for (const result of await withoutDoubleLinks(run, tx, results)) {
      const before = present.get(result.item.party.id);
      const { item, outcome } = result;
      if (!before || hasAnother(before, item)) continue;
      const pushed = afterPush(before, item.party.revision, outcome, run.now());
      const known = 'contactId' in outcome ? withDrift(pushed, item.fields) : pushed;
      const isFresh = 'contactId' in outcome && fresh.has(outcome.contactId);
      const after = isFresh ? { ...known, papersDue: before.papersDue } : known;
      changed.push(after);
      events.push(...eventsOf(run, before, after, result));
    }
    await saveLinks(tx, scope, changed);
    await handOver(run, tx, changed, results);
    await deps.events.append(tx, scope, ...events);
    await noteOnLane(tx, scope, run.lease, { last_push_at: run.now() });
    await announce(tx, scope.providerId, 'sync', ids);
  });
}

/** A contact that came to be known after its learner was merged is for the one who is kept. */
async function handOver(
  run: LaneRun,
  tx: Tx,
  changed: readonly ContactLink[],
  results: readonly PushResult[],
): Promise<void> {
  const numberOf = new Map(results.map(({ item }) => [item.party.id, item.party.number]));
  for (const { partyId, papersFor, contactId } of changed) {
    if (papersFor === null || contactId === null) continue;
    const from = { id: partyId as LearnerId, number: numberOf.get(partyId) ?? '' };
    await takeContact(tx, run.scope, run.xeroOrgId, { from, to: papersFor, now: run.now() });
  }
}

/** Contacts that our own lost requests have made, and that have no papers which anybody met. */
function freshContacts(
  { scope, xeroOrgId }: LaneRun,
  tx: Tx,
  results: readonly PushResult[],
): Promise<ReadonlySet<string>> {
  const made = results.flatMap(({ item, outcome }) => {
    const isOurs = outcome.kind === 'found' && outcome.how === 'created';
    return isOurs && item.link.uncertainSince !== null ? [outcome.contactId] : [];
  });
  return freshAmong(tx, scope, xeroOrgId, made);
}

/** A person has linked another contact meanwhile: what became of the former one is no matter. */
function hasAnother(link: ContactLink, { link: sent }: PushItem): boolean {
  return sent.contactId !== null && link.contactId !== sent.contactId;
}

/**
 * A contact belongs to one party at most: one that another's link has is refused, or looked for again
 * where that one waits to be sent, since the contact may bear our number for no longer than that.
 */
async function withoutDoubleLinks(
  run: LaneRun,
  tx: Tx,
  results: readonly PushResult[],
): Promise<PushResult[]> {
  const contactIds = results.flatMap(({ outcome }) =>
    'contactId' in outcome ? outcome.contactId : [],
  );
  const taken = await linksOfContacts(tx, run.scope, run.xeroOrgId, contactIds);
  const owner = new Map(taken.map((link) => [link.contactId, link.partyId]));
  const waiting = taken.filter(({ standing }) => standing === 'waiting');
  const willChange = new Set(waiting.map((link) => link.contactId));
  return results.map((result) => {
    const { item, outcome } = result;
    if (!('contactId' in outcome)) return result;
    const other = owner.get(outcome.contactId);
    if (other === undefined || other === item.party.id) {
      if (outcome.kind === 'found' && outcome.refusal) {
        return { item, outcome: { kind: 'refused', reasons: outcome.refusal } };
      }
      owner.set(outcome.contactId, item.party.id);
      return result;
    }
    if (willChange.has(outcome.contactId)) return { item, outcome: { kind: 'number-held' } };
    const reasons = [
      `The contact in Xero with the code ${item.party.number} is linked to another record here.`,
    ];
    return { item, outcome: { kind: 'refused', reasons } };
  });
}

function eventsOf(
  run: LaneRun,
  before: ContactLink,
  after: ContactLink,
  { outcome }: PushResult,
): BursarEvent[] {
  const about = { ...aboutParty(before), xeroOrgId: run.xeroOrgId };
  switch (outcome.kind) {
    case 'in-step':
      if (outcome.how === 'created') {
        const { contactId } = outcome;
        return [{ kind: 'contact.linked', ...about, contactId, how: 'created' }];
      }
      if (!outcome.wasSent) return [];
      return [
        {
          kind: 'contact.pushed',
          ...about,
          revision: after.pushedRevision ?? after.wantedRevision,
          changes: outcome.overwritten,
        },
      ];
    case 'found':
      return [{ kind: 'contact.linked', ...about, contactId: outcome.contactId, how: outcome.how }];
    case 'moved':
      return [{ kind: 'contact.linked', ...about, contactId: outcome.contactId, how: 'adopted' }];
    case 'refused': {
      const isNew = JSON.stringify(before.reasons) !== JSON.stringify(outcome.reasons);
      return isNew ? [{ kind: 'contact.refused', ...about, reasons: outcome.reasons }] : [];
    }
    default:
      return [];
  }
}
