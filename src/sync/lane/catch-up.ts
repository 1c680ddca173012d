import type { ConnectionId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import { asideOf } from './aside.ts';
import type { LaneFacts } from './lane-plan.ts';
import type { LaneRun } from './lane-run.ts';
import { holdLane, type Lane } from './lane-store.ts';

/**
 * Says once that both sides are in step, when a lane that was opened a while ago has nothing left
 * to do: what waited is sent, what changed in Xero meanwhile is read.
 */
export async function endCatchUp(run: LaneRun, facts: LaneFacts, lane: Lane): Promise<void> {
  const isHeld = facts.pausedUntil !== null && facts.pausedUntil > facts.now;
  if (lane.catching_up_since === null || isHeld || !facts.contactsKnown) return;
  const { deps, scope, xeroOrgId } = run;
  const connectionId = lane.connection_id as ConnectionId;
  await deps.database.asProvider(scope.providerId, async (tx) => {
    await deps.connections.hold(tx, scope, connectionId);
    const present = await holdLane(tx, scope, run.lease, run.now());
    // Connected anew meanwhile: that is for the next run to tell.
    if (present.connection_id !== connectionId) return;
    if (present.catching_up_since === null || isSomethingAside(present)) return;
    if (await isSomethingRetried(run, tx)) return;
    await tx
      .updateTable('lanes')
      .set({ catching_up_since: null })
      .where('provider_id', '=', scope.providerId)
      .where('xero_org_id', '=', xeroOrgId)
      .execute();
    await deps.events.append(tx, scope, {
      kind: 'connection.in-step',
      connectionId,
      xeroOrgId,
    });
    await announce(tx, scope.providerId, 'sync', []);
  });
}

function isSomethingAside(lane: Lane): boolean {
  return Object.keys(asideOf(lane)).length > 0;
}

/** Something that Xero did not take at first and that waits for its next try is not in step. */
async function isSomethingRetried({ scope, xeroOrgId }: LaneRun, tx: Tx): Promise<boolean> {
  const row = await tx
    .selectFrom('contact_links')
    .select('party_id')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('standing', '=', 'waiting')
    .where('attempts', '>', 0)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
