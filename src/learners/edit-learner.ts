import type { LearnerId } from '#contract/ids';
import type { Learner, LearnerChange } from '#contract/learners';
import { AppError } from '#platform/app-error';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { refusePossibleDuplicate } from './duplicates.ts';
import { withFields } from './learner.ts';
import { lockLearner } from './learner-store.ts';
import { type LearnersDeps, requireMaySync, writeLearnerChange } from './write-learners.ts';

/**
 * Changes one learner, active or not; fields left out stay. Fails with `request.not-found`,
 * `request.conflict` when someone changed the learner since the revision given,
 * `learner.possible-duplicate` unless `saveAnyway`, `learner.cannot-sync` when a field that Xero
 * needs would be emptied, or `permission.missing` where the caller may not turn Sync to Xero.
 */
export function editLearner(
  deps: LearnersDeps,
  scope: Scope,
  id: LearnerId,
  change: LearnerChange,
): Promise<Learner> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const before = await lockLearner(tx, scope, id);
    if (before.revision !== change.revision) {
      const versions = `You changed version ${change.revision}; version ${before.revision} is here.`;
      throw new AppError('request.conflict', versions);
    }
    const fields = withFields(before, change);
    if (fields.syncToXero !== before.syncToXero) await requireMaySync(tx, scope);
    if (!change.saveAnyway) await refusePossibleDuplicate(tx, scope, fields, before);
    const after = await writeLearnerChange(deps, tx, scope, before, fields);
    if (after !== before) await announce(tx, scope.providerId, 'learners', [id]);
    return after;
  });
}
