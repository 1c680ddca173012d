import type { SyncRun } from '#contract/runs';
import { type Run, rangeWords, type Tally } from './run.ts';

const nobody: Tally = { open: 0, sent: 0, done: {} };

/** A run as people see it: learners and papers together, progress and counts. */
export function presentRun(
  run: Run,
  tally: Tally = nobody,
  waitingFor: string | null = null,
): SyncRun {
  const { done: outcomes } = tally;
  const learnersDone = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const learners = tally.open + tally.sent + learnersDone;
  const { papers } = run;
  const isPaperWork = run.kind === 'resync-papers' || run.kind === 'resync-everything';
  const isOver = run.step === 'done' || (run.finishedAt !== null && papers.total === null);
  // The walk reads rows of one instant twice, so it may have read more than there are; a run that
  // ended before it knew how many there are has those that it read.
  const papersTotal = isOver ? papers.read : papers.total;
  const papersDone = papersTotal === null ? 0 : Math.min(papers.read, papersTotal);
  const unknown = isPaperWork && papersTotal === null;
  const count = (name: keyof typeof outcomes) => outcomes[name] ?? 0;
  return {
    id: run.id,
    kind: run.kind,
    state: run.state,
    xeroOrgId: run.xeroOrgId,
    organisationName: run.organisationName,
    startedBy: run.startedBy.name,
    range: rangeWords(run.kind, run.range, learners),
    total: unknown ? null : learners + (isPaperWork ? (papersTotal ?? 0) : 0),
    done: learnersDone + (isPaperWork ? papersDone : 0),
    counts: {
      found: learnersDone - count('failed') - count('skipped') - count('added') + papers.found,
      added: count('added') + papers.added,
      changed: count('changed') + papers.changed,
      unchanged: count('unchanged') + Math.max(0, papers.found - papers.changed),
      failed: count('failed') + papers.failed,
      skipped: count('skipped'),
    },
    waitingFor,
    failure: run.failure,
    createdAt: run.createdAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
  };
}
