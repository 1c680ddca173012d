import { sql } from 'kysely';
import type { ConnectionId, XeroOrgId } from '#contract/ids';
import type { LaneHealth } from '#contract/sync';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { type Lane, lanesOf } from '../lane/lane-store.ts';
import { findMatching, isGateClosed } from '../matching/matching-store.ts';
import { lookedThroughAt } from '../pull/sweep-times-store.ts';

/** How the sync with each connected organisation is doing. */
export async function syncHealth(deps: SyncDeps, scope: Scope): Promise<LaneHealth[]> {
  const { lanes, counts } = await deps.database.asProvider(scope.providerId, async (tx) => {
    const all = await lanesOf(tx, scope);
    const connected = all.filter((lane) => lane.stop_reason !== 'disconnected');
    const found = connected.map(async (lane) => {
      const xeroOrgId = lane.xero_org_id as XeroOrgId;
      const isReviewOpen = isGateClosed(await findMatching(tx, scope, xeroOrgId));
      const lastSweepAt = (await lookedThroughAt(tx, scope, xeroOrgId))?.toISOString() ?? null;
      return { ...(await countsOf(tx, scope, xeroOrgId)), isReviewOpen, lastSweepAt };
    });
    return { lanes: connected, counts: await Promise.all(found) };
  });
  const usage = await deps.usageOf(lanes.map((lane) => lane.xero_org_id as XeroOrgId));
  return lanes.map((lane, index) => {
    const xeroOrgId = lane.xero_org_id as XeroOrgId;
    const { callsToday, callsPerDay } = usage.get(xeroOrgId) ?? { callsToday: 0, callsPerDay: 0 };
    const counted = counts[index] ?? { ...NOTHING, isReviewOpen: false, lastSweepAt: null };
    return { ...facts(lane, deps.clock.now()), ...counted, callsToday, callsPerDay };
  });
}

const NOTHING = { waiting: 0, inStep: 0, blocked: 0, noticesWaiting: 0 };

async function countsOf(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<typeof NOTHING> {
  const { rows } = await sql<typeof NOTHING>`
    select count(*) filter (where standing = 'waiting')::int as waiting,
      count(*) filter (where standing = 'in-step')::int as "inStep",
      count(*) filter (where standing in ('blocked', 'undecided'))::int as blocked,
      (select count(*)::int from notices
        where provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}) as "noticesWaiting"
    from contact_links
    where provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}`.execute(tx);
  return rows[0] ?? NOTHING;
}

function facts(lane: Lane, now: Date) {
  const isPaused = lane.paused_until !== null && lane.paused_until > now;
  return {
    xeroOrgId: lane.xero_org_id as XeroOrgId,
    connectionId: lane.connection_id as ConnectionId,
    pausedUntil: isPaused ? (lane.paused_until?.toISOString() ?? null) : null,
    pauseReason: isPaused ? lane.pause_reason : null,
    lastPushAt: lane.last_push_at?.toISOString() ?? null,
    lastPullAt: lane.last_pull_at?.toISOString() ?? null,
  };
}
