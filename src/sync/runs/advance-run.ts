import type {
  LearnerId,
  PartyId,
  ProviderId,
  SyncRunId,
  WorkplaceId,
  XeroOrgId,
} from '#contract/ids';
import type { SyncGap } from '#contract/learners';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import { ownScope, type Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { lanesOf } from '../lane/lane-store.ts';
import { calmLinks } from '../links/link-store.ts';
import { endWithConnection } from './end-with-connection.ts';
import { finishRun } from './finish-run.ts';
import { countSent, type ItemChange, isAnyLeft, itemsOf, saveItems } from './item-store.ts';
import { type Item, ON_THE_WAY_MAX, type Run } from './run.ts';
import { changeRun, lockRun } from './run-store.ts';
import { settleSent } from './settle-sent.ts';

/** Learners or workplaces turned in one transaction. */
const LEARNERS_PER_STEP = 250;
/** Steps at a time, so that no run keeps a worker from the others. */
const STEPS_PER_TICK = 4;
/**
 * Takes a run a few steps further; called every few seconds by each worker, and skipped where
 * another one is at it. What it did is written down step by step, so that the next call goes on.
 */
export async function advanceRun(
  deps: SyncDeps,
  which: { providerId: ProviderId; runId: SyncRunId },
): Promise<void> {
  for (let step = 0; step < STEPS_PER_TICK; step += 1) {
    const isMore = await deps.database.asProvider(which.providerId, (tx) =>
      advanceOnce(deps, tx, ownScope(which.providerId), which.runId),
    );
    if (!isMore) return;
  }
}

async function advanceOnce(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  runId: SyncRunId,
): Promise<boolean> {
  const run = await lockRun(tx, scope, runId, 'skip');
  if (run?.state !== 'running' && run?.state !== 'paused') return false;
  if (run.xeroOrgId !== null && (await isCut(tx, scope, run.xeroOrgId))) {
    // Begun in the moment of the disconnect: what ends the others did not see it.
    await endWithConnection(deps, tx, scope, run);
    return false;
  }
  const isOn = run.state === 'running';
  const isBulk = run.kind === 'sync-on' || run.kind === 'sync-off';
  const settled = await settleSent(deps, tx, scope, run);
  const turned = isOn && isBulk ? await turnSome(deps, tx, scope, run) : 0;
  // Also where nothing moved: whoever waits lets the others have the next turn.
  await changeRun(tx, scope, runId, { progressed_at: deps.clock.now() });
  if (settled + turned > 0) await announce(tx, scope.providerId, 'runs', [runId]);
  if (!isOn) return false;
  // A resync reads papers after its learners; the lane then ends that part by itself.
  const mayEnd = isBulk || run.step === 'done';
  if (mayEnd && !(await isAnyLeft(tx, scope, runId))) {
    await finishRun(deps, tx, scope, run);
    return false;
  }
  return turned > 0;
}

async function isCut(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<boolean> {
  const lane = (await lanesOf(tx, scope)).find((one) => one.xero_org_id === xeroOrgId);
  return lane?.stop_reason === 'disconnected';
}

/** Turns Sync to Xero for the next learners or workplaces, in the name of whoever started the run. */
async function turnSome(deps: SyncDeps, tx: Tx, scope: Scope, run: Run): Promise<number> {
  const isOn = run.kind === 'sync-on';
  const room = isOn ? ON_THE_WAY_MAX - (await countSent(tx, scope, run.id)) : LEARNERS_PER_STEP;
  const items = await itemsOf(tx, scope, run.id, 'open', Math.min(room, LEARNERS_PER_STEP));
  if (items.length === 0) return 0;
  const asStarter = { ...scope, actor: run.startedBy };
  const { changed, refused } = await turn(deps, tx, asStarter, items, isOn);
  // Nobody waits in front of a page for one of so many.
  await calmLinks(tx, scope, changed);
  const isChanged = new Set<string>(changed);
  const refusals = new Map<string, string>(
    refused.map(({ id, gaps }) => [id, gaps.map((gap) => gap.message).join(' ')]),
  );
  const isLinked = await linkedAmong(tx, scope, changed);
  const changes = items.map((item): ItemChange => {
    const reason = refusals.get(item.subjectId);
    if (reason !== undefined) return { ...item, stage: 'done', outcome: 'failed', reason };
    if (!isChanged.has(item.subjectId)) return { ...item, stage: 'done', outcome: 'unchanged' };
    if (!isOn) return { ...item, stage: 'done', outcome: 'changed' };
    return { ...item, stage: 'sent', aim: isLinked.has(item.subjectId) ? 'changed' : 'added' };
  });
  await saveItems(tx, scope, run.id, changes);
  return items.length;
}

interface Turned {
  changed: PartyId[];
  refused: { id: string; gaps: SyncGap[] }[];
}

async function turn(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  items: readonly Item[],
  isOn: boolean,
): Promise<Turned> {
  const of = (kind: Item['subjectKind']) =>
    items.filter((item) => item.subjectKind === kind).map((item) => item.subjectId);
  const people = await deps.learners.turnSync(tx, scope, of('learner') as LearnerId[], isOn);
  const companies = await deps.workplaces.turnSync(
    tx,
    scope,
    of('workplace') as WorkplaceId[],
    isOn,
  );
  return {
    changed: [...people.changed, ...companies.changed],
    refused: [
      ...people.refused.map(({ learnerId: id, gaps }) => ({ id, gaps })),
      ...companies.refused.map(({ workplaceId: id, gaps }) => ({ id, gaps })),
    ],
  };
}

/** Those who have a contact where they belong now, and not only where they belonged before. */
async function linkedAmong(
  tx: Tx,
  scope: Scope,
  learnerIds: readonly Item['subjectId'][],
): Promise<Set<string>> {
  if (learnerIds.length === 0) return new Set();
  const rows = await tx
    .selectFrom('contact_links')
    .select('party_id')
    .where('provider_id', '=', scope.providerId)
    .where('party_id', 'in', [...learnerIds])
    .where('contact_id', 'is not', null)
    .where('standing', 'is not', null)
    .execute();
  return new Set(rows.map((row) => row.party_id));
}
