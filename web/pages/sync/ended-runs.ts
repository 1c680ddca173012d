import type { RunEnd } from '#contract/runs';

type Known = Pick<RunEnd, 'id' | 'finishedAt'>;

/**
 * Runs, the last one to end first, that ended between two looks. At the first look nothing is news,
 * and neither is an older run that comes into view.
 */
export function endedSince<Run extends Known>(
  before: readonly Run[] | undefined,
  now: readonly Run[],
): Run[] {
  if (before === undefined) return [];
  const known = new Set(before.map(({ id }) => id));
  const oldest = before.at(-1)?.finishedAt ?? '';
  return now.filter(({ id, finishedAt }) => !known.has(id) && finishedAt >= oldest);
}
