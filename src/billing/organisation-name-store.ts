import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

/** What the organisations are called whose papers may be here, by id. */
export async function organisationNames(
  tx: Tx,
  scope: Scope,
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx
    .selectFrom('lanes')
    .select(['xero_org_id', 'organisation_name'])
    .where('provider_id', '=', scope.providerId)
    .execute();
  return new Map(rows.map((row) => [row.xero_org_id, row.organisation_name]));
}
