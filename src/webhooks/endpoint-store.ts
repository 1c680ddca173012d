import type { Selectable } from 'kysely';
import type { WebhookEndpoint, WebhookKind } from '#contract/webhooks';
import type { Tx } from '#platform/database';
import type { SealedColumn } from '#platform/reseal';
import type { WebhookEndpoints } from '#platform/schema';
import type { Scope } from '#platform/scope';

export type EndpointRow = Selectable<WebhookEndpoints>;

/** Where secrets stand sealed, each bound to its row and column. */
export const secretPlace = (id: string) => `webhook_endpoints/${id}/secret`;
/** The same of the secret before the last rotation, which signs for a while beside the new one. */
export const oldSecretPlace = (id: string) => `webhook_endpoints/${id}/old-secret`;

export const sealedWebhookColumns: readonly SealedColumn[] = [
  { table: 'webhook_endpoints', column: 'sealed_secret', place: secretPlace },
  { table: 'webhook_endpoints', column: 'sealed_old_secret', place: oldSecretPlace },
];

/**
 * All endpoints, the oldest first: so few may be added (`WEBHOOK_ENDPOINTS_MAX`) that no page is
 * needed.
 */
export function listEndpoints(tx: Tx, scope: Scope): Promise<EndpointRow[]> {
  return tx
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .orderBy('created_at')
    .execute();
}

/** `lock` keeps others from changing it until the transaction ends. */
export async function findEndpoint(
  tx: Tx,
  scope: Scope,
  id: string,
  options: { lock?: boolean } = {},
): Promise<EndpointRow | null> {
  const query = tx
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id);
  return (await (options.lock ? query.forNoKeyUpdate() : query).executeTakeFirst()) ?? null;
}

/** Stores an endpoint that is on from now. Its secret comes sealed for `secretPlace`. */
export async function insertEndpoint(
  tx: Tx,
  scope: Scope,
  given: {
    id: string;
    url: string;
    description: string;
    kinds: WebhookKind[];
    sealedSecret: string;
  },
  now: Date,
): Promise<void> {
  const { sealedSecret, ...plain } = given;
  await tx
    .insertInto('webhook_endpoints')
    .values({
      provider_id: scope.providerId,
      ...plain,
      state: 'active',
      sealed_secret: sealedSecret,
      created_by: scope.actor.name,
      created_at: now,
      next_try_at: now,
    })
    .execute();
}

/**
 * Writes these columns and no others. The caller has locked the row, so that what it read of it
 * still holds.
 */
export async function changeEndpoint(
  tx: Tx,
  scope: Scope,
  id: string,
  change: Partial<Omit<EndpointRow, 'provider_id' | 'id'>>,
): Promise<void> {
  await tx
    .updateTable('webhook_endpoints')
    .set(change)
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .execute();
}

/** Deletes the row; the database takes its deliveries and their attempts with it. */
export async function deleteEndpoint(tx: Tx, scope: Scope, id: string): Promise<void> {
  await tx
    .deleteFrom('webhook_endpoints')
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .execute();
}

/** An endpoint as pages and programs see it: without its secrets. */
export function presentEndpoint(row: EndpointRow, now: Date): WebhookEndpoint {
  const overlaps = row.old_secret_until !== null && row.old_secret_until > now;
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    kinds: row.kinds as WebhookKind[],
    state: row.state as WebhookEndpoint['state'],
    disabledBecause: row.disabled_because as WebhookEndpoint['disabledBecause'],
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    lastDeliveredAt: row.last_delivered_at?.toISOString() ?? null,
    failingSince: row.failing_since?.toISOString() ?? null,
    oldSecretUntil: overlaps ? (row.old_secret_until?.toISOString() ?? null) : null,
  };
}
