import { sql } from 'kysely';
import type { PartyId, XeroOrgId } from '#contract/ids';
import type { SyncStanding } from '#contract/sync';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { driftReason } from '../drift/drift-words.ts';
import type { SyncDeps } from '../lane/lane-run.ts';
import { matchingFacts } from '../matching/matching-store.ts';
import { endItems, type ItemChange, keepTally, saveItems } from './item-store.ts';
import { type Item, type Run, unlinkedWords } from './run.ts';

const SENT_PER_STEP = 2_000;
const PAUSED = 'Waits until the connection is resumed.';

/** Where a learner that was sent stands in one organisation. */
interface Where {
  seq: number;
  aim: Item['aim'];
  subject_id: PartyId;
  standing: SyncStanding | null;
  reasons: string[];
  drift: string[];
  lane_state: string | null;
  stop_reason: string | null;
  xero_org_id: XeroOrgId | null;
}

/**
 * Looks what became of learners that were handed to the lane: in step, blocked, or left waiting for
 * something that only a person can end. Answers with how many are settled.
 */
export async function settleSent(
  deps: Pick<SyncDeps, 'parties'>,
  tx: Tx,
  scope: Scope,
  run: Run,
): Promise<number> {
  const ofOrg = run.xeroOrgId === null ? sql`` : sql`and l.xero_org_id = ${run.xeroOrgId}::uuid`;
  const { rows } = await sql<Where>`
    select i.seq, i.aim, i.subject_id, l.standing, l.reasons, coalesce(l.drift, '{}') as drift, l.xero_org_id,
      lanes.state as lane_state, lanes.stop_reason
    from (select seq, aim, subject_id from sync_run_items
        where provider_id = ${scope.providerId} and run_id = ${run.id} and stage = 'sent'
        order by seq limit ${SENT_PER_STEP}) as i
      left join contact_links l on l.provider_id = ${scope.providerId}
        and l.party_id = i.subject_id and l.standing is not null ${ofOrg}
      left join lanes on lanes.provider_id = ${scope.providerId}
        and lanes.xero_org_id = coalesce(l.xero_org_id, ${run.xeroOrgId}::uuid)`.execute(tx);
  const bySeq = Map.groupBy(rows, (row) => row.seq);
  const gates = await closedGates(tx, scope, rows);
  const unlinked = await endsOfUnlinked(deps, tx, scope, run, rows);
  const changes = [...bySeq.values()].flatMap(
    (found) => unlinked.get(found[0]?.seq ?? 0) ?? settled(found, gates) ?? [],
  );
  await saveItems(tx, scope, run.id, changes);
  return changes.length;
}

/**
 * Says of everybody in a run that is over before its end what became of them, and how many these
 * are: nobody is left to be looked after.
 */
export async function settleRest(
  deps: Pick<SyncDeps, 'parties'>,
  tx: Tx,
  scope: Scope,
  run: Run,
  ending: 'was cancelled' | 'failed',
): Promise<void> {
  while ((await settleSent(deps, tx, scope, run)) > 0);
  await endItems(tx, scope, run.id, 'open', {
    outcome: 'skipped',
    reason: `The run ${ending} before this one’s turn.`,
  });
  await endItems(tx, scope, run.id, 'sent', {
    outcome: 'changed',
    reason: `On its way to Xero when the run ${ending}; it is sent all the same.`,
  });
  await keepTally(tx, scope, run.id);
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

/** What became of those, by their place in the run, for whom nothing is to be sent any more. */
async function endsOfUnlinked(
  deps: Pick<SyncDeps, 'parties'>,
  tx: Tx,
  scope: Scope,
  run: Run,
  rows: readonly Where[],
): Promise<Map<number, ItemChange>> {
  const unlinked = rows.filter((row) => row.standing === null);
  const ids = unlinked.map((row) => row.subject_id);
  const parties = ids.length === 0 ? [] : await deps.parties.getMany(tx, scope, ids);
  const isOn = new Map<string, boolean>(parties.map((party) => [party.id, party.syncToXero]));
  return new Map(
    unlinked.map(({ seq, aim, subject_id, stop_reason }) => {
      const isCut = stop_reason === 'disconnected';
      const end = endOfUnlinked(isOn.get(subject_id), run, isCut);
      return [seq, { seq, aim, stage: 'done', ...end }];
    }),
  );
}

/**
 * `isOn`: whether Sync to Xero is on for them; undefined: they are not here any more. `isCut`: the
 * organisation of the run was disconnected, so that nobody has a link to be sent there.
 */
function endOfUnlinked(
  isOn: boolean | undefined,
  run: Run,
  isCut: boolean,
): Pick<ItemChange, 'outcome' | 'reason'> {
  if (isOn === undefined) return { outcome: 'skipped', reason: unlinkedWords.gone };
  if (!isOn) return { outcome: 'skipped', reason: unlinkedWords.turnedOff };
  if (isCut) return { outcome: 'changed', reason: unlinkedWords.unconnected };
  if (run.xeroOrgId !== null) return { outcome: 'skipped', reason: unlinkedWords.elsewhere };
  return { outcome: 'changed', reason: unlinkedWords.nowhere };
}

/** A learner may stand in several organisations: whatever is still on its way is waited for. */
function settled(links: readonly Where[], gates: ReadonlySet<XeroOrgId>): ItemChange | null {
  const [first] = links;
  if (!first) return null;
  const { seq, aim } = first;
  const done = (outcome: 'added' | 'changed' | 'failed', reason: string | null): ItemChange => ({
    seq,
    aim,
    stage: 'done',
    outcome,
    reason,
  });
  const isHeld = (link: Where) => link.xero_org_id !== null && gates.has(link.xero_org_id);
  if (links.some((link) => isOnItsWay(link) && !isHeld(link))) return null;
  const blocked = links.find((link) => link.standing === 'blocked');
  if (blocked) return done('failed', blocked.reasons.join(' ') || null);
  const undecided = links.find((link) => link.standing === 'undecided');
  if (undecided) return done('changed', undecided.reasons.join(' ') || 'Waits for a decision.');
  if (links.some((link) => link.standing === 'waiting' && isHeld(link))) {
    return done('changed', 'Waits until the matches are approved.');
  }
  const stopped = links.find((link) => link.standing === 'waiting');
  if (stopped) {
    const isPaused = stopped.stop_reason === 'paused';
    return done('changed', isPaused ? PAUSED : unlinkedWords.unconnected);
  }
  return done(aim, driftReason(links.flatMap((link) => link.drift)));
}

function isOnItsWay(link: Where): boolean {
  return link.standing === 'waiting' && link.lane_state === 'running';
}
