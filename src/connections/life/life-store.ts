import { type Selectable, sql } from 'kysely';
import type { ConnectionState } from '#contract/connections';
import type { ErrorCode } from '#contract/errors';
import type { ConnectionId, PersonId, ProviderId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { ConnectionLife as LifeRow } from '#platform/schema';
import type { Scope } from '#platform/scope';
import { mayFlow } from '../active-connection.ts';
import { LIVE_STATES, mayMove, type Organisation } from '../connection.ts';

/** What is known of a connection beside what it is bound to. */
export type Life = Selectable<LifeRow>;
type Facts = Partial<Omit<Life, 'provider_id' | 'connection_id'>>;

/** Begins or goes on with the life of a connection that has just become active; a pause stays. */
export async function openLife(
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
  facts: { connectedByPerson: PersonId | null; nextCheckAt: Date; now: Date },
): Promise<void> {
  const opened = {
    next_check_at: facts.nextCheckAt,
    described_at: facts.now,
    failing_since: null,
    catching_up_since: facts.now,
    in_step_at: null,
    ...(facts.connectedByPerson && { connected_by_person: facts.connectedByPerson }),
  };
  await tx
    .insertInto('connection_life')
    .values({ provider_id: scope.providerId, connection_id: connectionId, ...opened })
    .onConflict((conflict) => conflict.column('connection_id').doUpdateSet(opened))
    .execute();
}

/** What is known of a connection, not locked; null for one that was never active. */
export async function getLife(
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
): Promise<Life | null> {
  const row = await tx
    .selectFrom('connection_life')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('connection_id', '=', connectionId)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Writes the facts given and leaves the others; nothing where the connection was never active. The
 * caller holds the connection (`holdConnection`).
 */
export async function noteLife(
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
  facts: Facts,
): Promise<void> {
  await tx
    .updateTable('connection_life')
    .set(facts)
    .where('provider_id', '=', scope.providerId)
    .where('connection_id', '=', connectionId)
    .execute();
}

/** Notes that calls fail, unless that is known; answers since when they do. */
export async function noteFailing(
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
  facts: { now: Date; nextCheckAt: Date },
): Promise<Date | null> {
  const row = await tx
    .updateTable('connection_life')
    .set({
      failing_since: sql<Date>`coalesce(failing_since, ${facts.now}::timestamptz)`,
      next_check_at: sql<Date>`least(next_check_at, ${facts.nextCheckAt}::timestamptz)`,
    })
    .where('provider_id', '=', scope.providerId)
    .where('connection_id', '=', connectionId)
    .returning('failing_since')
    .executeTakeFirst();
  return row?.failing_since ?? null;
}

/** Writes what is wrong with a live connection, or that nothing is any more. */
export async function setTrouble(
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
  trouble: { code: ErrorCode; since: Date } | null,
): Promise<void> {
  await tx
    .updateTable('connections')
    .set({ trouble_code: trouble?.code ?? null, trouble_since: trouble?.since ?? null })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', connectionId)
    .where('state', 'in', LIVE_STATES)
    .execute();
}

/** Moves between two states if the table of moves allows it; false when it is not in `from`. */
export async function moveBetween(
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
  from: ConnectionState,
  to: ConnectionState,
): Promise<boolean> {
  if (!mayMove(from, to)) throw new RangeError(`No connection moves from ${from} to ${to}`);
  const moved = await tx
    .updateTable('connections')
    .set({ state: to })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', connectionId)
    .where('state', '=', from)
    .executeTakeFirst();
  return moved.numUpdatedRows > 0n;
}

/** Writes how the organisation describes itself now. */
export async function setOrganisation(
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
  organisation: Organisation,
): Promise<void> {
  await tx
    .updateTable('connections')
    .set({
      organisation_name: organisation.name,
      legal_name: organisation.legalName,
      country: organisation.country,
      base_currency: organisation.baseCurrency,
      tax_number: organisation.taxNumber,
      is_demo: organisation.isDemo,
      short_code: organisation.shortCode,
    })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', connectionId)
    .where('state', 'in', LIVE_STATES)
    .execute();
}

/** Connections of all providers that are to be looked at; `tx` is one of the system. */
export async function dueForLook(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<{ providerId: ProviderId; connectionId: ConnectionId }[]> {
  const rows = await tx
    .selectFrom('connection_life as life')
    .innerJoin('connections', 'connections.id', 'life.connection_id')
    .select(['life.provider_id', 'life.connection_id'])
    .where('life.next_check_at', '<=', now)
    .where('connections.state', 'in', ['active', 'needs-consent'])
    .where(mayFlow)
    .orderBy('life.next_check_at')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    providerId: row.provider_id as ProviderId,
    connectionId: row.connection_id as ConnectionId,
  }));
}
