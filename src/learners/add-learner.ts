import type { Learner, NewLearner } from '#contract/learners';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { refusePossibleDuplicate } from './duplicates.ts';
import { emptyFields, withFields } from './learner.ts';
import { type LearnersDeps, requireMaySync, writeNewLearners } from './write-learners.ts';

/**
 * Adds one learner. Fails with `learner.possible-duplicate` unless `saveAnyway`,
 * `learner.number-taken`, `learner.cannot-sync`, or `permission.missing` where the caller may not
 * turn Sync to Xero on.
 */
export function addLearner(deps: LearnersDeps, scope: Scope, given: NewLearner): Promise<Learner> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const fields = withFields(emptyFields, given);
    if (fields.syncToXero) await requireMaySync(tx, scope);
    if (!given.saveAnyway) await refusePossibleDuplicate(tx, scope, fields, null);
    const draft = { fields, learnerNumber: given.learnerNumber ?? null };
    const [learner] = await writeNewLearners(deps, tx, scope, [draft]);
    if (!learner) throw new Error('one draft gives one learner');
    await announce(tx, scope.providerId, 'learners', [learner.id]);
    return learner;
  });
}
