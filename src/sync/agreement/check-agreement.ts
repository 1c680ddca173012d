import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { LaneRun } from '../lane/lane-run.ts';
import { sweepSoon } from '../pull/cursor-store.ts';
import { storeNotices } from '../pull/notice-store.ts';
import {
  beginCheck,
  type Check,
  openCheck,
  type Position,
  saveCheck,
  scheduleOf,
  setNextCheck,
} from './check-store.ts';
import { compareSome } from './compare-papers.ts';
import { type StaleCopy, staleCopies } from './copy-store.ts';
import { type Counted, countKinds, FEW_PAPERS, narrow } from './count-kinds.ts';
import { oursIn } from './cuts.ts';
import { finishCheck } from './finish-check.ts';
import { nextNight } from './night.ts';

/** Calls that tell apart where numbers differ, over all kinds. */
const NARROWING_CALLS_MAX = 12;
/** So often a part is read and both sides are counted again, before all that may differ is read. */
const PARTS_MAX = 3;

/**
 * One step of showing that both sides agree. Numbers of papers changed since a few instants are
 * compared first: a call each, with a single row in its answer. Where they differ, what may be on
 * its way is waited for once; where they differ still, papers are compared one by one and what Xero
 * says is taken over. Of very many papers only the newest part that differs is compared, as often as
 * that may help, and both sides are counted once more.
 */
export async function checkAgreement(run: LaneRun): Promise<void> {
  const check = await run.record((tx) => openOrBegin(run, tx));
  if (check.step === 'comparing') return compareSome(run, check);
  const counted = await countKinds(run);
  const differing = counted.filter((one) => one.differing.length > 0);
  const mayCompareParts = check.step === 'looking-again' && check.position.parts < PARTS_MAX;
  const narrowed = mayCompareParts ? await partsOf(run, differing) : { parts: [], calls: 0 };
  const counts = counted.reduce((sum, one) => sum + one.counts.length, 0);
  const papers = counted.reduce((sum, one) => sum + (one.counts[0]?.ours ?? 0), 0);
  const now: Check = { ...check, calls: check.calls + counts + narrowed.calls, papers };
  // Our own records are held against each other without the lane, for which others would wait.
  const { database } = run.deps;
  const stale = await database.asReader(run.scope.providerId, (tx) =>
    staleCopies(tx, run.scope, run.xeroOrgId),
  );
  if (differing.length === 0 && stale.length === 0) return finishCheck(run, now, stale);
  if (check.step === 'counting') {
    return run.record((tx) => lookAgain(run, tx, now, differing, stale));
  }
  return compareNext(run, now, { differing, stale, parts: narrowed.parts });
}

/** What was changed just now may be on its way: it is fetched, and then counted again. */
async function lookAgain(
  run: LaneRun,
  tx: Tx,
  check: Check,
  differing: readonly Counted[],
  stale: readonly StaleCopy[],
): Promise<void> {
  const { scope, xeroOrgId } = run;
  const kinds = differing.map(({ kind }) => `${kind}s` as const);
  if (kinds.length > 0) await sweepSoon(tx, scope, xeroOrgId, kinds, run.now());
  const eventAt = run.now();
  const notices = stale.map(({ kind, xeroId: resourceId }) => ({ kind, resourceId, eventAt }));
  await storeNotices(tx, scope.providerId, xeroOrgId, notices, run.now());
  await saveCheck(tx, scope, { ...check, step: 'looking-again' });
}

interface Apart {
  differing: readonly Counted[];
  stale: readonly StaleCopy[];
  parts: readonly Walk[];
}

/** What differs still is compared paper by paper, where a walk can mend it. */
async function compareNext(run: LaneRun, check: Check, apart: Apart): Promise<void> {
  const { differing, stale, parts } = apart;
  // What was read again by its id and can't be read is not mended by walking past it.
  const toWalkFor = stale.filter(({ isUnread }) => !isUnread);
  const compare = walksOver(differing, toWalkFor, parts);
  if (compare.length === 0) return finishCheck(run, check, stale);
  const isPart = parts.some((part) => compare.includes(part));
  const position = {
    compare,
    walk: null,
    isPart,
    parts: check.position.parts + (isPart ? 1 : 0),
  };
  await run.record((tx) => saveCheck(tx, run.scope, { ...check, step: 'comparing', position }));
}

type Walk = Position['compare'][number];

/** Of kinds of which very many papers may differ, the newest part that does. */
async function partsOf(
  run: LaneRun,
  differing: readonly Counted[],
): Promise<{ parts: Walk[]; calls: number }> {
  const parts: Walk[] = [];
  let calls = 0;
  for (const { kind, differing: stretches } of differing) {
    const [oldest] = stretches;
    const newest = stretches.at(-1);
    if (!oldest || !newest || oursIn({ ...oldest, to: null }) <= FEW_PAPERS) continue;
    const narrowed = await narrow(run, kind, newest, NARROWING_CALLS_MAX - calls);
    calls += narrowed.calls;
    const { from, to } = narrowed.stretch;
    parts.push({ kind, since: from.since, until: to?.since ?? null });
  }
  return { parts, calls };
}

/** Kinds to walk over: a part of each, or all from the oldest stretch or copy that differs. */
function walksOver(
  differing: readonly Counted[],
  stale: readonly StaleCopy[],
  parts: readonly Walk[],
): Walk[] {
  const since = new Map(
    differing.map((one) => [one.kind, one.differing[0]?.from.since ?? null] as const),
  );
  for (const { kind, changedAt } of stale) {
    const from = since.get(kind);
    if (from === undefined || (from !== null && changedAt < from)) since.set(kind, changedAt);
  }
  return [...since].map(([kind, from]) => {
    const part = parts.find((one) => one.kind === kind);
    const isStale = stale.some((copy) => copy.kind === kind);
    return part && !isStale ? part : { kind, since: from, until: null };
  });
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
