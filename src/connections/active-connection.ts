import type { ConnectionId, ProviderId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
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

/** The active connection of an organisation, whichever provider's it is; `tx` is of the system. */
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
