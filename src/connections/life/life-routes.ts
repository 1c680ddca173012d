import { connectionLifeRoutes as api } from '#contract/connection-life';
import { type Endpoint, endpoint } from '#platform/http';
import type { ConnectionsDeps } from '../deps.ts';
import { showConnection } from '../list-apps.ts';
import { pauseConnection, resumeConnection } from './pause-connection.ts';
import { connectionHistory, listNews, showLife } from './show-life.ts';
import { testConnection } from './test-connection.ts';

/**
 * How connections fare: a test, pausing and resuming, history, and the news that every page asks
 * for.
 */
export function lifeEndpoints(deps: ConnectionsDeps): Endpoint[] {
  return [
    endpoint(api.getConnectionLife, ({ scope, params }) =>
      showLife(deps, scope, params.connectionId),
    ),

    endpoint(api.testConnection, ({ scope, params }) =>
      testConnection(deps, scope, params.connectionId),
    ),

    endpoint(api.pauseConnection, async ({ scope, params }) => {
      await pauseConnection(deps, scope, params.connectionId);
      return showConnection(deps, scope, params.connectionId);
    }),

    endpoint(api.resumeConnection, async ({ scope, params }) => {
      await resumeConnection(deps, scope, params.connectionId);
      return showConnection(deps, scope, params.connectionId);
    }),

    endpoint(api.connectionHistory, ({ scope, params, query }) =>
      connectionHistory(deps, scope, params.connectionId, query),
    ),

    endpoint(api.listConnectionNews, async ({ scope }) => ({
      news: await listNews(deps, scope),
      isOnHold: await deps.isHeld(),
    })),
  ];
}
