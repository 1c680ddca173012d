import type { HistoryEntry, HistoryQuery } from '#contract/history';
import type { LearnerId } from '#contract/ids';
import type { Page } from '#contract/paging';
import { historyOf } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Scope } from '#platform/scope';
import { findLearner } from './learner-store.ts';
import type { LearnersDeps } from './write-learners.ts';

/** What happened to a learner, newest first. `request.not-found` for a learner of nobody here. */
export function learnerHistory(
  deps: LearnersDeps,
  scope: Scope,
  id: LearnerId,
  query: HistoryQuery,
): Promise<Page<HistoryEntry>> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    if (!(await findLearner(tx, scope, id))) {
      throw new AppError('request.not-found', 'There is no learner at this address.');
    }
    return historyOf(deps.events, tx, scope, { kind: 'learner', id }, query);
  });
}
