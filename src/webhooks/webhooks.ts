import { sql } from 'kysely';
import type { ProviderId } from '#contract/ids';
import { webhookRoutes as api, type WebhookEndpoint } from '#contract/webhooks';
import { AppError } from '#platform/app-error';
import { MINUTE_MS, plus } from '#platform/clock';
import { type Endpoint, endpoint } from '#platform/http';
import { idOfCursor, pageByIds } from '#platform/id-cursor';
import { enqueue } from '#platform/jobs/job';
import type { Handler } from '#platform/jobs/worker';
import { actorMay } from '#platform/scope';
import { addEndpoint, editEndpoint, removeEndpoint, rotateSecret } from './change-endpoints.ts';
import { deliverEachLater, deliverHandler } from './deliver.ts';
import { listDeliveries, readDelivery } from './delivery-store.ts';
import type { WebhooksDeps } from './deps.ts';
import { findEndpoint, listEndpoints, presentEndpoint } from './endpoint-store.ts';
import { forgetDeliveries, forgetDeliveriesHandler } from './forget-deliveries.ts';
import { hearEvents } from './hear-events.ts';
import { maySend } from './may-send.ts';
import { createPost, type Post } from './post-message.ts';
import { replayFailed, replayOne, sendTest } from './replay-deliveries.ts';

/** Outgoing signed webhooks. */
export interface Webhooks {
  readonly endpoints: Endpoint[];
  readonly handlers: Handler[];
  /** Wakes endpoints at which something is due, and has forgotten what is old. */
  tick(): Promise<void>;
}

const WOKEN_AT_ONCE = 200;
const FORGOTTEN_EVERY_MS = 10 * MINUTE_MS;

/**
 * Puts the room together, once a process. From here on events are heard, and become messages in the
 * event's own transaction. `post` stands in for the network in tests.
 */
export function createWebhooks(given: Omit<WebhooksDeps, 'post'> & { post?: Post }): Webhooks {
  const deps: WebhooksDeps = { ...given, post: given.post ?? createPost(given.allowLocal) };
  const { database, clock, events } = deps;
  let nextForgetting = clock.now();
  events.onEach((tx, scope, appended) => hearEvents(deps, tx, scope, appended));

  return {
    endpoints: webhookEndpoints(deps),
    handlers: [deliverHandler(deps), forgetDeliveriesHandler(deps)],
    async tick() {
      const now = clock.now();
      await database.asSystem(async (tx) => {
        const { rows } = await sql<{ endpointId: string; providerId: ProviderId }>`
          select e.id as "endpointId", e.provider_id as "providerId" from webhook_endpoints e
          where e.state = 'active' and e.next_try_at <= ${now} and ${maySend} and exists (
            select from webhook_deliveries d where d.endpoint_id = e.id
              and d.state = 'waiting' and d.next_attempt_at <= ${now})
          limit ${WOKEN_AT_ONCE}`.execute(tx);
        await deliverEachLater(tx, rows);
        if (now < nextForgetting) return;
        nextForgetting = plus(now, FORGOTTEN_EVERY_MS);
        await enqueue(tx, forgetDeliveries, {}, 'all');
      });
    },
  };
}

function withHostOnly(shown: WebhookEndpoint): WebhookEndpoint {
  return { ...shown, url: `${new URL(shown.url).origin}/…` };
}

function webhookEndpoints(deps: WebhooksDeps): Endpoint[] {
  const { database, clock } = deps;
  return [
    endpoint(api.listWebhookEndpoints, ({ scope }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const all = (await listEndpoints(tx, scope)).map((row) =>
          presentEndpoint(row, clock.now()),
        );
        const items = actorMay(scope, 'connections.manage') ? all : all.map(withHostOnly);
        return { items };
      }),
    ),
    endpoint(api.addWebhookEndpoint, ({ scope, body }) => addEndpoint(deps, scope, body)),
    endpoint(api.changeWebhookEndpoint, ({ scope, params, body }) =>
      editEndpoint(deps, scope, params.endpointId, body),
    ),
    endpoint(api.removeWebhookEndpoint, async ({ scope, params }) => {
      await removeEndpoint(deps, scope, params.endpointId);
      return null;
    }),
    endpoint(api.rotateWebhookSecret, ({ scope, params }) =>
      rotateSecret(deps, scope, params.endpointId),
    ),
    endpoint(api.testWebhookEndpoint, async ({ scope, params }) => ({
      deliveryId: await sendTest(deps, scope, params.endpointId),
    })),
    endpoint(api.listWebhookDeliveries, ({ scope, params, query }) =>
      database.asProvider(scope.providerId, async (tx) => {
        if (!(await findEndpoint(tx, scope, params.endpointId))) {
          throw new AppError('request.not-found');
        }
        const { limit, state } = query;
        const page = { limit: limit + 1, beforeId: idOfCursor(query.cursor), state };
        return pageByIds(await listDeliveries(tx, params.endpointId, page), limit);
      }),
    ),
    endpoint(api.getWebhookDelivery, ({ scope, params }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const found = await readDelivery(tx, params.endpointId, params.deliveryId);
        if (!found) throw new AppError('request.not-found');
        return found;
      }),
    ),
    endpoint(api.replayWebhookDelivery, async ({ scope, params }) => {
      await replayOne(deps, scope, params.endpointId, params.deliveryId);
      return null;
    }),
    endpoint(api.replayFailedWebhooks, async ({ scope, params, body }) => ({
      replayed: await replayFailed(deps, scope, params.endpointId, new Date(body.since)),
    })),
  ];
}
