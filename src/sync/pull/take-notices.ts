import type { ProviderId, XeroOrgId } from '#contract/ids';
import { enqueueCalled } from '../lane/due-lanes.ts';
import { leaveNotice } from '../lane/lane-calls.ts';
import type { SyncDeps } from '../lane/lane-run.ts';
import { RESOURCE_OF } from './cursor-store.ts';
import { type Notice, storeNotices } from './notice-store.ts';

export interface NoticeByOrg {
  xeroOrgId: XeroOrgId;
  notice: Notice;
}

/**
 * Writes a delivery's notices down and leaves word for the lanes they concern: whose organisation it
 * is, is only found here. Each organisation is a transaction of its own, and none waits for whoever
 * holds a lane, so that one that is busy for long delays neither Xero's answer nor another one. What
 * was stored before a failure is said again with the rest. Notices of organisations that are not
 * connected are dropped; answers with how many.
 */
export async function takeNotices(
  deps: Pick<SyncDeps, 'database' | 'clock'>,
  notices: readonly NoticeByOrg[],
): Promise<number> {
  if (notices.length === 0) return 0;
  const byOrg = Map.groupBy(notices, (entry) => entry.xeroOrgId);
  const lanes = await deps.database.asSystem((tx) =>
    tx
      .selectFrom('lanes')
      .select(['provider_id', 'xero_org_id'])
      .where('state', '=', 'running')
      .where('xero_org_id', 'in', [...byOrg.keys()])
      .orderBy('xero_org_id')
      .execute(),
  );
  let stored = 0;
  for (const lane of lanes) {
    const xeroOrgId = lane.xero_org_id as XeroOrgId;
    const providerId = lane.provider_id as ProviderId;
    const said = (byOrg.get(xeroOrgId) ?? []).map((entry) => entry.notice);
    const heard = [...new Set(said.map(({ kind }) => RESOURCE_OF[kind]))];
    await deps.database.asSystem(async (tx) => {
      await leaveNotice(tx, providerId, xeroOrgId, heard);
      await storeNotices(tx, providerId, xeroOrgId, said, deps.clock.now());
      await enqueueCalled(tx, providerId, xeroOrgId);
    });
    stored += said.length;
  }
  return notices.length - stored;
}
