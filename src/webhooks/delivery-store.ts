import { sql } from 'kysely';
import type { WebhookAttempt, WebhookDelivery } from '#contract/webhooks';
import type { Tx } from '#platform/database';
import { inPortions } from '#platform/in-portions';
import type { Scope } from '#platform/scope';
import type { Posted } from './post-message.ts';

/** A message that someone has taken to send. */
export interface Claimed {
  id: string;
  payload: string;
  /** This attempt's number, from 1. */
  attempt: number;
  /** The same, counted from the last replay. */
  attemptSinceReplay: number;
}

/** One statement takes 65,535 values; a page of papers is told to each endpoint that listens. */
const ROWS_PER_INSERT = 1_000;

/**
 * Stores messages that are due at once. Their ids go out with them as `webhook-id`, by which a
 * receiver knows one that comes twice.
 */
export async function insertDeliveries(
  tx: Tx,
  scope: Scope,
  deliveries: readonly { id: string; endpointId: string; kind: string; payload: string }[],
  now: Date,
): Promise<void> {
  const rows = deliveries.map(({ endpointId, ...plain }) => ({
    provider_id: scope.providerId,
    endpoint_id: endpointId,
    ...plain,
    state: 'waiting',
    next_attempt_at: now,
    created_at: now,
  }));
  for (const some of inPortions(rows, ROWS_PER_INSERT)) {
    await tx.insertInto('webhook_deliveries').values(some).execute();
  }
}

/**
 * Takes the oldest messages that are due and hides them from others until `until`: if their
 * sender dies they are due again then, so each is sent at least once.
 */
export async function claimDue(
  tx: Tx,
  endpointId: string,
  wish: { now: Date; until: Date; limit: number },
): Promise<Claimed[]> {
  const { rows } = await sql<Claimed>`
    update webhook_deliveries d set
      attempts = attempts + 1,
      attempts_since_replay = attempts_since_replay + 1,
      next_attempt_at = ${wish.until}
    where d.id in (
      select id from webhook_deliveries
      where endpoint_id = ${endpointId} and state = 'waiting' and next_attempt_at <= ${wish.now}
      order by next_attempt_at, id limit ${wish.limit} for update skip locked)
    returning d.id, d.payload, d.attempts as attempt,
      d.attempts_since_replay as "attemptSinceReplay"`.execute(tx);
  return rows.sort((one, other) => (one.id < other.id ? -1 : 1));
}

/**
 * Writes one attempt into the log of its message. An attempt that stands there is left as it is.
 */
export async function insertAttempt(
  tx: Tx,
  scope: Scope,
  claimed: Claimed,
  made: Posted & { at: Date; milliseconds: number },
): Promise<void> {
  await tx
    .insertInto('webhook_attempts')
    .values({
      provider_id: scope.providerId,
      delivery_id: claimed.id,
      attempt: claimed.attempt,
      ...made,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Ends a message. What arrived is delivered, also where it was given up meanwhile because its
 * endpoint was turned off; it fails only where it still waits.
 */
export async function finishDelivery(
  tx: Tx,
  id: string,
  state: 'delivered' | 'failed',
  now: Date,
): Promise<void> {
  const before = state === 'delivered' ? ['waiting', 'failed'] : ['waiting'];
  await tx
    .updateTable('webhook_deliveries')
    .set({ state, next_attempt_at: null, finished_at: now })
    .where('id', '=', id)
    .where('state', 'in', before)
    .execute();
}

/** Puts off a message that still waits; one that ended meanwhile stays ended. */
export async function postpone(tx: Tx, id: string, until: Date): Promise<void> {
  await tx
    .updateTable('webhook_deliveries')
    .set({ next_attempt_at: until })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute();
}

/** Nothing more is tried at an endpoint that is turned off; a replay brings them back. */
export async function failWaiting(tx: Tx, endpointId: string, now: Date): Promise<void> {
  await tx
    .updateTable('webhook_deliveries')
    .set({ state: 'failed', next_attempt_at: null, finished_at: now })
    .where('endpoint_id', '=', endpointId)
    .where('state', '=', 'waiting')
    .execute();
}

/** Makes ended messages wait again, with the schedule from its beginning; answers how many. */
export async function replay(
  tx: Tx,
  endpointId: string,
  which: { id: string } | { failedSince: Date; limit: number },
  now: Date,
): Promise<number> {
  const asked = tx
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('endpoint_id', '=', endpointId)
    .where('state', '!=', 'waiting');
  const chosen =
    'id' in which
      ? asked.where('id', '=', which.id)
      : asked
          .where('state', '=', 'failed')
          .where('created_at', '>=', which.failedSince)
          .orderBy('id')
          .limit(which.limit);
  const rows = await tx
    .updateTable('webhook_deliveries')
    .set({ state: 'waiting', next_attempt_at: now, finished_at: null, attempts_since_replay: 0 })
    .where('id', 'in', chosen)
    .returning('id')
    .execute();
  return rows.length;
}

const LAST_STATUS = sql<number | null>`(
  select a.status from webhook_attempts a where a.delivery_id = d.id
  order by a.attempt desc limit 1)`;

/**
 * An endpoint's messages, the newest first; those before `beforeId`, if it is named. That the
 * endpoint is the provider's own is for the caller to see to.
 */
export async function listDeliveries(
  tx: Tx,
  endpointId: string,
  page: { limit: number; beforeId: string | null; state: string | undefined },
): Promise<WebhookDelivery[]> {
  let query = tx
    .selectFrom('webhook_deliveries as d')
    .select(['id', 'kind', 'state', 'attempts', 'created_at', 'finished_at', 'next_attempt_at'])
    .select(LAST_STATUS.as('last_status'))
    .where('endpoint_id', '=', endpointId);
  if (page.beforeId !== null) query = query.where('id', '<', page.beforeId);
  if (page.state !== undefined) query = query.where('state', '=', page.state);
  const rows = await query.orderBy('id', 'desc').limit(page.limit).execute();
  return rows.map(present);
}

const ATTEMPTS_SHOWN = 50;

/**
 * A message with its payload and its last attempts, the newest first; null when this endpoint has
 * none of that id.
 */
export async function readDelivery(tx: Tx, endpointId: string, id: string) {
  const row = await tx
    .selectFrom('webhook_deliveries as d')
    .selectAll()
    .select(LAST_STATUS.as('last_status'))
    .where('endpoint_id', '=', endpointId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return null;
  const log = await tx
    .selectFrom('webhook_attempts')
    .select(['attempt', 'at', 'milliseconds', 'outcome', 'status', 'answer'])
    .where('delivery_id', '=', id)
    .orderBy('attempt', 'desc')
    .limit(ATTEMPTS_SHOWN)
    .execute();
  return {
    ...present(row),
    payload: row.payload,
    log: log.map((one) => ({
      ...one,
      at: one.at.toISOString(),
      outcome: one.outcome as WebhookAttempt['outcome'],
    })),
  };
}

function present(row: {
  id: string;
  kind: string;
  state: string;
  attempts: number;
  created_at: Date;
  finished_at: Date | null;
  next_attempt_at: Date | null;
  last_status: number | null;
}): WebhookDelivery {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state as WebhookDelivery['state'],
    attempts: row.attempts,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? null,
    lastStatus: row.last_status,
  };
}
