import { learnerRoutes } from '#contract/learners';
import { AppError } from '#platform/app-error';
import { type Endpoint, endpoint } from '#platform/http';
import { addLearner } from './add-learner.ts';
import { editLearner } from './edit-learner.ts';
import { learnerHistory } from './learner-history.ts';
import { listLearners } from './learner-list.ts';
import { findLearner } from './learner-store.ts';
import { setLearnerSync, setManyLearnerSync } from './set-sync.ts';
import type { LearnersDeps } from './write-learners.ts';

/** Learners one by one and as a list, Sync to Xero and history; merges and imports stand apart. */
export function learnerEndpoints(deps: LearnersDeps): Endpoint[] {
  const { database } = deps;
  return [
    endpoint(learnerRoutes.listLearners, ({ scope, query }) =>
      database.asProvider(scope.providerId, (tx) => listLearners(tx, scope, query)),
    ),
    endpoint(learnerRoutes.getLearner, async ({ scope, params }) => {
      const id = params.learnerId;
      const find = database.asProvider(scope.providerId, (tx) => findLearner(tx, scope, id));
      const learner = await find;
      if (!learner) throw new AppError('request.not-found', 'There is no learner at this address.');
      return learner;
    }),
    endpoint(learnerRoutes.addLearner, ({ scope, body }) => addLearner(deps, scope, body)),
    endpoint(learnerRoutes.editLearner, ({ scope, params, body }) =>
      editLearner(deps, scope, params.learnerId, body),
    ),
    endpoint(learnerRoutes.setLearnerSync, ({ scope, params, body }) =>
      setLearnerSync(deps, scope, params.learnerId, body.syncToXero),
    ),
    endpoint(learnerRoutes.setManyLearnerSync, ({ scope, body }) =>
      setManyLearnerSync(deps, scope, body.learnerIds, body.syncToXero),
    ),
    endpoint(learnerRoutes.learnerHistory, ({ scope, params, query }) =>
      learnerHistory(deps, scope, params.learnerId, query),
    ),
  ];
}
