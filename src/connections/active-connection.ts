import { sql } from 'kysely';
import type { ConnectionId, ProviderId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { XeroOrgAccess } from '#xero/index';

/** A connection that can call Xero, with what callers need to know of its organisation. */
export interface ActiveConnection extends XeroOrgAccess {
  organisationName: string;
  baseCurrency: string | null;
  shortCode: string | null;
}

export const ACTIVE_COLUMNS = [
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

/**
 * Nothing flows while the provider's package does not include Xero or the provider is closed: the
 * connection stays as it is, and so does everything that waits (decision 021).
 */
export const mayFlow = sql<boolean>`exists (
    select from licences licence where licence.provider_id = connections.provider_id
      and licence.product = 'xero' and licence.withdrawn_at is null)
  and not exists (
    select from provider_closings closing where closing.provider_id = connections.provider_id
      and closing.closed_at is not null)`;

/** The active connection of an organisation, whichever provider's it is; `tx` is of the system. */
export async function activeForOrg(tx: Tx, xeroOrgId: XeroOrgId): Promise<ActiveConnection | null> {
  const row = await tx
    .selectFrom('connections')
    .select(ACTIVE_COLUMNS)
    .where('app', '=', 'xero')
    .where('state', '=', 'active')
    .where('xero_org_id', '=', xeroOrgId)
    .where(mayFlow)
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
    .where(mayFlow)
    .orderBy('connected_at')
    .execute();
  return rows.flatMap((row) => toActive(row) ?? []);
}

/** The connections of the provider at work that have not ended, whatever state they are in. */
export async function standingOfProvider(tx: Tx, scope: Scope): Promise<ConnectionId[]> {
  const rows = await tx
    .selectFrom('connections')
    .select('id')
    .where('provider_id', '=', scope.providerId)
    .where('state', '!=', 'disconnected')
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id as ConnectionId);
}

/** A row of `ACTIVE_COLUMNS` as access; null when it is bound to nothing. */
export function toActive(row: ActiveRow): ActiveConnection | null {
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
