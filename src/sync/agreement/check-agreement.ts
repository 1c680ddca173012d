import { DocumentKind } from '#contract/billing';
import { plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { LaneRun } from '../lane/lane-run.ts';
import { CLOCK_DOUBT_MS, sweepSoon } from '../pull/cursor-store.ts';
import { storeNotices } from '../pull/notice-store.ts';
import { pageOfPapers } from '../pull/read-papers.ts';
import {
  beginCheck,
  type Check,
  lastAgreedAt,
  openCheck,
  type Position,
  saveCheck,
  scheduleOf,
  setNextCheck,
} from './check-store.ts';
import { compareSome } from './compare-papers.ts';
import { type StaleCopy, staleCopies } from './copy-store.ts';
import { type Count, cutsOf, differsFrom } from './cuts.ts';
import { finishCheck } from './finish-check.ts';
import { changesSince, countMarks, coverageOf, lastChangeUntil } from './mark-store.ts';
import { nextNight } from './night.ts';

/** Counts of one pass over all kinds. */
const COUNTS_MAX = 8;
/** Cuts between the last agreement and now, of what changes most, as far as counts are left. */
const CUTS_IN_BETWEEN = 2;
/** Invoices last: they have what the others left. */
const KINDS = [...DocumentKind.options].sort(
  (a, b) => Number(a === 'invoice') - Number(b === 'invoice'),
);

/**
 * One step of showing that both sides agree. Numbers of papers changed since a few instants are
 * compared first: a call each, with a single row in its answer. Where they differ, what may be on
 * its way is waited for once; where they differ still, papers are compared one by one and what Xero
 * says is taken over.
 */
export async function checkAgreement(run: LaneRun): Promise<void> {
  const check = await run.record((tx) => openOrBegin(run, tx));
  if (check.step === 'comparing') return compareSome(run, check);
  const counted = await countKinds(run);
  const differing = counted.filter(({ from }) => from !== undefined);
  await run.record(async (tx) => {
    const { scope, xeroOrgId } = run;
    const stale = await staleCopies(tx, scope, xeroOrgId);
    const calls = check.calls + counted.reduce((sum, { counts }) => sum + counts.length, 0);
    const papers = counted.reduce((sum, { counts }) => sum + (counts[0]?.ours ?? 0), 0);
    const now: Check = { ...check, calls, papers };
    if (differing.length === 0 && stale.length === 0) return finishCheck(run, tx, now);
    if (check.step === 'counting') {
      // What was changed just now may be on its way: it is fetched, and then counted again.
      const kinds = differing.map(({ kind }) => `${kind}s` as const);
      if (kinds.length > 0) await sweepSoon(tx, scope, xeroOrgId, kinds, run.now());
      const eventAt = run.now();
      const notices = stale.map(({ kind, xeroId: resourceId }) => ({ kind, resourceId, eventAt }));
      await storeNotices(tx, scope.providerId, xeroOrgId, notices, run.now());
      return saveCheck(tx, scope, { ...now, step: 'looking-again' });
    }
    // What was read again by its id and can't be read is not mended by walking past it.
    const compare = walksOver(
      differing,
      stale.filter(({ isUnread }) => !isUnread),
    );
    if (compare.length === 0) return finishCheck(run, tx, now);
    await saveCheck(tx, scope, { ...now, step: 'comparing', position: { compare, walk: null } });
  });
}

/** Kinds to walk over, each from the oldest stretch or copy that differs. */
function walksOver(
  differing: readonly Counted[],
  stale: readonly StaleCopy[],
): Position['compare'] {
  const since = new Map(differing.map(({ kind, from }) => [kind, from ?? null]));
  for (const { kind, changedAt } of stale) {
    const from = since.get(kind);
    if (from === undefined || (from !== null && changedAt < from)) since.set(kind, changedAt);
  }
  return [...since].map(([kind, from]) => ({ kind, since: from }));
}

async function openOrBegin(run: LaneRun, tx: Tx): Promise<Check> {
  const { scope, xeroOrgId } = run;
  const open = await openCheck(tx, scope, xeroOrgId);
  if (open) return open;
  const { timeZone } = await scheduleOf(tx, scope, xeroOrgId);
  await setNextCheck(tx, scope, xeroOrgId, nextNight(run.now(), timeZone, xeroOrgId));
  await announce(tx, scope.providerId, 'sync', []);
  return beginCheck(tx, scope, xeroOrgId, { way: 'counts', askedBy: null, now: run.now() });
}

interface Counted {
  kind: DocumentKind;
  counts: Count[];
  /** From when on papers differ; undefined: they do not. */
  from: Date | null | undefined;
}

async function countKinds(run: LaneRun): Promise<Counted[]> {
  const counted: Counted[] = [];
  let left = COUNTS_MAX;
  for (const kind of KINDS) {
    const cuts = await run.record((tx) => cutsFor(run, tx, kind, left));
    const theirs = await countAtXero(run, kind, cuts);
    // Ours are counted after theirs: what arrives in between is made up for by looking again.
    const asked = cuts.slice(0, theirs.length);
    const ours = await run.record((tx) => countMarks(tx, run.scope, run.xeroOrgId, kind, asked));
    const counts = asked.map((since, index) => ({
      since,
      ours: ours[index] ?? 0,
      theirs: theirs[index] ?? 0,
    }));
    counted.push({ kind, counts, from: differsFrom(counts) });
    left -= counts.length;
  }
  return counted;
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
