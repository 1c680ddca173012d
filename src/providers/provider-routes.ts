import { providerRoutes } from '#contract/providers';
import type { EventLog } from '#events/index';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { type Endpoint, endpoint } from '#platform/http';
import { listApiKeys } from './api-key-store.ts';
import { createApiKey, revokeApiKey } from './manage-api-keys.ts';
import { listMembers } from './member-store.ts';

interface Deps {
  database: Database;
  clock: Clock;
  events: EventLog;
}

/** Who works here, and the API keys. Members are changed by `peopleEndpoints`. */
export function providerEndpoints(deps: Deps): Endpoint[] {
  const { database } = deps;
  return [
    endpoint(providerRoutes.listMembers, ({ scope }) =>
      database.asProvider(scope.providerId, async (tx) => ({
        items: await listMembers(tx, scope),
      })),
    ),

    endpoint(providerRoutes.listApiKeys, ({ scope }) =>
      database.asProvider(scope.providerId, async (tx) => ({
        items: await listApiKeys(tx, scope),
      })),
    ),

    endpoint(providerRoutes.createApiKey, ({ scope, body }) => createApiKey(deps, scope, body)),

    endpoint(providerRoutes.revokeApiKey, async ({ scope, params }) => {
      await revokeApiKey(deps, scope, params.apiKeyId);
      return null;
    }),
  ];
}
