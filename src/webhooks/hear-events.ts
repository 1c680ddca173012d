import { sql } from 'kysely';
import type { BursarEvent } from '#events/index';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Scope } from '#platform/scope';
import { deliverLater } from './deliver.ts';
import { insertDeliveries } from './delivery-store.ts';
import type { WebhooksDeps } from './deps.ts';
import { maySend } from './may-send.ts';
import { messageOf, payloadOf } from './message.ts';

/**
 * Puts a message for every endpoint that asked for it beside the event, in the event's own
 * transaction: what is told happened, and what happened is told.
 */
export async function hearEvents(
  { clock }: Pick<WebhooksDeps, 'clock'>,
  tx: Tx,
  scope: Scope,
  appended: readonly { id: string; at: Date; event: BursarEvent }[],
): Promise<void> {
  const messages = appended.flatMap(({ at, event }) => {
    const message = messageOf(event);
    return message === null ? [] : [{ ...message, at }];
  });
  if (messages.length === 0) return;
  const endpoints = await listening(tx, scope);
  const deliveries = endpoints.flatMap(({ id, kinds }) =>
    messages
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ kind, at, data }) => ({
        id: newId(),
        endpointId: id,
        kind,
        payload: payloadOf(kind, at, data),
      })),
  );
  await insertDeliveries(tx, scope, deliveries, clock.now());
  for (const endpointId of new Set(deliveries.map((one) => one.endpointId))) {
    await deliverLater(tx, scope.providerId, endpointId);
  }
}

/** Endpoints that are on, of a provider whose package includes webhooks and that is open. */
async function listening(tx: Tx, scope: Scope): Promise<{ id: string; kinds: string[] }[]> {
  const { rows } = await sql<{ id: string; kinds: string[] }>`
    select e.id, e.kinds from webhook_endpoints e
    where e.provider_id = ${scope.providerId} and e.state = 'active'
      and ${maySend}`.execute(tx);
  return rows;
}
