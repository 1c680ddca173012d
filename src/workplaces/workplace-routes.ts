import { displayName } from '#contract/learners';
import { workplaceRoutes } from '#contract/workplaces';
import { historyOf } from '#events/index';
import { type Endpoint, endpoint } from '#platform/http';
import { learnerWorkplace, setLearnerWorkplace } from './learner-workplace.ts';
import { turnSync } from './turn-sync.ts';
import { type LearnerNameRow, learnersOf, listWorkplaces } from './workplace-list.ts';
import { requireWorkplace } from './workplace-store.ts';
import {
  addWorkplace,
  editWorkplace,
  setWorkplaceSync,
  type WorkplacesDeps,
} from './write-workplace.ts';

/**
 * Workplaces, their history and their learners. Turning Sync to Xero for many leaves out those that
 * Xero could not take, and names them.
 */
export function workplaceEndpoints(deps: WorkplacesDeps): Endpoint[] {
  const { database } = deps;
  return [
    endpoint(workplaceRoutes.listWorkplaces, ({ scope, query }) =>
      database.asProvider(scope.providerId, (tx) => listWorkplaces(tx, scope, query)),
    ),
    endpoint(workplaceRoutes.getWorkplace, ({ scope, params }) =>
      database.asProvider(scope.providerId, (tx) =>
        requireWorkplace(tx, scope, params.workplaceId),
      ),
    ),
    endpoint(workplaceRoutes.addWorkplace, ({ scope, body }) => addWorkplace(deps, scope, body)),
    endpoint(workplaceRoutes.editWorkplace, ({ scope, params, body }) =>
      editWorkplace(deps, scope, params.workplaceId, body),
    ),
    endpoint(workplaceRoutes.setWorkplaceSync, ({ scope, params, body }) =>
      setWorkplaceSync(deps, scope, params.workplaceId, body.syncToXero),
    ),
    endpoint(workplaceRoutes.setManyWorkplaceSync, ({ scope, body }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const { workplaceIds, syncToXero } = body;
        const { changed, unchanged, refused } = await turnSync(
          deps,
          tx,
          scope,
          workplaceIds,
          syncToXero,
        );
        return { changed: changed.length, unchanged: unchanged.length, refused };
      }),
    ),
    endpoint(workplaceRoutes.workplaceHistory, ({ scope, params, query }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const { id } = await requireWorkplace(tx, scope, params.workplaceId);
        return historyOf(deps.events, tx, scope, { kind: 'workplace', id }, query);
      }),
    ),
    endpoint(workplaceRoutes.listWorkplaceLearners, ({ scope, params, query }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const { id } = await requireWorkplace(tx, scope, params.workplaceId);
        return learnersOf(tx, scope, id, query, nameOf);
      }),
    ),
    endpoint(workplaceRoutes.learnerWorkplace, ({ scope, params }) =>
      database.asProvider(scope.providerId, (tx) => learnerWorkplace(tx, scope, params.learnerId)),
    ),
    endpoint(workplaceRoutes.setLearnerWorkplace, ({ scope, params, body }) =>
      setLearnerWorkplace(deps, scope, params.learnerId, body.workplaceId),
    ),
  ];
}

function nameOf(row: LearnerNameRow): string {
  return displayName({
    firstName: row.first_name,
    lastName: row.last_name,
    preferredName: row.preferred_name,
  });
}
