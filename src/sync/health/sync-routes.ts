import { mergeRoutes } from '#contract/merges';
import { syncRoutes } from '#contract/sync';
import { type Endpoint, endpoint } from '#platform/http';
import type { SyncDeps } from '../lane/lane-run.ts';
import { furtherContacts } from './further-contacts.ts';
import { partySync, syncPartyNow } from './party-sync.ts';
import { syncHealth } from './sync-health.ts';

/**
 * How a learner or workplace stands with Xero and sending one now, the further contacts that a
 * learner has by merges, and how the lanes are.
 */
export function syncEndpoints(deps: SyncDeps): Endpoint[] {
  const { database } = deps;
  return [
    endpoint(syncRoutes.learnerSync, ({ scope, params: { learnerId } }) =>
      database.asProvider(scope.providerId, async (tx) => ({
        learnerId,
        ...(await partySync(deps, tx, scope, { kind: 'learner', id: learnerId })),
      })),
    ),

    endpoint(syncRoutes.syncLearnerNow, ({ scope, params: { learnerId } }) =>
      database.asProvider(scope.providerId, async (tx) => ({
        learnerId,
        ...(await syncPartyNow(deps, tx, scope, { kind: 'learner', id: learnerId })),
      })),
    ),

    endpoint(syncRoutes.workplaceSync, ({ scope, params: { workplaceId } }) =>
      database.asProvider(scope.providerId, async (tx) => ({
        workplaceId,
        ...(await partySync(deps, tx, scope, { kind: 'workplace', id: workplaceId })),
      })),
    ),

    endpoint(syncRoutes.syncWorkplaceNow, ({ scope, params: { workplaceId } }) =>
      database.asProvider(scope.providerId, async (tx) => ({
        workplaceId,
        ...(await syncPartyNow(deps, tx, scope, { kind: 'workplace', id: workplaceId })),
      })),
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
