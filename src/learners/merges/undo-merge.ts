import type { LearnerId } from '#contract/ids';
import { type Learner, syncGaps } from '#contract/learners';
import { UNDO_MERGE_DAYS } from '#contract/merges';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { identitiesOf, searchTokens } from '../learner.ts';
import { insertFindings, loadLearners } from '../learner-store.ts';
import { type LearnersDeps, writeLearnerChange } from '../write-learners.ts';
import { withoutFillings } from './fill-gaps.ts';
import { fieldsOf, nameOf } from './merge-learners.ts';
import {
  findMerge,
  forgetFindings,
  type KeptMerge,
  markUndone,
  mergedAmong,
  mergedBelow,
  mergedEarlier,
  setMergedInto,
} from './merge-store.ts';

/**
 * Undoes a merge: the other learner is there again as before, the kept one loses what the merge
 * filled in and nobody has changed since, and contact and papers go back to whom they were of. Where
 * Xero needs what goes, Sync to Xero is turned off with it.
 *
 * Fails with `request.not-found`, or `learner.merge-over` when the time is over, it was undone
 * already, or the kept learner was merged into someone else since (that one is to be undone first).
 */
export function undoMerge(
  deps: LearnersDeps,
  scope: Scope,
  learnerId: LearnerId,
  mergeId: string,
): Promise<Learner> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const merge = await findMerge(tx, scope, mergeId);
    if (!merge || (merge.keptId !== learnerId && merge.mergedId !== learnerId)) {
      throw new AppError('request.not-found', 'There is no merge at this address.');
    }
    const { keptId, mergedId } = merge;
    // Those who rest in the kept one are written too: all at once and in order, as a merge does.
    const resting = await mergedEarlier(tx, scope, keptId);
    const all = await loadLearners(tx, scope, [keptId, mergedId, ...resting], 'for-change');
    // Once more, now that nobody else can undo it.
    const locked = (await findMerge(tx, scope, mergeId)) ?? merge;
    await requireUndoable(tx, scope, locked, deps.clock.now());
    const kept = all.find((learner) => learner.id === keptId);
    const merged = all.find((learner) => learner.id === mergedId);
    if (!kept || !merged) {
      throw new AppError('request.not-found', 'There is no learner at this address.');
    }
    await markUndone(tx, scope, mergeId, deps.clock.now());
    const backToMerged = await apart(tx, scope, kept, merged);
    const before = withoutFillings(fieldsOf(kept), merge.keptBefore, merge.keptAfter);
    // Turned on since by what the other one's record had: without that nobody can go to Xero.
    const restored = syncGaps(before).length > 0 ? { ...before, syncToXero: false } : before;
    const after = await writeLearnerChange(deps, tx, scope, kept, restored);
    await deps.events.append(
      tx,
      scope,
      {
        kind: 'learner.unmerged',
        learnerId: kept.id,
        mergeId,
        mergedId: merged.id,
        alsoMerged: backToMerged,
        mergedName: nameOf(merged),
      },
      { kind: 'learner.merge-undone', learnerId: merged.id, keptName: nameOf(kept) },
    );
    await writeLearnerChange(deps, tx, scope, merged, merge.mergedBefore);
    await announce(tx, scope.providerId, 'learners', [kept.id, merged.id]);
    return after;
  });
}

async function requireUndoable(tx: Tx, scope: Scope, merge: KeptMerge, now: Date): Promise<void> {
  if (merge.undoneAt !== null) {
    throw new AppError('learner.merge-over', 'This merge was undone already.');
  }
  if (merge.undoUntil <= now) {
    const detail = `A merge can be undone for ${UNDO_MERGE_DAYS} days.`;
    throw new AppError('learner.merge-over', detail);
  }
  const since = await mergedAmong(tx, scope, [merge.keptId]);
  if (since.size === 0) return;
  throw new AppError(
    'learner.merge-over',
    'The learner was merged into another one since. Undo that merge first.',
  );
}

/**
 * Lets both stand for themselves; those merged into the other one earlier go with that one, however
 * many merges lie between.
 */
async function apart(tx: Tx, scope: Scope, kept: Learner, merged: Learner): Promise<LearnerId[]> {
  await setMergedInto(tx, scope, merged.id, null);
  const back = await mergedBelow(tx, scope, merged.id);
  for (const id of back) await setMergedInto(tx, scope, id, merged.id);
  await forgetFindings(tx, scope, kept.id);
  await forgetFindings(tx, scope, merged.id);
  for (const one of [kept, merged]) {
    const merges = await loadLearners(tx, scope, await mergedEarlier(tx, scope, one.id));
    const people = [one, ...merges];
    await insertFindings(tx, scope, {
      tokens: people.flatMap((person) => searchTokens(person).map((t) => [one.id, t] as const)),
      identities: people.flatMap((person) => identitiesOf(person).map((k) => [one.id, k] as const)),
    });
  }
  return back;
}
