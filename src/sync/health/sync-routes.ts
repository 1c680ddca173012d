import { mergeRoutes } from '#contract/merges';
import { syncRoutes } from '#contract/sync';
import { type Endpoint, endpoint } from '#platform/http';
import type { SyncDeps } from '../lane/lane-run.ts';
import { furtherContacts } from './further-contacts.ts';
import { learnerSync, syncLearnerNow } from './learner-sync.ts';
import { syncHealth } from './sync-health.ts';

export function syncEndpoints(deps: SyncDeps): Endpoint[] {
  const { database } = deps;
  return [
    endpoint(syncRoutes.learnerSync, ({ scope, params }) =>
      database.asProvider(scope.providerId, (tx) => learnerSync(deps, tx, scope, params.learnerId)),
    ),

    endpoint(syncRoutes.syncLearnerNow, ({ scope, params }) =>
      database.asProvider(scope.providerId, (tx) =>
        syncLearnerNow(deps, tx, scope, params.learnerId),
      ),
    ),

    endpoint(mergeRoutes.listFurtherContacts, ({ scope, params }) =>
      database.asProvider(scope.providerId, async (tx) => ({
        contacts: await furtherContacts(deps, tx, scope, params.learnerId),
      })),
    ),

    endpoint(syncRoutes.syncHealth, async ({ scope }) => ({
      lanes: await syncHealth(deps, scope),
    })),
  ];
}
