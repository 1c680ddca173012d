import type { ProviderId, XeroOrgId } from '#contract/ids';
import type { SyncDeps } from '../lane/lane-run.ts';
import { wakeLane } from '../lane/lane-store.ts';
import { noteHeard } from './cursor-store.ts';
import { type Notice, storeNotices } from './notice-store.ts';

export interface NoticeByOrg {
  xeroOrgId: XeroOrgId;
  notice: Notice;
}

/**
 * Writes a delivery's notices down and calls the lanes they concern, in one transaction across
 * providers: whose organisation it is, is only found here. Notices of organisations that are not
 * connected are dropped; answers with how many.
 */
export async function takeNotices(
  deps: Pick<SyncDeps, 'database' | 'clock'>,
  notices: readonly NoticeByOrg[],
): Promise<number> {
  if (notices.length === 0) return 0;
  const byOrg = Map.groupBy(notices, (entry) => entry.xeroOrgId);
  // Lanes are locked in one order by everybody, or two deliveries could wait for each other.
  const xeroOrgIds = [...byOrg.keys()].sort();
  return deps.database.asSystem(async (tx) => {
    const now = deps.clock.now();
    const lanes = await tx
      .selectFrom('lanes')
      .select(['provider_id', 'xero_org_id'])
      .where('state', '=', 'running')
      .where('xero_org_id', 'in', xeroOrgIds)
      .orderBy('xero_org_id')
      .execute();
    let stored = 0;
    for (const lane of lanes) {
      const xeroOrgId = lane.xero_org_id as XeroOrgId;
      const providerId = lane.provider_id as ProviderId;
      const said = (byOrg.get(xeroOrgId) ?? []).map((entry) => entry.notice);
      await wakeLane(tx, providerId, xeroOrgId, now);
      const kinds = said.map(({ kind }) => kind);
      await noteHeard(tx, providerId, xeroOrgId, kinds, now);
      await storeNotices(tx, providerId, xeroOrgId, said, now);
      stored += said.length;
    }
    return notices.length - stored;
  });
}
