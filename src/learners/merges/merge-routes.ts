import type { LearnerId } from '#contract/ids';
import { displayName, type Learner } from '#contract/learners';
import { type LearnerMerge, mergeRoutes } from '#contract/merges';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { type Endpoint, endpoint } from '#platform/http';
import type { Scope } from '#platform/scope';
import { loadLearners } from '../learner-store.ts';
import type { LearnersDeps } from '../write-learners.ts';
import { mergeLearners } from './merge-learners.ts';
import { mergedAmong, mergesOf } from './merge-store.ts';
import { undoMerge } from './undo-merge.ts';

/**
 * Merging learners, their merges, and undoing one; who is merged goes into the learner of the
 * address.
 */
export function mergeEndpoints(deps: LearnersDeps): Endpoint[] {
  return [
    endpoint(mergeRoutes.mergeLearners, ({ scope, params, body }) =>
      mergeLearners(deps, scope, {
        keptId: params.learnerId,
        revision: body.revision,
        mergedId: body.otherLearnerId,
        mergedRevision: body.otherRevision,
      }),
    ),
    endpoint(mergeRoutes.listLearnerMerges, ({ scope, params }) =>
      deps.database.asProvider(scope.providerId, async (tx) => ({
        merges: await listMerges(deps, tx, scope, params.learnerId),
      })),
    ),
    endpoint(mergeRoutes.undoLearnerMerge, ({ scope, params }) =>
      undoMerge(deps, scope, params.learnerId, params.mergeId),
    ),
  ];
}

async function listMerges(
  deps: LearnersDeps,
  tx: Tx,
  scope: Scope,
  learnerId: LearnerId,
): Promise<LearnerMerge[]> {
  const [here] = await loadLearners(tx, scope, [learnerId]);
  if (!here) throw new AppError('request.not-found', 'There is no learner at this address.');
  const merges = await mergesOf(tx, scope, learnerId);
  const ids = [...new Set(merges.flatMap((merge) => [merge.keptId, merge.mergedId]))];
  const learners = new Map((await loadLearners(tx, scope, ids)).map((one) => [one.id, one]));
  const gone = await mergedAmong(tx, scope, ids);
  const now = deps.clock.now();
  return merges.flatMap((merge) => {
    const [kept, merged] = [learners.get(merge.keptId), learners.get(merge.mergedId)];
    if (!kept || !merged) return [];
    return {
      id: merge.id,
      kept: party(kept),
      merged: party(merged),
      mergedAt: merge.mergedAt.toISOString(),
      mergedBy: merge.mergedBy.name,
      undoUntil: merge.undoUntil.toISOString(),
      mayUndo: merge.undoUntil > now && !gone.has(merge.keptId),
    };
  });
}

function party(learner: Learner): LearnerMerge['kept'] {
  return {
    learnerId: learner.id,
    name: displayName(learner),
    learnerNumber: learner.learnerNumber,
  };
}
