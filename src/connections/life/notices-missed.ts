import { sql } from 'kysely';
import type { XeroOrgId } from '#contract/ids';
import { MINUTE_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { Connection } from '../connection.ts';
import type { ConnectionsDeps } from '../deps.ts';
import { beginTrouble, endTrouble } from './record-trouble.ts';

/** Xero tells of a change within seconds; what it has not told of by then it will not. */
const NOTICE_DUE_MS = 15 * MINUTE_MS;
/** One notice may get lost; so many, over a quarter of an hour, are no accident. */
const MISSED_MIN = 2;

/** Changes that a sweep found and no notice told of, for one organisation. */
interface Missed {
  changes: number;
  firstAt: Date;
}

/**
 * Takes down which of the changes that a sweep has met should have been told of by a notice: those
 * older than a notice needs and newer than the last that was heard of Xero for any organisation.
 * What changed before a check that switched notices on again was found late, and is no news.
 */
export async function noteSwept(
  deps: ConnectionsDeps,
  scope: Scope,
  access: { xeroOrgId: XeroOrgId },
  changedAt: readonly Date[],
): Promise<void> {
  if (changedAt.length === 0 || !deps.xero.hasWebhooks) return;
  const now = deps.clock.now();
  const { lastDeliveryAt, lastIntentAt } = await deps.xero.arrivals.read();
  const heard = [lastDeliveryAt, lastIntentAt].map((at) => at?.getTime() ?? 0);
  const missed = changedAt.filter(
    (at) => at.getTime() > Math.max(...heard) && plus(at, NOTICE_DUE_MS) <= now,
  );
  if (missed.length === 0) return;
  await deps.database.asProvider(scope.providerId, (tx) =>
    tx
      .insertInto('unnoticed_changes')
      .values({
        provider_id: scope.providerId,
        xero_org_id: access.xeroOrgId,
        changes: missed.length,
        first_at: now,
        last_at: now,
      })
      .onConflict((conflict) =>
        conflict.columns(['provider_id', 'xero_org_id']).doUpdateSet({
          changes: sql<number>`unnoticed_changes.changes + excluded.changes`,
          last_at: now,
        }),
      )
      .execute(),
  );
}

/** Whether notices have fallen silent, or are heard again. */
export async function judgeWebhooks(
  deps: ConnectionsDeps,
  scope: Scope,
  { id, organisation }: Connection,
): Promise<void> {
  if (!organisation || !deps.xero.hasWebhooks) return;
  const { xeroOrgId } = organisation;
  const { lastDeliveryAt, lastIntentAt } = await deps.xero.arrivals.read();
  await deps.database.asProvider(scope.providerId, async (tx) => {
    const missed = await missedOf(tx, scope, xeroOrgId);
    if (!missed) return endTrouble(deps, tx, scope, id, ['xero.webhooks-silent']);
    const isHeardAgain = [lastDeliveryAt, lastIntentAt].some((at) => at && at > missed.firstAt);
    if (isHeardAgain) {
      await forgetMissed(tx, scope, xeroOrgId);
      return endTrouble(deps, tx, scope, id, ['xero.webhooks-silent']);
    }
    const lasts = plus(missed.firstAt, NOTICE_DUE_MS) <= deps.clock.now();
    if (missed.changes < MISSED_MIN || !lasts) return;
    await beginTrouble(deps, tx, scope, id, 'xero.webhooks-silent');
  });
}

/**
 * What no notice told of since notices were last judged to be heard for this organisation; null
 * when there is nothing of the kind.
 */
export async function missedOf(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<Missed | null> {
  const row = await tx
    .selectFrom('unnoticed_changes')
    .select(['changes', 'first_at'])
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .executeTakeFirst();
  return row ? { changes: row.changes, firstAt: row.first_at } : null;
}

async function forgetMissed(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<void> {
  await tx
    .deleteFrom('unnoticed_changes')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
}
