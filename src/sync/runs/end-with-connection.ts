import type { SyncRunId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import type { Run } from './run.ts';
import { changeRun, lockRun, openRunOfOrg } from './run-store.ts';
import { settleRest } from './settle-sent.ts';

/**
 * Cancels the runs of an organisation that is disconnected, paused ones too: it may never be
 * connected again, and if it is, nobody expects them to go on. The caller holds the lane, has
 * stopped it, and puts the links out of use after this, so that what was on its way is told.
 */
export async function endRunsOf(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<void> {
  let ended: SyncRunId | null = null;
  for (;;) {
    const next: SyncRunId | null = await openRunOfOrg(tx, scope, xeroOrgId, ended);
    if (next === null) return;
    ended = next;
    const run = await lockRun(tx, scope, next);
    if (run?.state === 'running' || run?.state === 'paused') {
      await endWithConnection(deps, tx, scope, run);
    }
  }
}

/** Cancels a run whose organisation is no longer connected, and says so. The caller holds it. */
export async function endWithConnection(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  run: Run,
): Promise<void> {
  const now = deps.clock.now();
  await changeRun(tx, scope, run.id, {
    state: 'cancelled',
    lane_work: false,
    failure: 'The Xero organisation was disconnected.',
    finished_at: now,
    progressed_at: now,
  });
  await settleRest(deps, tx, scope, run, 'was cancelled');
  await deps.events.append(tx, scope, {
    kind: 'sync-run.steered',
    runId: run.id,
    how: 'cancelled',
  });
  await announce(tx, scope.providerId, 'runs', [run.id]);
}
