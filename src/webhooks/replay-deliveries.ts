import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { lockedEndpoint } from './change-endpoints.ts';
import { deliverLater } from './deliver.ts';
import { insertDeliveries, readDelivery, replay } from './delivery-store.ts';
import type { WebhooksDeps } from './deps.ts';
import type { EndpointRow } from './endpoint-store.ts';
import { refuseUnlicensed } from './may-send.ts';
import { payloadOf } from './message.ts';

const REPLAYED_MAX = 10_000;

/** Sends a test message; answers its id. @throws AppError as `replayOne` */
export async function sendTest(deps: WebhooksDeps, scope: Scope, id: string): Promise<string> {
  const now = deps.clock.now();
  const deliveryId = newId();
  await deps.database.asProvider(scope.providerId, async (tx) => {
    await sendingEndpoint(tx, scope, id);
    const payload = payloadOf('test', now, { endpointId: id });
    await insertDeliveries(
      tx,
      scope,
      [{ id: deliveryId, endpointId: id, kind: 'test', payload }],
      now,
    );
    await deliverLater(tx, scope.providerId, id);
    await announce(tx, scope.providerId, 'webhooks', [id]);
  });
  return deliveryId;
}

/**
 * Sends one message again, whatever became of it, under the same id.
 * @throws AppError `request.not-found`; `connection.not-licensed`; `webhook.endpoint-off` for one
 *   that is turned off
 */
export async function replayOne(
  deps: WebhooksDeps,
  scope: Scope,
  id: string,
  deliveryId: string,
): Promise<void> {
  await deps.database.asProvider(scope.providerId, async (tx) => {
    const { url } = await sendingEndpoint(tx, scope, id);
    if (!(await readDelivery(tx, id, deliveryId))) throw new AppError('request.not-found');
    const deliveries = await replay(tx, id, { id: deliveryId }, deps.clock.now());
    await deps.events.append(tx, scope, {
      kind: 'webhook.replayed',
      endpointId: id,
      url,
      deliveries,
    });
    await deliverLater(tx, scope.providerId, id);
    await announce(tx, scope.providerId, 'webhooks', [id]);
  });
}

/** Sends again all that failed and was made since then; answers how many. @throws as `replayOne` */
export async function replayFailed(
  deps: WebhooksDeps,
  scope: Scope,
  id: string,
  since: Date,
): Promise<number> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const { url } = await sendingEndpoint(tx, scope, id);
    const which = { failedSince: since, limit: REPLAYED_MAX };
    const deliveries = await replay(tx, id, which, deps.clock.now());
    await deps.events.append(tx, scope, {
      kind: 'webhook.replayed',
      endpointId: id,
      url,
      deliveries,
    });
    await deliverLater(tx, scope.providerId, id);
    await announce(tx, scope.providerId, 'webhooks', [id]);
    return deliveries;
  });
}

/** The endpoint, if anything may be sent to it now. @throws AppError as `replayOne` */
async function sendingEndpoint(tx: Tx, scope: Scope, id: string): Promise<EndpointRow> {
  const endpoint = await lockedEndpoint(tx, scope, id);
  await refuseUnlicensed(tx, scope);
  if (endpoint.state !== 'active') throw new AppError('webhook.endpoint-off');
  return endpoint;
}
