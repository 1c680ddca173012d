import type { LearnerId } from '#contract/ids';
import { displayName, type Learner, type SyncGap, syncGaps } from '#contract/learners';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { withFields } from './learner.ts';
import { loadLearners, lockLearner, updateSyncFlag } from './learner-store.ts';
import { mergedAmong } from './merges/merge-store.ts';
import { type LearnersDeps, writeLearnerChange } from './write-learners.ts';

/**
 * Turns Sync to Xero on or off for one learner, whatever their revision. Fails with
 * `request.not-found`, or `learner.cannot-sync` with the fields that Xero needs.
 */
export function setLearnerSync(
  deps: LearnersDeps,
  scope: Scope,
  id: LearnerId,
  syncToXero: boolean,
): Promise<Learner> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const before = await lockLearner(tx, scope, id);
    const fields = withFields(before, { syncToXero });
    const after = await writeLearnerChange(deps, tx, scope, before, fields);
    if (after !== before) await announce(tx, scope.providerId, 'learners', [id]);
    return after;
  });
}

export interface ManySyncOutcome {
  changed: number;
  unchanged: number;
  refused: { learnerId: LearnerId; name: string; gaps: SyncGap[] }[];
}

/**
 * Turns Sync to Xero on or off for many learners in one transaction. Those that Xero could not
 * take are named with what is missing; ids that are not here are refused in the same way.
 */
export function setManyLearnerSync(
  deps: LearnersDeps,
  scope: Scope,
  learnerIds: readonly LearnerId[],
  syncToXero: boolean,
): Promise<ManySyncOutcome> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const { changed, unchanged, refused } = await turnSync(deps, tx, scope, learnerIds, syncToXero);
    return { changed: changed.length, unchanged: unchanged.length, refused };
  });
}

export interface TurnedSync {
  changed: LearnerId[];
  unchanged: LearnerId[];
  refused: ManySyncOutcome['refused'];
}

/** As `setManyLearnerSync`, in the caller's transaction, and tells who was changed. */
export async function turnSync(
  deps: LearnersDeps,
  tx: Tx,
  scope: Scope,
  learnerIds: readonly LearnerId[],
  syncToXero: boolean,
): Promise<TurnedSync> {
  const ids = [...new Set(learnerIds)];
  const found = await loadLearners(tx, scope, ids, 'for-change');
  const here = new Set(found.map((learner) => learner.id));
  const unknown = ids.filter((id) => !here.has(id)).map(refusalOfUnknown);
  const merged = await mergedAmong(tx, scope, [...here]);
  const same = found.filter((learner) => learner.syncToXero === syncToXero);
  const differing = found.filter((learner) => learner.syncToXero !== syncToXero);
  const resting = differing.filter((learner) => merged.has(learner.id));
  const open = differing.filter((learner) => !merged.has(learner.id));
  const isUnready = (learner: Learner) => syncToXero && syncGaps(learner).length > 0;
  const unready = open.filter(isUnready);
  const changing = open.filter((learner) => !isUnready(learner));
  await writeMany(deps, tx, scope, changing, syncToXero);
  return {
    changed: changing.map((learner) => learner.id),
    unchanged: same.map((learner) => learner.id),
    refused: [...unready.map(refusalOf), ...resting.map(refusalOfMerged), ...unknown],
  };
}

/** Turns Sync to Xero off for those of these learners that have it on, in the caller's transaction. */
export async function turnSyncOff(
  deps: LearnersDeps,
  tx: Tx,
  scope: Scope,
  learnerIds: readonly LearnerId[],
): Promise<void> {
  const found = await loadLearners(tx, scope, learnerIds, 'for-change');
  const on = found.filter((learner) => learner.syncToXero);
  await writeMany(deps, tx, scope, on, false);
}

function refusalOf(learner: Learner) {
  return { learnerId: learner.id, name: displayName(learner), gaps: syncGaps(learner) };
}

function refusalOfMerged(learner: Learner) {
  const gap = { field: 'learnerId', message: 'Was merged into another learner.' };
  return { learnerId: learner.id, name: displayName(learner), gaps: [gap] };
}

function refusalOfUnknown(learnerId: LearnerId) {
  const gap = { field: 'learnerId', message: 'There is no such learner here.' };
  return { learnerId, name: 'Unknown learner', gaps: [gap] };
}

async function writeMany(
  deps: LearnersDeps,
  tx: Tx,
  scope: Scope,
  learners: readonly Learner[],
  syncToXero: boolean,
): Promise<void> {
  if (learners.length === 0) return;
  const ids = learners.map((learner) => learner.id);
  await updateSyncFlag(tx, scope, ids, syncToXero, deps.clock.now().toISOString());
  const field = 'syncToXero';
  const change = { field, from: syncToXero ? 'no' : 'yes', to: syncToXero ? 'yes' : 'no' };
  const events = learners.map((learner) => ({
    kind: 'learner.changed' as const,
    learnerId: learner.id,
    revision: learner.revision + 1,
    syncToXero,
    campus: learner.campus,
    changes: [change],
  }));
  await deps.events.append(tx, scope, ...events);
  await announce(tx, scope.providerId, 'learners', ids);
}
