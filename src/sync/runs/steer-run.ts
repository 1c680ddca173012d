import type { SyncRunId } from '#contract/ids';
import type { RunAct } from '#contract/runs';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { wakeLane } from '../lane/lane-store.ts';
import { mayAct, stateAfter } from './run.ts';
import { changeRun, findRun, lockRun } from './run-store.ts';
import { settleRest } from './settle-sent.ts';
import { takeBack } from './take-back.ts';

const told = { pause: 'paused', resume: 'resumed', cancel: 'cancelled' } as const;

/**
 * Pauses a run, lets it go on, or ends it. What it has done stays. Of what it has handed to the lane,
 * a pause calls nobody back; an end calls back whoever is not in Xero yet.
 *
 * @throws AppError `request.not-found`, or `run.wrong-state` where the act does not fit
 */
export async function steerRun(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  runId: SyncRunId,
  act: RunAct,
): Promise<void> {
  const now = deps.clock.now();
  const known = await findRun(tx, scope, runId);
  // Lanes are locked before anything that a lane writes.
  if (known?.xeroOrgId) await wakeLane(tx, scope.providerId, known.xeroOrgId, now);
  const run = await lockRun(tx, scope, runId);
  if (!run) throw new AppError('request.not-found', 'There is no such run.');
  if (!mayAct(run.state, act)) {
    throw new AppError('run.wrong-state', `It is ${run.state}, so it can’t be ${told[act]}.`);
  }
  const state = stateAfter[act];
  const finished = act === 'cancel' ? { finished_at: now, lane_work: false } : {};
  await changeRun(tx, scope, runId, { state, progressed_at: now, ...finished });
  if (act === 'cancel') {
    await takeBack(deps, tx, scope, run);
    await settleRest(deps, tx, scope, run, 'was cancelled');
  }
  await deps.events.append(tx, scope, { kind: 'sync-run.steered', runId, how: told[act] });
  await announce(tx, scope.providerId, 'runs', [runId]);
}
