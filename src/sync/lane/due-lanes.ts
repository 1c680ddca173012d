import type { ProviderId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { enqueue } from '#platform/jobs/job';
import { runLaneJob } from './lane-jobs.ts';

/**
 * Puts a run on the queue for a lane to which word was left, unless a run holds it. Whoever calls
 * this does not hold the lane's row, and has a job of its own: to replace the one of somebody who
 * does would mean to wait for them.
 */
export async function enqueueCalled(
  tx: Tx,
  providerId: ProviderId,
  xeroOrgId: XeroOrgId,
): Promise<void> {
  await enqueue(tx, runLaneJob, { providerId, xeroOrgId }, `called:${xeroOrgId}`);
}

const LANES_PER_TICK = 500;

/**
 * Enqueues a run for each lane that is due, or to which word was left, and that is held by nobody
 * alive: what finds lost jobs and followers for dead workers. Reads across providers, so `tx` must be
 * a system transaction.
 */
export async function wakeDueLanes(tx: Tx, now: Date): Promise<number> {
  const free = tx
    .selectFrom('lanes')
    .select(['lanes.provider_id', 'lanes.xero_org_id'])
    .where('state', '=', 'running')
    .where((where) => where.or([where('lease_owner', 'is', null), where('lease_until', '<=', now)]))
    .limit(LANES_PER_TICK);
  const due = await free.where('wake_at', '<=', now).orderBy('wake_at').execute();
  const called = await free
    .innerJoin('lane_calls', (join) =>
      join
        .onRef('lane_calls.provider_id', '=', 'lanes.provider_id')
        .onRef('lane_calls.xero_org_id', '=', 'lanes.xero_org_id'),
    )
    .where('wake_at', '>', now)
    .distinct()
    .execute();
  // In one order: two ticks that enqueue the same hold rows of the queue.
  const lanes = [...due, ...called].sort((a, b) => (a.xero_org_id < b.xero_org_id ? -1 : 1));
  for (const { provider_id: providerId, xero_org_id: xeroOrgId } of lanes) {
    await enqueueCalled(tx, providerId as ProviderId, xeroOrgId as XeroOrgId);
  }
  return lanes.length;
}
