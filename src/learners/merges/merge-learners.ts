import type { LearnerId } from '#contract/ids';
import { displayName, type Learner, type LearnerFields } from '#contract/learners';
import { UNDO_MERGE_DAYS } from '#contract/merges';
import { AppError } from '#platform/app-error';
import { DAY_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { loadLearners } from '../learner-store.ts';
import { type LearnersDeps, writeLearnerChange } from '../write-learners.ts';
import { fillGaps } from './fill-gaps.ts';
import { handOverFindings, insertMerge, mergedEarlier, setMergedInto } from './merge-store.ts';

/** Whom to merge into whom, and the revisions of both that were looked at. */
export interface MergeWish {
  keptId: LearnerId;
  revision: number;
  mergedId: LearnerId;
  mergedRevision: number;
}

/**
 * Merges two learners who are one person: the kept one takes over what only the other's record
 * knew, what the other was found by, and (by the event, in the room of the sync) contact and
 * papers. The other rests, unlisted, until the merge is undone or for good.
 *
 * Fails with `request.not-found`, `request.conflict` when one of them was changed meanwhile, or
 * `learner.merged` where it is the same learner or one that was merged before.
 */
export function mergeLearners(deps: LearnersDeps, scope: Scope, wish: MergeWish): Promise<Learner> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const { kept, merged } = await lockBoth(tx, scope, wish);
    const now = deps.clock.now();
    const alsoMerged = await mergedEarlier(tx, scope, merged.id);
    const resting = { ...merged, isActive: false, syncToXero: false };
    await writeLearnerChange(deps, tx, scope, merged, fieldsOf(resting));
    const filled = fillGaps(fieldsOf(kept), fieldsOf(merged));
    const after = await writeLearnerChange(deps, tx, scope, kept, filled);
    for (const id of [merged.id, ...alsoMerged]) await setMergedInto(tx, scope, id, kept.id);
    await handOverFindings(tx, scope, merged.id, kept.id);
    const mergeId = newId<string>();
    await insertMerge(tx, scope, {
      id: mergeId,
      keptId: kept.id,
      mergedId: merged.id,
      mergedAt: now,
      mergedBy: scope.actor,
      undoUntil: plus(now, UNDO_MERGE_DAYS * DAY_MS),
      undoneAt: null,
      keptBefore: fieldsOf(kept),
      keptAfter: filled,
      mergedBefore: fieldsOf(merged),
    });
    await deps.events.append(
      tx,
      scope,
      {
        kind: 'learner.merged',
        learnerId: kept.id,
        mergeId,
        mergedId: merged.id,
        alsoMerged,
        mergedName: nameOf(merged),
      },
      {
        kind: 'learner.merged-away',
        learnerId: merged.id,
        keptId: kept.id,
        keptName: nameOf(kept),
      },
    );
    await announce(tx, scope.providerId, 'learners', [kept.id, merged.id]);
    return after;
  });
}

async function lockBoth(
  tx: Tx,
  scope: Scope,
  wish: MergeWish,
): Promise<{ kept: Learner; merged: Learner }> {
  const { keptId, mergedId } = wish;
  if (keptId === mergedId) {
    throw new AppError('learner.merged', 'This is the same learner twice.');
  }
  // Those who were merged earlier are written too: all at once and in order, so that two merges
  // of the same people wait for each other and not in a ring.
  const earlier = await mergedEarlier(tx, scope, mergedId);
  const all = await loadLearners(tx, scope, [keptId, mergedId, ...earlier], 'for-change');
  const kept = all.find((learner) => learner.id === keptId);
  const merged = all.find((learner) => learner.id === mergedId);
  if (!kept || !merged) {
    throw new AppError('request.not-found', 'There is no learner at this address.');
  }
  if (kept.revision !== wish.revision || merged.revision !== wish.mergedRevision) {
    throw new AppError('request.conflict', 'One of the two was changed while you looked at them.');
  }
  return { kept, merged };
}

/** Name and number, as history and messages tell two people of one name apart. */
export function nameOf(learner: Learner): string {
  return `${displayName(learner)} (${learner.learnerNumber})`;
}

/** A learner's changeable fields alone. */
export function fieldsOf(learner: Learner): LearnerFields {
  const { id, learnerNumber, revision, createdAt, updatedAt, ...fields } = learner;
  return fields;
}
