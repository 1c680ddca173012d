import { plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { ROWS_PER_PAGE } from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import { type ContactLink, LOOK_UP_AFTER_MS } from '../links/contact-link.ts';
import { awaitingOthers } from '../links/handover-store.ts';
import { linksToPush, saveLinks } from '../links/link-store.ts';
import { callsAtOnce } from './batch-size.ts';
import { fieldsOfParty } from './contact-mapping.ts';
import type { PushItem } from './record-outcomes.ts';

/** How much one act sends. */
export interface ActSize {
  rowsPerCall: number;
  /** Calls that go to Xero at once. */
  calls: number;
}

/** Whose turn it is, and how many of them one call carries now. */
export function loadItems(run: LaneRun): Promise<{ items: PushItem[]; size: ActSize }> {
  const { deps, scope, xeroOrgId } = run;
  return run.record(async (tx, lane) => {
    const now = run.now();
    const batch = { rows: lane.push_rows, isCareful: lane.push_careful };
    const rowsPerCall = Math.min(batch.rows, deps.contactsPerCall);
    const calls = callsAtOnce(batch, deps.contactsPerCall);
    const doubt = { now, limit: ROWS_PER_PAGE, inDoubtOnly: true };
    // In a pause the calls that are left are kept for people; else others fill the batch up.
    const isPaused = lane.paused_until !== null && lane.paused_until > now;
    const among = (all: ContactLink[]) => (isPaused ? all.filter((one) => one.isUrgent) : all);
    const inDoubt = among(await linksToPush(tx, scope, xeroOrgId, doubt));
    const due = { now, limit: rowsPerCall * calls };
    // One page tells of all that are in doubt, however small the batch has become by a lost answer.
    const links =
      inDoubt.length > 0
        ? inDoubt
        : await withoutAwaiting(run, tx, among(await linksToPush(tx, scope, xeroOrgId, due)));
    return { items: await itemsOf(run, tx, links), size: { rowsPerCall, calls } };
  });
}

/** Those of whom one of these contacts waits to be changed, as many as one act sends. */
export function loadItemsOf(
  run: LaneRun,
  contactIds: readonly string[],
  { rowsPerCall, calls }: ActSize,
): Promise<PushItem[]> {
  return run.record(async (tx) => {
    const due = { now: run.now(), limit: rowsPerCall * calls, contactIds };
    const links = await linksToPush(tx, run.scope, run.xeroOrgId, due);
    const ready = links.filter((link) => link.uncertainSince === null);
    return itemsOf(run, tx, ready);
  });
}

async function itemsOf(
  { deps, scope }: LaneRun,
  tx: Tx,
  links: readonly ContactLink[],
): Promise<PushItem[]> {
  const ids = links.map((link) => link.partyId);
  const parties = await deps.parties.getMany(tx, scope, ids);
  const byId = new Map(parties.map((party) => [party.id, party]));
  const orphans = links.filter((link) => !byId.has(link.partyId));
  await saveLinks(
    tx,
    scope,
    orphans.map((link) => ({ ...link, standing: null })),
  );
  return links.flatMap((link): PushItem[] => {
    const party = byId.get(link.partyId);
    if (!party) return [];
    const { bearsNumber } = link;
    return [{ link, party, bearsNumber, fields: fieldsOfParty(party, bearsNumber) }];
  });
}

/** Leaves out whom a merged learner's contact may be for: a second one would be made for them. */
async function withoutAwaiting(
  run: LaneRun,
  tx: Tx,
  links: readonly ContactLink[],
): Promise<ContactLink[]> {
  const { scope, xeroOrgId } = run;
  const fresh = links.filter(({ contactId }) => contactId === null);
  const ids = fresh.map(({ partyId }) => partyId);
  const awaiting = await awaitingOthers(tx, scope, xeroOrgId, ids);
  const later = links.filter(({ partyId }) => awaiting.has(partyId));
  const nextAttemptAt = plus(run.now(), LOOK_UP_AFTER_MS);
  await saveLinks(
    tx,
    scope,
    later.map((link) => ({ ...link, nextAttemptAt })),
  );
  return links.filter(({ partyId }) => !awaiting.has(partyId));
}
