import type { SyncRun } from '#contract/runs';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import { queueMail } from '#platform/mail';
import type { Scope } from '#platform/scope';
import { emailOf } from '#providers/index';
import type { SyncDeps } from '../lane/lane-run.ts';
import { keepTally } from './item-store.ts';
import { presentRun } from './present-run.ts';
import { type Run, runNames } from './run.ts';
import { changeRun, findRun } from './run-store.ts';
import { settleRest } from './settle-sent.ts';

/** Ends a run and tells whoever started it, on the page and by e-mail. `failure`: why it failed. */
export async function finishRun(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  run: Run,
  failure: string | null = null,
): Promise<void> {
  const now = deps.clock.now();
  if (failure !== null) await settleRest(deps, tx, scope, run, 'failed');
  await changeRun(tx, scope, run.id, {
    state: failure === null ? 'finished' : 'failed',
    step: 'done',
    lane_work: false,
    failure,
    finished_at: now,
    progressed_at: now,
  });
  await keepTally(tx, scope, run.id);
  const ended = await findRun(tx, scope, run.id);
  if (!ended) return;
  const shown = presentRun(ended, ended.tally ?? undefined, null);
  const { added, changed, failed } = shown.counts;
  await deps.events.append(tx, scope, {
    kind: 'sync-run.finished',
    runId: run.id,
    run: run.kind,
    added,
    changed,
    failed,
  });
  await announce(tx, scope.providerId, 'runs', [run.id]);
  await tellStarter(deps, tx, scope, run, shown);
}

async function tellStarter(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  run: Run,
  shown: SyncRun,
): Promise<void> {
  if (run.startedBy.kind !== 'person') return;
  const address = await emailOf(tx, run.startedBy.personId);
  if (address === null) return;
  const word = shown.state === 'finished' ? 'has finished' : 'has failed';
  await queueMail(tx, {
    providerId: scope.providerId,
    to: [address],
    subject: `${runNames[run.kind]} ${word}`,
    text: mailText(deps.publicUrl, run, shown, word),
    onceKey: `sync-run:${run.id}`,
    at: deps.clock.now(),
  });
}

function mailText(publicUrl: string, run: Run, shown: SyncRun, word: string): string {
  const { found, added, changed, unchanged, failed, skipped } = shown.counts;
  return [
    `${runNames[run.kind]} ${word}.`,
    '',
    `About: ${shown.range}${shown.organisationName ? `, ${shown.organisationName}` : ''}`,
    ...(shown.failure ? [`Why it failed: ${shown.failure}`] : []),
    `Found: ${found}`,
    `Added: ${added}`,
    `Changed: ${changed}`,
    `Unchanged: ${unchanged}`,
    `Failed: ${failed}`,
    ...(skipped > 0 ? [`Skipped: ${skipped}`] : []),
    '',
    `What became of each, with reasons: ${new URL(`/sync/runs/${run.id}`, publicUrl).href}`,
  ].join('\n');
}
