import { sql } from 'kysely';
import type { XeroOrgId } from '#contract/ids';
import {
  campusKey,
  type OrganisationRules,
  type ProviderOrganisation,
} from '#contract/organisations';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { LIVE_STATES } from './connection.ts';

/** Organisations of a provider that are listed at most, those connected now first. */
const LISTED_MAX = 200;

/** The rules of a provider; without any, nobody belongs anywhere. */
export async function readRules(tx: Tx, scope: Scope): Promise<OrganisationRules> {
  const rows = await tx
    .selectFrom('organisation_rules')
    .select(['campus', 'xero_org_id'])
    .where('provider_id', '=', scope.providerId)
    .orderBy('position')
    .execute();
  const standard = rows.find((row) => row.campus === null);
  return {
    defaultXeroOrgId: (standard?.xero_org_id ?? null) as XeroOrgId | null,
    campuses: rows.flatMap((row) =>
      row.campus === null ? [] : [{ campus: row.campus, xeroOrgId: row.xero_org_id as XeroOrgId }],
    ),
  };
}

/** Puts rules in the place of those that were. */
export async function writeRules(tx: Tx, scope: Scope, rules: OrganisationRules): Promise<void> {
  await tx.deleteFrom('organisation_rules').where('provider_id', '=', scope.providerId).execute();
  const standard =
    rules.defaultXeroOrgId === null
      ? []
      : [{ campus: null, campus_key: null, position: 0, xero_org_id: rules.defaultXeroOrgId }];
  const byCampus = rules.campuses.map(({ campus, xeroOrgId }, index) => ({
    campus,
    campus_key: campusKey(campus),
    position: index + 1,
    xero_org_id: xeroOrgId,
  }));
  const rows = [...standard, ...byCampus].map((rule) => ({
    ...rule,
    provider_id: scope.providerId,
  }));
  if (rows.length > 0) await tx.insertInto('organisation_rules').values(rows).execute();
}

/** The organisations that serve a provider now, running or not. */
export async function connectedOrganisations(tx: Tx, scope: Scope): Promise<Set<XeroOrgId>> {
  const rows = await tx
    .selectFrom('connections')
    .select('xero_org_id')
    .where('provider_id', '=', scope.providerId)
    .where('app', '=', 'xero')
    .where('state', 'in', LIVE_STATES)
    .execute();
  return new Set(rows.flatMap((row) => (row.xero_org_id as XeroOrgId | null) ?? []));
}

/** Every organisation connected now or formerly, each once, as it was described last. */
export async function knownOrganisations(tx: Tx, scope: Scope): Promise<ProviderOrganisation[]> {
  const { rows } = await sql<ProviderOrganisation>`
    select xero_org_id as "xeroOrgId", organisation_name as name,
      base_currency as "baseCurrency", is_connected as "isConnected"
    from (
      select distinct on (xero_org_id) xero_org_id, organisation_name, base_currency,
        state in ('active', 'paused', 'needs-consent') as is_connected
      from connections
      where provider_id = ${scope.providerId} and xero_org_id is not null
        and organisation_name is not null
      order by xero_org_id,
        state in ('active', 'paused', 'needs-consent') desc, connected_at desc) known
    order by is_connected desc, organisation_name, xero_org_id limit ${LISTED_MAX}`.execute(tx);
  return rows;
}

/** How an organisation served this provider before, if it did. */
export interface FormerConnection {
  xeroOrgId: XeroOrgId;
  name: string;
  connectedBy: string;
  until: Date;
}

/** The connections that ended, the newest first; one for each organisation. */
export async function formerConnections(tx: Tx, scope: Scope): Promise<FormerConnection[]> {
  const { rows } = await sql<FormerConnection>`
    select xero_org_id as "xeroOrgId", organisation_name as name,
      connected_by as "connectedBy", disconnected_at as until
    from (
      select distinct on (xero_org_id) * from connections
      where provider_id = ${scope.providerId} and state = 'disconnected'
        and xero_org_id is not null and connected_at is not null
      order by xero_org_id, disconnected_at desc) ended
    order by disconnected_at desc limit ${LISTED_MAX}`.execute(tx);
  return rows;
}

/** How many learners have a contact in each of these organisations. */
export async function countLinks(
  tx: Tx,
  scope: Scope,
  xeroOrgIds: readonly XeroOrgId[],
): Promise<Map<XeroOrgId, number>> {
  if (xeroOrgIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom('contact_links')
    .select(['xero_org_id', sql<number>`count(*)::int`.as('links')])
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', 'in', [...xeroOrgIds])
    .where('contact_id', 'is not', null)
    .groupBy('xero_org_id')
    .execute();
  return new Map(rows.map((row) => [row.xero_org_id as XeroOrgId, row.links]));
}

/** The campuses in use with how many learners are at each, the fullest first. */
export async function countCampuses(
  tx: Tx,
  scope: Scope,
): Promise<{ campus: string; learners: number }[]> {
  return tx
    .selectFrom('learners')
    .select([sql<string>`min(campus)`.as('campus'), sql<number>`count(*)::int`.as('learners')])
    .where('provider_id', '=', scope.providerId)
    .where('campus_key', 'is not', null)
    .groupBy('campus_key')
    .orderBy('learners', 'desc')
    .orderBy('campus')
    .limit(LISTED_MAX)
    .execute();
}
