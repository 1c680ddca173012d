import type { ConnectionId, ProviderId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { XeroOrgAccess } from '#xero/index';
import { LIVE_STATES } from './connection.ts';

/**
 * Questions about connections of all providers. Every function works in a transaction of the
 * system: grants and Xero organisations know no provider.
 */

/** A connection that can call Xero, with what callers need to know of its organisation. */
export interface ActiveConnection extends XeroOrgAccess {
  organisationName: string;
  baseCurrency: string | null;
  shortCode: string | null;
}

const ACTIVE_COLUMNS = [
  'provider_id',
  'id',
  'xero_org_id',
  'grant_id',
  'organisation_name',
  'base_currency',
  'short_code',
] as const;

interface ActiveRow {
  provider_id: string;
  id: string;
  xero_org_id: string | null;
  grant_id: string | null;
  organisation_name: string | null;
  base_currency: string | null;
  short_code: string | null;
}

/** The active connection of an organisation, whichever provider's it is. */
export async function activeForOrg(tx: Tx, xeroOrgId: XeroOrgId): Promise<ActiveConnection | null> {
  const row = await tx
    .selectFrom('connections')
    .select(ACTIVE_COLUMNS)
    .where('app', '=', 'xero')
    .where('state', '=', 'active')
    .where('xero_org_id', '=', xeroOrgId)
    .executeTakeFirst();
  return row ? toActive(row) : null;
}

/** The active connections of one provider; works under its wall too. */
export async function activeOfProvider(
  tx: Tx,
  providerId: ProviderId,
): Promise<ActiveConnection[]> {
  const rows = await tx
    .selectFrom('connections')
    .select(ACTIVE_COLUMNS)
    .where('provider_id', '=', providerId)
    .where('app', '=', 'xero')
    .where('state', '=', 'active')
    .orderBy('connected_at')
    .execute();
  return rows.flatMap((row) => toActive(row) ?? []);
}

/** Connections of one grant, whichever provider's, that wait for someone to connect them again. */
export async function waitingForConsent(tx: Tx, grantId: string): Promise<ActiveConnection[]> {
  const rows = await tx
    .selectFrom('connections')
    .select(ACTIVE_COLUMNS)
    .where('grant_id', '=', grantId)
    .where('state', '=', 'needs-consent')
    .execute();
  return rows.flatMap((row) => toActive(row) ?? []);
}

/** Which of these organisations are bound to a provider other than this one. */
export async function takenByOthers(
  tx: Tx,
  xeroOrgIds: readonly XeroOrgId[],
  providerId: ProviderId,
): Promise<Set<XeroOrgId>> {
  if (xeroOrgIds.length === 0) return new Set();
  const rows = await tx
    .selectFrom('connections')
    .select('xero_org_id')
    .where('app', '=', 'xero')
    .where('state', 'in', LIVE_STATES)
    .where('xero_org_id', 'in', [...xeroOrgIds])
    .where('provider_id', '!=', providerId)
    .execute();
  return new Set(rows.map((row) => row.xero_org_id as XeroOrgId));
}

/** Remembers what a consent allowed at Xero, so that what is not used can be removed there. */
export async function noteAllowed(
  tx: Tx,
  grantId: string,
  xeroConnectionIds: readonly string[],
  now: Date,
): Promise<void> {
  if (xeroConnectionIds.length === 0) return;
  await tx
    .insertInto('xero_allowed_connections')
    .values(
      xeroConnectionIds.map((id) => ({
        xero_connection_id: id,
        grant_id: grantId,
        allowed_at: now,
      })),
    )
    .onConflict((conflict) =>
      conflict.column('xero_connection_id').doUpdateSet({ grant_id: grantId, allowed_at: now }),
    )
    .execute();
}

/** Forgets a connection that is removed at Xero. */
export async function noteRemoved(tx: Tx, xeroConnectionId: string): Promise<void> {
  await tx
    .deleteFrom('xero_allowed_connections')
    .where('xero_connection_id', '=', xeroConnectionId)
    .execute();
}

/** What a grant's consents allowed at Xero and nobody here uses or may still choose. */
export async function unusedXeroConnections(tx: Tx, grantId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('xero_allowed_connections as allowed')
    .select('allowed.xero_connection_id as id')
    .where('allowed.grant_id', '=', grantId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('connections')
            .select('connections.id')
            .whereRef('connections.xero_connection_id', '=', 'allowed.xero_connection_id')
            .where('connections.state', 'in', LIVE_STATES),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('connection_choices')
            .select('connection_choices.connection_id')
            .whereRef('connection_choices.xero_connection_id', '=', 'allowed.xero_connection_id'),
        ),
      ),
    )
    .execute();
  return rows.map(({ id }) => id);
}

/** Whether Xero has answered a consent that is not dealt with yet; one that died is not waited for. */
export async function isConsentUnderWay(tx: Tx, since: Date): Promise<boolean> {
  const row = await tx
    .selectFrom('consents')
    .select('id')
    .where('finished_at', 'is', null)
    .where('used_at', '>', since)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Lets go of a grant that no connection needs any more: what is disconnected forgets it, and the
 * caller may erase it. The grant's row is locked first, as everyone does who changes grants.
 */
export async function releaseGrant(tx: Tx, grantId: string): Promise<boolean> {
  await tx.selectFrom('grants').select('id').where('id', '=', grantId).forUpdate().execute();
  const needed = await tx
    .selectFrom('connections')
    .select('id')
    .where('grant_id', '=', grantId)
    .where('state', '!=', 'disconnected')
    .limit(1)
    .execute();
  if (needed.length > 0) return false;
  await tx
    .updateTable('connections')
    .set({ grant_id: null })
    .where('grant_id', '=', grantId)
    .execute();
  return true;
}

function toActive(row: ActiveRow): ActiveConnection | null {
  if (row.xero_org_id === null || row.grant_id === null) return null;
  return {
    providerId: row.provider_id as ProviderId,
    connectionId: row.id as ConnectionId,
    xeroOrgId: row.xero_org_id as XeroOrgId,
    grantId: row.grant_id,
    organisationName: row.organisation_name ?? '',
    baseCurrency: row.base_currency,
    shortCode: row.short_code,
  };
}
