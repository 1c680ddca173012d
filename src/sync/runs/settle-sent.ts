import { sql } from 'kysely';
import type { XeroOrgId } from '#contract/ids';
import type { SyncStanding } from '#contract/sync';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { driftReason } from '../drift/drift-words.ts';
import { matchingFacts } from '../matching/matching-store.ts';
import { endItems, type ItemChange, saveItems } from './item-store.ts';
import type { Item, Run } from './run.ts';

const SENT_PER_STEP = 2_000;

/** Where a learner that was sent stands in one organisation. */
interface Where {
  seq: number;
  aim: Item['aim'];
  standing: SyncStanding | null;
  reasons: string[];
  drift: string[];
  lane_state: string | null;
  xero_org_id: XeroOrgId | null;
}

/**
 * Looks what became of learners that were handed to the lane: in step, blocked, or left waiting for
 * something that only a person can end. Answers with how many are settled.
 */
export async function settleSent(tx: Tx, scope: Scope, run: Run): Promise<number> {
  const ofOrg = run.xeroOrgId === null ? sql`` : sql`and l.xero_org_id = ${run.xeroOrgId}::uuid`;
  const { rows } = await sql<Where>`
    select i.seq, i.aim, l.standing, l.reasons, coalesce(l.drift, '{}') as drift, l.xero_org_id,
      lanes.state as lane_state
    from (select seq, aim, subject_id from sync_run_items
        where provider_id = ${scope.providerId} and run_id = ${run.id} and stage = 'sent'
        order by seq limit ${SENT_PER_STEP}) as i
      left join contact_links l on l.provider_id = ${scope.providerId}
        and l.party_id = i.subject_id and l.standing is not null ${ofOrg}
      left join lanes on lanes.provider_id = ${scope.providerId}
        and lanes.xero_org_id = l.xero_org_id`.execute(tx);
  const bySeq = Map.groupBy(rows, (row) => row.seq);
  const gates = await closedGates(tx, scope, rows);
  const changes = [...bySeq.values()].flatMap((found) => settled(found, gates) ?? []);
  await saveItems(tx, scope, run.id, changes);
  return changes.length;
}

/**
 * Says of everybody in a run that is over before its end what became of them: nobody is left to be
 * looked after.
 */
export async function settleRest(
  tx: Tx,
  scope: Scope,
  run: Run,
  ending: 'was cancelled' | 'failed',
): Promise<void> {
  while ((await settleSent(tx, scope, run)) > 0);
  await endItems(tx, scope, run.id, 'open', {
    outcome: 'skipped',
    reason: `The run ${ending} before this one’s turn.`,
  });
  await endItems(tx, scope, run.id, 'sent', {
    outcome: 'changed',
    reason: `On its way to Xero when the run ${ending}; it is sent all the same.`,
  });
}

/** Organisations to which nothing is sent before somebody approves who is whom there. */
async function closedGates(
  tx: Tx,
  scope: Scope,
  rows: readonly Where[],
): Promise<ReadonlySet<XeroOrgId>> {
  const closed = new Set<XeroOrgId>();
  for (const xeroOrgId of new Set(rows.flatMap((row) => row.xero_org_id ?? []))) {
    const { isGateClosed, isDue } = await matchingFacts(tx, scope, xeroOrgId);
    if (isGateClosed && !isDue) closed.add(xeroOrgId);
  }
  return closed;
}

/** A learner may stand in several organisations: whatever is still on its way is waited for. */
function settled(found: readonly Where[], gates: ReadonlySet<XeroOrgId>): ItemChange | null {
  const [first] = found;
  if (!first) return null;
  const { seq, aim } = first;
  const done = (outcome: 'added' | 'changed' | 'failed', reason: string | null): ItemChange => ({
    seq,
    aim,
    stage: 'done',
    outcome,
    reason,
  });
  const links = found.filter((link) => link.standing !== null);
  if (links.length === 0)
    return done('changed', 'Nothing was sent: no Xero organisation takes it.');
  const isHeld = (link: Where) => link.xero_org_id !== null && gates.has(link.xero_org_id);
  if (links.some((link) => isOnItsWay(link) && !isHeld(link))) return null;
  const blocked = links.find((link) => link.standing === 'blocked');
  if (blocked) return done('failed', blocked.reasons.join(' ') || null);
  const undecided = links.find((link) => link.standing === 'undecided');
  if (undecided) return done('changed', undecided.reasons.join(' ') || 'Waits for a decision.');
  if (links.some((link) => link.standing === 'waiting' && isHeld(link))) {
    return done('changed', 'Waits until the matches are approved.');
  }
  if (links.some((link) => link.standing === 'waiting')) {
    return done('changed', 'Waits until Xero is connected again.');
  }
  return done(aim, driftReason(links.flatMap((link) => link.drift)));
}

function isOnItsWay(link: Where): boolean {
  return link.standing === 'waiting' && link.lane_state === 'running';
}
