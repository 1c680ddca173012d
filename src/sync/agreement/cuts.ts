/** One comparison of numbers: how many papers of a kind were changed from an instant on. */
export interface Count {
  /** Null: of all time. */
  since: Date | null;
  ours: number;
  theirs: number;
}

/**
 * The instants at which both sides are counted, oldest first: since when all papers are known, when
 * both sides last agreed, and instants in between what changed since, so that a paper which changed
 * twice meanwhile shows as well. Whole seconds, since Xero compares no finer.
 */
export function cutsOf(facts: {
  knownFrom: Date | null;
  agreedAt: Date | null;
  /** When papers changed since the last agreement, oldest first; thinned out to so many cuts. */
  changedSince: readonly Date[];
  inBetween: number;
}): (Date | null)[] {
  const { knownFrom, agreedAt, changedSince, inBetween } = facts;
  const wanted = [agreedAt, ...quantiles(changedSince, inBetween)];
  const floor = knownFrom === null ? Number.NEGATIVE_INFINITY : upToSecond(knownFrom);
  const seconds = wanted.flatMap((at) => (at ? [upToSecond(at)] : []));
  const later = [...new Set(seconds)].filter((at) => at > floor).sort((a, b) => a - b);
  return [knownFrom === null ? null : new Date(floor), ...later.map((at) => new Date(at))];
}

/** Up, so that nothing before the instant is counted on one side alone. */
function upToSecond(instant: Date): number {
  return Math.ceil(instant.getTime() / 1_000) * 1_000;
}

function quantiles(sorted: readonly Date[], count: number): Date[] {
  const chosen = Array.from({ length: count }, (_, index) =>
    sorted.at(Math.floor(((index + 1) * sorted.length) / (count + 1))),
  );
  return chosen.filter((at) => at !== undefined);
}

/** Changes from the instant of one count up to that of another; null: up to now. */
export interface Stretch {
  from: Count;
  to: Count | null;
}

/** The stretches between cuts in which the numbers differ, oldest first. */
export function differingStretches(counts: readonly Count[]): Stretch[] {
  const stretches = counts.map((from, index) => ({ from, to: counts[index + 1] ?? null }));
  return stretches.filter(differs);
}

/** How many papers of ours were last changed in a stretch. */
export function oursIn({ from, to }: Stretch): number {
  return from.ours - (to?.ours ?? 0);
}

function differs(stretch: Stretch): boolean {
  const { from, to } = stretch;
  return oursIn(stretch) !== from.theirs - (to?.theirs ?? 0);
}

/** The newer half of a stretch that differs, cut in two by one more count, if it does too; else the older. */
export function halfOf({ from, to }: Stretch, middle: Count): Stretch {
  const newer = { from: middle, to };
  return differs(newer) ? newer : { from, to: middle };
}

/** The whole second at which a stretch is cut; null: it can't be cut there. */
export function cutAt(
  middle: Date | null,
  { since, until }: { since: Date | null; until: Date | null },
): Date | null {
  if (middle === null) return null;
  const at = upToSecond(middle);
  const isWithin =
    at > (since?.getTime() ?? Number.NEGATIVE_INFINITY) &&
    at < (until?.getTime() ?? Number.POSITIVE_INFINITY);
  return isWithin ? new Date(at) : null;
}
