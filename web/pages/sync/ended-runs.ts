import type { SyncRun } from '#contract/runs';

type Known = Pick<SyncRun, 'id' | 'state' | 'createdAt'>;

/**
 * Runs, newest first, that ended by themselves between two looks, also those so short that no look
 * met them under way. At the first look nothing is news, and neither is an older run that comes
 * into view.
 */
export function endedSince<Run extends Known>(
  before: readonly Run[] | undefined,
  now: readonly Run[],
): Run[] {
  if (before === undefined) return [];
  const known = new Map(before.map((run) => [run.id, run.state]));
  const newest = before[0]?.createdAt ?? '';
  return now.filter((run) => {
    if (!hasEnded(run)) return false;
    const was = known.get(run.id);
    return was === undefined ? run.createdAt >= newest : was === 'running' || was === 'paused';
  });
}

/** Whoever cancels a run knows. */
function hasEnded({ state }: Known): boolean {
  return state === 'finished' || state === 'failed';
}
