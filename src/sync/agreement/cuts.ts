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

/**
 * From when on papers have to be compared one by one: the beginning of the oldest stretch between
 * two cuts in which the numbers differ; undefined where all numbers agree.
 */
export function differsFrom(counts: readonly Count[]): Date | null | undefined {
  const stretches = counts.map((count, index) => {
    const next = counts[index + 1];
    return {
      since: count.since,
      ours: count.ours - (next?.ours ?? 0),
      theirs: count.theirs - (next?.theirs ?? 0),
    };
  });
  return stretches.find(({ ours, theirs }) => ours !== theirs)?.since;
}
