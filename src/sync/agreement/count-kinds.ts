import { DocumentKind } from '#contract/billing';
import { plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import type { LaneRun } from '../lane/lane-run.ts';
import { CLOCK_DOUBT_MS } from '../pull/cursor-store.ts';
import { pageOfPapers } from '../pull/read-papers.ts';
import { lastAgreedAt } from './check-store.ts';
import {
  type Count,
  cutAt,
  cutsOf,
  differingStretches,
  halfOf,
  oursIn,
  type Stretch,
} from './cuts.ts';
import {
  changesSince,
  countMarks,
  coverageOf,
  lastChangeUntil,
  middleChange,
} from './mark-store.ts';

/** Counts of one pass over all kinds. */
const COUNTS_MAX = 8;
/** Cuts between the last agreement and now, of what changes most, as far as counts are left. */
const CUTS_IN_BETWEEN = 2;
/** Invoices last: they have what the others left. */
const KINDS = [...DocumentKind.options].sort(
  (a, b) => Number(a === 'invoice') - Number(b === 'invoice'),
);
/** So many papers are read with a call or two, as cheaply as they are told apart any further. */
export const FEW_PAPERS = 1_000;

/** Both sides of one kind, counted. */
export interface Counted {
  kind: DocumentKind;
  counts: Count[];
  /** Where the numbers differ, oldest first. */
  differing: Stretch[];
}

/** Counts papers of all kinds on both sides; a call to Xero for each number of theirs. */
export async function countKinds(run: LaneRun): Promise<Counted[]> {
  const { scope, xeroOrgId } = run;
  const counted: Counted[] = [];
  let left = COUNTS_MAX;
  for (const kind of KINDS) {
    const cuts = await readOwn(run, (tx) => cutsFor(run, tx, kind, left));
    const theirs = await countAtXero(run, kind, cuts);
    // Ours are counted after theirs: what arrives in between is made up for by looking again.
    const asked = cuts.slice(0, theirs.length);
    const ours = await readOwn(run, (tx) => countMarks(tx, scope, xeroOrgId, kind, asked));
    const counts = asked.map((since, index) => ({
      since,
      ours: ours[index] ?? 0,
      theirs: theirs[index] ?? 0,
    }));
    counted.push({ kind, counts, differing: differingStretches(counts) });
    left -= counts.length;
  }
  return counted;
}

/** Counting may take long with very many papers, so that nobody is to wait for the lane meanwhile. */
function readOwn<T>({ deps, scope }: LaneRun, work: (tx: Tx) => Promise<T>): Promise<T> {
  return deps.database.asReader(scope.providerId, work);
}

async function cutsFor(
  run: LaneRun,
  tx: Tx,
  kind: DocumentKind,
  left: number,
): Promise<(Date | null)[]> {
  const { scope, xeroOrgId } = run;
  const knownFrom = (await coverageOf(tx, scope, xeroOrgId)).get(kind) ?? null;
  const begunAt = await lastAgreedAt(tx, scope, xeroOrgId);
  if (begunAt === null)
    return cutsOf({ knownFrom, agreedAt: null, changedSince: [], inBetween: 0 });
  // Right after the newest change that was known then: what came later at Xero is stamped later.
  const until = plus(begunAt, -CLOCK_DOUBT_MS);
  const newest = await lastChangeUntil(tx, scope, xeroOrgId, kind, until);
  const agreedAt = newest === null ? until : plus(newest, 1);
  // Of the first and of the one at the last agreement.
  const inBetween = kind === 'invoice' ? Math.min(CUTS_IN_BETWEEN, Math.max(0, left - 2)) : 0;
  const changedSince =
    inBetween > 0 ? await changesSince(tx, scope, xeroOrgId, kind, agreedAt) : [];
  return cutsOf({ knownFrom, agreedAt, changedSince, inBetween });
}

/** How many papers Xero counts since each of some instants; where it has none at all, it is asked no more. */
async function countAtXero(
  run: LaneRun,
  kind: DocumentKind,
  cuts: readonly (Date | null)[],
): Promise<number[]> {
  const counts: number[] = [];
  for (const since of cuts) {
    const count = await countSince(run, kind, since);
    counts.push(count);
    if (count === 0) break;
  }
  return counts;
}

/** Asks for a page of one row: its pagination says how many rows there are. */
async function countSince(run: LaneRun, kind: DocumentKind, since: Date | null): Promise<number> {
  const page = await pageOfPapers(run.client('background'), kind, {
    ...(since ? { modifiedSince: since } : {}),
    page: 1,
    pageSize: 1,
  });
  return page.itemCount ?? page.rows.length;
}

/**
 * Of a stretch in which the numbers differ, a part that is read with few pages: it is cut in two by
 * one more call at a time, as often as is left.
 */
export async function narrow(
  run: LaneRun,
  kind: DocumentKind,
  stretch: Stretch,
  callsMax: number,
): Promise<{ stretch: Stretch; calls: number }> {
  const { scope, xeroOrgId } = run;
  let narrowed = stretch;
  for (let calls = 0; calls < callsMax; calls += 1) {
    if (oursIn(narrowed) <= FEW_PAPERS) return { stretch: narrowed, calls };
    const { from, to } = narrowed;
    const bounds = { since: from.since, until: to?.since ?? null };
    const middle = await readOwn(run, (tx) =>
      middleChange(tx, scope, xeroOrgId, kind, { ...bounds, skip: oursIn(narrowed) >> 1 }),
    );
    const since = cutAt(middle, bounds);
    if (since === null) return { stretch: narrowed, calls };
    const theirs = await countSince(run, kind, since);
    const [ours = 0] = await readOwn(run, (tx) => countMarks(tx, scope, xeroOrgId, kind, [since]));
    narrowed = halfOf(narrowed, { since, ours, theirs });
  }
  return { stretch: narrowed, calls: callsMax };
}
