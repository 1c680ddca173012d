import type { Selectable } from 'kysely';
import type { AppKey, ConnectionState } from '#contract/connections';
import type { ErrorCode } from '#contract/errors';
import type { ConnectionId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Connections as ConnectionRow } from '#platform/schema';
import type { Scope } from '#platform/scope';
import { holdProvider } from '#providers/index';
import { type Connection, LIVE_STATES, type Organisation, statesBefore } from './connection.ts';

/** At most so many connections of a provider are listed. */
const LISTED_MAX = 100;

export interface NewConnection {
  id: ConnectionId;
  app: AppKey;
  grantId: string;
  authEventId: string | null;
  connectedBy: string;
  xeroPerson: string | null;
  joinsOthers: boolean;
}

/** What a connection is bound to when it becomes active. */
export interface Binding {
  grantId: string;
  authEventId: string | null;
  xeroConnectionId: string;
  organisation: Organisation;
  connectedBy: string;
  xeroPerson: string | null;
}

/** Connections that are not disconnected, newest first. */
export async function listConnections(tx: Tx, scope: Scope, app: AppKey): Promise<Connection[]> {
  const rows = await tx
    .selectFrom('connections')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('app', '=', app)
    .where('state', '!=', 'disconnected')
    .orderBy('created_at', 'desc')
    .limit(LISTED_MAX)
    .execute();
  return rows.map(toConnection);
}

/**
 * A connection in whatever state; null where this provider has none of that id. With `lock` nobody
 * else changes it until the transaction ends.
 */
export async function getConnection(
  tx: Tx,
  scope: Scope,
  id: ConnectionId,
  options: { lock?: boolean } = {},
): Promise<Connection | null> {
  const query = tx
    .selectFrom('connections')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id);
  const row = await (options.lock ? query.forNoKeyUpdate() : query).executeTakeFirst();
  return row ? toConnection(row) : null;
}

/**
 * Holds a connection until the transaction ends. Whoever notes how one fares holds it first, and
 * before the row of its lane: looks, calls, people and the lane do so at the same moment and would
 * else wait for each other.
 */
export async function holdConnection(tx: Tx, scope: Scope, id: ConnectionId): Promise<void> {
  await getConnection(tx, scope, id, { lock: true });
}

/**
 * The connections that bind organisations to this provider now. Holds the provider's row first: of
 * two that connect at once, the second sees what the first has done.
 */
export async function lockLiveConnections(
  tx: Tx,
  scope: Scope,
  app: AppKey,
): Promise<Connection[]> {
  await holdProvider(tx, scope);
  const rows = await tx
    .selectFrom('connections')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('app', '=', app)
    .where('state', 'in', LIVE_STATES)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  return rows.map(toConnection);
}

/** Adds a connection that waits for an organisation to be chosen. */
export async function insertChoosing(
  tx: Tx,
  scope: Scope,
  wish: NewConnection,
  now: Date,
): Promise<void> {
  await tx
    .insertInto('connections')
    .values({ ...newRow(scope, wish, now), state: 'choosing' })
    .execute();
}

/** Adds a connection that is active at once. Throws the database's error when another one is live. */
export async function insertActive(
  tx: Tx,
  scope: Scope,
  wish: NewConnection,
  binding: Binding,
  now: Date,
): Promise<void> {
  await tx
    .insertInto('connections')
    .values({ ...newRow(scope, wish, now), ...bindingColumns(binding, now) })
    .execute();
}

/** Moves to active, bound to an organisation; false when it is in no state that may. */
export async function moveToActive(
  tx: Tx,
  scope: Scope,
  id: ConnectionId,
  binding: Binding,
  now: Date,
): Promise<boolean> {
  const moved = await tx
    .updateTable('connections')
    .set({ ...bindingColumns(binding, now), trouble_code: null, trouble_since: null })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .where('state', 'in', statesBefore('active'))
    .executeTakeFirst();
  return moved.numUpdatedRows > 0n;
}

/**
 * Moves back to active a connection that Xero lets in again without having been connected anew;
 * false when it was not waiting for that.
 */
export async function moveBackToActive(
  tx: Tx,
  scope: Scope,
  id: ConnectionId,
  organisationName: string,
): Promise<boolean> {
  const moved = await tx
    .updateTable('connections')
    .set({
      state: 'active',
      organisation_name: organisationName,
      trouble_code: null,
      trouble_since: null,
    })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .where('state', '=', 'needs-consent')
    .executeTakeFirst();
  return moved.numUpdatedRows > 0n;
}

/** Moves to needs-consent with what is wrong; false when it is in no state that may. */
export async function moveToNeedsConsent(
  tx: Tx,
  scope: Scope,
  id: ConnectionId,
  trouble: ErrorCode,
  now: Date,
): Promise<boolean> {
  const moved = await tx
    .updateTable('connections')
    .set({ state: 'needs-consent', trouble_code: trouble, trouble_since: now })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .where('state', 'in', statesBefore('needs-consent'))
    .executeTakeFirst();
  return moved.numUpdatedRows > 0n;
}

/** Moves to disconnected; false when it is there already. */
export async function moveToDisconnected(
  tx: Tx,
  scope: Scope,
  id: ConnectionId,
  now: Date,
): Promise<boolean> {
  const moved = await tx
    .updateTable('connections')
    .set({
      state: 'disconnected',
      disconnected_at: now,
      trouble_code: null,
      trouble_since: null,
    })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .where('state', 'in', statesBefore('disconnected'))
    .executeTakeFirst();
  return moved.numUpdatedRows > 0n;
}

/** Points a live connection at the grant and Xero connection of a newer consent. */
export async function rebind(
  tx: Tx,
  scope: Scope,
  id: ConnectionId,
  binding: Pick<Binding, 'grantId' | 'xeroConnectionId' | 'authEventId'>,
): Promise<void> {
  await tx
    .updateTable('connections')
    .set({
      grant_id: binding.grantId,
      xero_connection_id: binding.xeroConnectionId,
      auth_event_id: binding.authEventId,
    })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .where('state', 'in', LIVE_STATES)
    .execute();
}

function newRow(scope: Scope, wish: NewConnection, now: Date) {
  return {
    provider_id: scope.providerId,
    id: wish.id,
    app: wish.app,
    grant_id: wish.grantId,
    auth_event_id: wish.authEventId,
    connected_by: wish.connectedBy,
    xero_person: wish.xeroPerson,
    joins_others: wish.joinsOthers,
    created_at: now,
  };
}

function bindingColumns(binding: Binding, now: Date) {
  const { organisation } = binding;
  return {
    state: 'active',
    grant_id: binding.grantId,
    auth_event_id: binding.authEventId,
    xero_connection_id: binding.xeroConnectionId,
    xero_org_id: organisation.xeroOrgId,
    organisation_name: organisation.name,
    legal_name: organisation.legalName,
    country: organisation.country,
    base_currency: organisation.baseCurrency,
    tax_number: organisation.taxNumber,
    is_demo: organisation.isDemo,
    short_code: organisation.shortCode,
    connected_by: binding.connectedBy,
    xero_person: binding.xeroPerson,
    connected_at: now,
  };
}

/** A row of the table as a connection. */
export function toConnection(row: Selectable<ConnectionRow>): Connection {
  return {
    id: row.id as ConnectionId,
    state: row.state as ConnectionState,
    grantId: row.grant_id,
    xeroConnectionId: row.xero_connection_id,
    authEventId: row.auth_event_id,
    organisation:
      row.xero_org_id === null
        ? null
        : {
            xeroOrgId: row.xero_org_id as XeroOrgId,
            name: row.organisation_name ?? '',
            legalName: row.legal_name,
            country: row.country,
            baseCurrency: row.base_currency,
            taxNumber: row.tax_number,
            isDemo: row.is_demo,
            shortCode: row.short_code,
          },
    connectedBy: row.connected_by,
    xeroPerson: row.xero_person,
    joinsOthers: row.joins_others,
    connectedAt: row.connected_at,
    trouble:
      row.trouble_code === null || row.trouble_since === null
        ? null
        : { code: row.trouble_code as ErrorCode, since: row.trouble_since },
  };
}
