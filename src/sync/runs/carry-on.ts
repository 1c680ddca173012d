import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { LaneRun } from '../lane/lane-run.ts';
import type { Lane } from '../lane/lane-store.ts';
import { finishRun } from './finish-run.ts';
import { arePagesCheaper, resyncContacts } from './resync-contacts.ts';
import { resyncLearners } from './resync-learners.ts';
import { resyncPapers } from './resync-papers.ts';
import type { Run } from './run.ts';
import { changeRun, lockRun, runOfLane } from './run-store.ts';

/**
 * The next batch of the oldest resync of this organisation: a page of contacts, fifty learners, or
 * a page of papers.
 */
export async function carryOnRun(laneRun: LaneRun): Promise<void> {
  const { scope } = laneRun;
  const run = await laneRun.record((tx, lane) => nextRun(laneRun, tx, lane));
  if (!run) return;
  if (run.step === 'contacts') await resyncContacts(laneRun, run);
  const areLearnersDone = run.step === 'learners' && (await resyncLearners(laneRun, run));
  if (run.step === 'papers') await resyncPapers(laneRun, run);
  await laneRun.record(async (tx) => {
    const next = run.kind === 'resync-everything' ? { step: 'papers' } : ended;
    await changeRun(tx, scope, run.id, {
      progressed_at: laneRun.now(),
      ...(areLearnersDone ? next : {}),
    });
    await announce(tx, scope.providerId, 'runs', [run.id]);
  });
}

/** At its beginning a run about learners chooses how their contacts are read. */
async function nextRun(laneRun: LaneRun, tx: Tx, lane: Lane): Promise<Run | null> {
  const { scope, xeroOrgId } = laneRun;
  const run = await runOfLane(tx, scope, xeroOrgId);
  if (run?.step !== 'contacts' || run.contactWalk !== null) return run;
  if (await arePagesCheaper(laneRun, tx, lane, run)) return run;
  await changeRun(tx, scope, run.id, { step: 'learners' });
  return { ...run, step: 'learners' };
}

/** The lane has done its part; what was sent may still be on its way. */
const ended = { step: 'done', lane_work: false };

/** Xero refuses what a run asks for, and would again: the run ends with Xero's words. */
export async function failRun(laneRun: LaneRun, reason: string): Promise<void> {
  const { deps, scope, xeroOrgId } = laneRun;
  await laneRun.record(async (tx) => {
    const found = await runOfLane(tx, scope, xeroOrgId);
    const run = found && (await lockRun(tx, scope, found.id));
    if (run?.state === 'running') await finishRun(deps, tx, scope, run, reason);
  });
}
