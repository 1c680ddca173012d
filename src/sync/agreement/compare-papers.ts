import type { Tx } from '#platform/database';
import type { WirePage } from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import { afterPage, cursorOf, freshCursor } from '../pull/cursor-store.ts';
import { keyOf, type WirePaper } from '../pull/mirror-documents.ts';
import { followMovedPapers } from '../pull/moved-papers.ts';
import { mirrorDocuments } from '../pull/pull-documents.ts';
import { readPageOf } from '../pull/read-page.ts';
import { pageOfPapers } from '../pull/read-papers.ts';
import { seenOn } from '../pull/walk.ts';
import { type Check, type Difference, saveCheck } from './check-store.ts';
import { droppedPaper, lostPaper, mendedPaper, withFound } from './differences.ts';
import { finishCheck } from './finish-check.ts';
import { dropUnmet, noteCoverage } from './mark-store.ts';

type Position = Check['position'];

/** Compares one page of papers with our copies, and takes over what Xero says where they differ. */
export async function compareSome(run: LaneRun, check: Check): Promise<void> {
  const [at] = check.position.compare;
  if (!at) return finishCheck(run, check);
  const walk = check.position.walk ?? { position: at.since, page: 1, begunAt: run.now() };
  const client = run.client('background');
  const page = await readPageOf(run, at.kind, walk, (query) =>
    pageOfPapers(client, at.kind, query),
  );
  const looks = await followMovedPapers(run, at.kind, page.rows);
  const position = positionAfter(check.position, walk, page);
  const after = await run.record(async (tx) => {
    const { scope, xeroOrgId } = run;
    const known = await cursorOf(tx, scope, xeroOrgId, `${at.kind}s`);
    const { written, dropped, unread } = await mirrorDocuments(run, tx, at.kind, page);
    // What changed after the last sweep is news and no difference.
    const isLate = (changedAt: Date | null | undefined) =>
      !known.readUntil || !changedAt || changedAt <= known.readUntil;
    const changedAt = new Map(page.rows.map((row) => [keyOf(row).xeroId, row.updatedAt]));
    const gone = position.walk === null ? await endOfKind(run, tx, at, walk.begunAt) : [];
    const found = [
      ...written.filter(({ after }) => isLate(after.changedAt)).map(mendedPaper),
      ...dropped.filter(({ xeroId }) => isLate(changedAt.get(xeroId))).map(droppedPaper),
      ...unread,
      ...gone,
    ];
    const compared: Check = {
      ...withFound(check, found),
      step: position.compare.length === 0 && position.isPart ? 'looking-again' : check.step,
      calls: check.calls + 1 + looks,
      papers: check.way === 'everything' ? check.papers + page.rows.length : check.papers,
      position,
    };
    await saveCheck(tx, scope, compared);
    return compared;
  });
  if (after.position.compare.length === 0 && !after.position.isPart) await finishCheck(run, after);
}

function positionAfter(
  before: Position,
  walk: NonNullable<Position['walk']>,
  page: WirePage<WirePaper>,
): Position {
  const { position, page: number } = walk;
  const from = { ...freshCursor('invoices'), isWalking: true, position, page: number };
  const cursor = afterPage(from, seenOn(page));
  const until = before.compare[0]?.until ?? null;
  const isPast =
    until !== null && cursor.page === 1 && cursor.position !== null && cursor.position >= until;
  if (!cursor.isWalking || isPast)
    return { ...before, compare: before.compare.slice(1), walk: null };
  return { ...before, walk: { ...walk, position: cursor.position, page: cursor.page } };
}

/**
 * At the end of a kind: what the walk did not meet is no longer in Xero. A walk that ends before now
 * does not tell: what it did not meet may have changed meanwhile, and stand further on.
 */
async function endOfKind(
  run: LaneRun,
  tx: Tx,
  at: Position['compare'][number],
  begunAt: Date,
): Promise<Difference[]> {
  if (at.until !== null) return [];
  const { scope, xeroOrgId } = run;
  const gone = await dropUnmet(tx, scope, xeroOrgId, { ...at, begunAt });
  if (at.since === null) await noteCoverage(tx, scope, xeroOrgId, at.kind, null);
  return gone.map((xeroId) => lostPaper({ kind: at.kind, xeroId, number: null, partyId: null }));
}
