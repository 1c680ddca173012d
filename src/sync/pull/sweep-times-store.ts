import type { ProviderId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { type Resource, SWEPT } from './cursor-store.ts';

/** A webhook told of these. The caller holds the lane's row. */
export async function noteHeard(
  tx: Tx,
  providerId: ProviderId,
  xeroOrgId: XeroOrgId,
  resources: readonly Resource[],
  now: Date,
): Promise<void> {
  if (resources.length === 0) return;
  await tx
    .updateTable('cursors')
    .set({ heard_at: now })
    .where('provider_id', '=', providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('resource', 'in', [...new Set(resources)])
    .execute();
}

/**
 * The moment by which everything in Xero was looked through for changes, whatever its kind: the
 * earliest of the last walks. Null while a kind was not walked to its end yet.
 */
export async function lookedThroughAt(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<Date | null> {
  const walks = await tx
    .selectFrom('cursors')
    .select('walked_at')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('resource', 'in', [...SWEPT])
    .execute();
  const times = walks.flatMap(({ walked_at: at }) => at ?? []);
  if (times.length < SWEPT.length) return null;
  return new Date(Math.min(...times.map((at) => at.getTime())));
}
