import type { LearnerId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { type FieldsGiven, withFields } from './learner.ts';
import { lockLearner } from './learner-store.ts';
import { type LearnersDeps, writeLearnerChange } from './write-learners.ts';

/**
 * Puts some fields into a learner's record, whatever their revision, in the caller's transaction,
 * which locks the learner first of all. Fails with `request.not-found`, `learner.merged`, or
 * `learner.cannot-sync` where a field that Xero needs would be emptied.
 */
export async function changeLearner(
  deps: Pick<LearnersDeps, 'clock' | 'events'>,
  tx: Tx,
  scope: Scope,
  id: LearnerId,
  given: FieldsGiven,
): Promise<Learner> {
  const before = await lockLearner(tx, scope, id);
  const after = await writeLearnerChange(deps, tx, scope, before, withFields(before, given));
  if (after !== before) await announce(tx, scope.providerId, 'learners', [id]);
  return after;
}
