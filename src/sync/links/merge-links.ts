import type { LearnerId, PartyId, XeroOrgId } from '#contract/ids';
import type { EventLog, EventOf } from '#events/index';
import type { Tx } from '#platform/database';
import { foldNumber } from '#platform/folding';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { takeCalls } from '../lane/lane-calls.ts';
import type { SyncDeps } from '../lane/lane-run.ts';
import { lanesOf, wakeLane } from '../lane/lane-store.ts';
import { contactsByIds } from '../matching/contact-store.ts';
import { linkedTo } from '../matching/match-one-by-one.ts';
import {
  contactsOf,
  type Giver,
  giveContact,
  givenContacts,
  type HeldContact,
  keptOfContacts,
  mergedStraightInto,
  sendPapersTo,
  setHandover,
  takeHadContact,
} from './handover-store.ts';
import { linksOfContacts, linksOfParties, saveLinks } from './link-store.ts';
import { renewHolders } from './renew-holders.ts';

type Merged = EventOf<'learner.merged'>;
type Unmerged = EventOf<'learner.unmerged'>;

/** Merges of merges of merges that are gone through. */
const MERGES_DEEP = 20;

/**
 * What a merge of two learners means for contacts and papers, in the same transaction. Only one of
 * them has a contact: the learner who is kept takes it over. Both have one: Xero's API can't merge
 * contacts, so each link keeps its own, and the papers of both go to the learner who is kept. So it
 * is where a contact is just being created for the learner who is kept, or may have been. Where it
 * is so for the other one, none is made for the kept one until that is known: it is theirs then.
 */
export function subscribeToMerges(deps: SyncDeps, events: EventLog): void {
  events.on('learner.merged', (tx, scope, event) => takeOver(deps, tx, scope, event));
  events.on('learner.unmerged', (tx, scope, event) => giveBack(deps, tx, scope, event));
}

async function takeOver(deps: SyncDeps, tx: Tx, scope: Scope, event: Merged): Promise<void> {
  const { learnerId: keptId, mergedId, alsoMerged } = event;
  const gone = [mergedId, ...alsoMerged];
  const now = deps.clock.now();
  const from = await giverOf(deps, tx, scope, mergedId);
  for (const { xero_org_id } of await lanesOf(tx, scope)) {
    const xeroOrgId = xero_org_id as XeroOrgId;
    await wakeLane(tx, scope.providerId, xeroOrgId, now);
    await takeCalls(deps, tx, scope, xeroOrgId);
    await takeContact(tx, scope, xeroOrgId, { from, to: keptId, now });
    await sendPapersTo(tx, scope, xeroOrgId, gone, keptId);
    await renewHolders(deps, tx, scope, xeroOrgId, gone);
  }
  await deps.billing.handOver(tx, scope, { from: gone, to: keptId });
  await announce(tx, scope.providerId, 'sync', [keptId, mergedId]);
}

/**
 * Has the learner who is kept take over the contact of the other one, where they have none, or one
 * that was merged away in Xero.
 * @returns whether they did
 */
export async function takeContact(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  { from, to, now }: { from: Giver; to: LearnerId; now: Date },
): Promise<boolean> {
  const held = await contactsOf(tx, scope, xeroOrgId, [to, from.id]);
  const kept = held.find((link) => link.partyId === to);
  const merged = held.find((link) => link.partyId === from.id);
  const hasOwn =
    kept !== undefined && ((kept.contactId !== null && !kept.isMergedAway) || kept.isUncertain);
  if (hasOwn || !merged || merged.contactId === null || merged.isMergedAway) return false;
  await giveContact(tx, scope, xeroOrgId, { from, to, isReturn: false, now });
  return true;
}

/**
 * Has learners for whom a contact would be made take over one that a merge left with another: at
 * that time one of their own might have existed, and now it is known that none does.
 * @returns those who have one now
 */
export async function takeLeftContacts(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyIds: readonly PartyId[],
): Promise<ReadonlySet<string>> {
  const given = new Set<string>();
  for (const to of await keptOfContacts(tx, scope, xeroOrgId, partyIds)) {
    if (await takeLeft(deps, tx, scope, { xeroOrgId, to, depth: 1 })) given.add(to);
  }
  return given;
}

/** Hands on step by step where merges were merged, so that they come apart as they were made. */
async function takeLeft(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  { xeroOrgId, to, depth }: { xeroOrgId: XeroOrgId; to: LearnerId; depth: number },
): Promise<boolean> {
  const now = deps.clock.now();
  for (const id of await mergedStraightInto(tx, scope, to)) {
    const step = { from: await giverOf(deps, tx, scope, id), to, now };
    if (await takeContact(tx, scope, xeroOrgId, step)) return true;
    const below = { xeroOrgId, to: id, depth: depth + 1 };
    const hasOne = depth < MERGES_DEEP && (await takeLeft(deps, tx, scope, below));
    if (hasOne && (await takeContact(tx, scope, xeroOrgId, step))) return true;
  }
  return false;
}

async function giveBack(deps: SyncDeps, tx: Tx, scope: Scope, event: Unmerged): Promise<void> {
  const { learnerId: keptId, mergedId, alsoMerged } = event;
  const back = [mergedId, ...alsoMerged];
  const now = deps.clock.now();
  for (const { xero_org_id } of await lanesOf(tx, scope)) {
    const xeroOrgId = xero_org_id as XeroOrgId;
    await wakeLane(tx, scope.providerId, xeroOrgId, now);
    await takeCalls(deps, tx, scope, xeroOrgId);
    const given = await givenContacts(tx, scope, xeroOrgId, mergedId, keptId);
    if (given) {
      const from = await giverOf(deps, tx, scope, keptId);
      await giveContact(tx, scope, xeroOrgId, { from, to: mergedId, isReturn: true, now });
    } else {
      await linkAgain(deps, tx, scope, { xeroOrgId, keptId, mergedId });
    }
    await sendPapersTo(tx, scope, xeroOrgId, [mergedId], null);
    await sendPapersTo(tx, scope, xeroOrgId, alsoMerged, mergedId);
    const theirs = await contactsOf(tx, scope, xeroOrgId, back);
    await returnPapers(deps, tx, scope, { xeroOrgId, keptId, mergedId, theirs });
    await renewHolders(deps, tx, scope, xeroOrgId, [keptId]);
  }
  await announce(tx, scope.providerId, 'sync', [keptId, mergedId]);
}

/** Ties the merged learner to the contact they had, which the kept one was taken off by a person. */
async function linkAgain(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  which: { xeroOrgId: XeroOrgId; keptId: LearnerId; mergedId: LearnerId },
): Promise<void> {
  const { xeroOrgId, keptId, mergedId } = which;
  const contactId = await takeHadContact(tx, scope, xeroOrgId, mergedId);
  const [link] = await linksOfParties(tx, scope, xeroOrgId, [mergedId]);
  if (!link || link.contactId !== null || link.uncertainSince !== null) return;
  const holders =
    contactId === null ? [] : await linksOfContacts(tx, scope, xeroOrgId, [contactId]);
  if (contactId === null || holders.length > 0) {
    // Whatever contact they get now is not the one that an earlier merge gave them.
    await setHandover(tx, scope, xeroOrgId, mergedId, { contact_from: null });
    return;
  }
  const known = (await contactsByIds(tx, scope, xeroOrgId, [contactId])).get(contactId);
  const both = [await giverOf(deps, tx, scope, keptId), await giverOf(deps, tx, scope, mergedId)];
  // Also where it was last read before the kept one's number was written onto it.
  const code = foldNumber(known?.code ?? '');
  const isOurs = code !== '' && both.some(({ number }) => foldNumber(number) === code);
  const after = linkedTo(link, contactId, isOurs, deps.clock.now());
  const standing = link.standing === null ? null : after.standing;
  await saveLinks(tx, scope, [{ ...after, standing }]);
}

async function giverOf(deps: SyncDeps, tx: Tx, scope: Scope, id: LearnerId): Promise<Giver> {
  const party = await deps.parties.get(tx, scope, id);
  return { id, number: party?.number ?? '' };
}

/** Papers go back by the contact they stand on, which also brings those that came meanwhile. */
async function returnPapers(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  which: {
    xeroOrgId: XeroOrgId;
    keptId: LearnerId;
    mergedId: LearnerId;
    theirs: readonly HeldContact[];
  },
): Promise<void> {
  const contactIds = which.theirs.flatMap((link) => link.contactId ?? []);
  await deps.billing.handOver(tx, scope, {
    from: [which.keptId],
    to: which.mergedId,
    only: { xeroOrgId: which.xeroOrgId, contactIds },
  });
}
