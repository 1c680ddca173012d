import { supportRoutes as api } from '#contract/support';
import { type Endpoint, endpoint } from '#platform/http';
import { idOfCursor, pageByIds } from '#platform/id-cursor';
import type { SupportDeps } from './support.ts';
import { listRequests, toRequest } from './support-store.ts';
import { moveTo, openRequest, readThread, replyToRequest } from './write-request.ts';

/** The provider's side of its requests; whoever runs Bursar answers on the command line. */
export function supportEndpoints(deps: SupportDeps): Endpoint[] {
  const { database } = deps;
  return [
    endpoint(api.listSupportRequests, async ({ scope, query }) => {
      const { limit, state } = query;
      const page = { limit: limit + 1, before: idOfCursor(query.cursor), state };
      const rows = await database.asProvider(scope.providerId, (tx) =>
        listRequests(tx, scope, page),
      );
      return pageByIds(rows.map(toRequest), limit);
    }),

    endpoint(api.getSupportRequest, ({ scope, params }) =>
      database.asProvider(scope.providerId, (tx) => readThread(tx, scope, params.requestId)),
    ),

    endpoint(api.openSupportRequest, ({ scope, body }) => openRequest(deps, scope, body)),

    endpoint(api.replyToSupportRequest, ({ scope, params, body }) =>
      replyToRequest(deps, scope, params.requestId, { from: 'provider', text: body.text }),
    ),

    endpoint(api.closeSupportRequest, ({ scope, params }) =>
      moveTo(deps, scope, params.requestId, 'closed'),
    ),

    endpoint(api.reopenSupportRequest, ({ scope, params }) =>
      moveTo(deps, scope, params.requestId, 'open'),
    ),
  ];
}
