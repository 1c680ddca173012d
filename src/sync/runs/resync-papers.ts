import { sql } from 'kysely';
import { DocumentKind } from '#contract/billing';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Difference } from '../agreement/check-store.ts';
import { unreadOfPage } from '../agreement/unread-papers.ts';
import type { LaneRun } from '../lane/lane-run.ts';
import { walkAfter, walkOf } from '../pull/list-walk.ts';
import { keyOf } from '../pull/mirror-documents.ts';
import { followMovedPapers } from '../pull/moved-papers.ts';
import { mirrorDocuments } from '../pull/pull-documents.ts';
import { readPageOf } from '../pull/read-page.ts';
import { pageOfPapers } from '../pull/read-papers.ts';
import { addPaperItems, failedAmong, type PaperItem } from './item-store.ts';
import type { Run } from './run.ts';
import { changeRun, countPapers } from './run-store.ts';

/**
 * Reads the next page of papers, changed or not, and counts what it brought. It walks by instant as
 * sweeps do, so that papers edited meanwhile are met. With the last page the step is done.
 */
export async function resyncPapers(laneRun: LaneRun, run: Run): Promise<void> {
  const { scope } = laneRun;
  const walk = run.walk ?? walkOf('invoice');
  const client = laneRun.client('background');
  const page = await readPageOf(laneRun, walk.kind, walk, (query) =>
    pageOfPapers(client, walk.kind, { ...query, ...whereOf(run) }),
  );
  await followMovedPapers(laneRun, walk.kind, page.rows);
  const next = walkAfter(walk, page, DocumentKind.options);
  await laneRun.record(async (tx) => {
    const ids = page.rows.map((paper) => keyOf(paper).xeroId);
    const before = await hashesOf(laneRun, tx, walk.kind, ids);
    const { unreadable } = await mirrorDocuments(laneRun, tx, walk.kind, page);
    const unread = await unreadOfPage(laneRun, tx, walk.kind, page, unreadable);
    const isUnread = new Set(unread.map(({ xeroId }) => xeroId));
    const after = [...(await hashesOf(laneRun, tx, walk.kind, ids)).values()].filter(
      ({ xeroId }) => !isUnread.has(xeroId),
    );
    const added = after.filter((paper) => !before.has(paper.xeroId));
    const changed = after.filter((paper) => {
      const known = before.get(paper.xeroId);
      return known !== undefined && known.hash !== paper.hash;
    });
    const failed = await newlyFailed(laneRun, tx, run, walk.kind, unread);
    await countPapers(tx, scope, run.id, {
      read: page.rows.length + page.unreadable.length,
      found: after.length - added.length,
      added: added.length,
      changed: changed.length,
      failed: failed.length,
    });
    await addPaperItems(tx, scope, run.id, [
      ...added.map((paper) => ({ ...paper, outcome: 'added' as const, reason: null })),
      ...changed.map((paper) => ({ ...paper, outcome: 'changed' as const, reason: null })),
      ...failed,
    ]);
    const isFirst = walk.position === null && walk.page === 1;
    const total =
      (run.papers.total ?? 0) + (page.itemCount ?? page.rows.length + page.unreadable.length);
    await changeRun(tx, scope, run.id, {
      ...(next ? { walk: JSON.stringify(next) } : { walk: null, step: 'done', lane_work: false }),
      ...(isFirst ? { papers_total: total } : {}),
    });
  });
}

/** The days asked for, by the paper's own date, in Xero's filter language. */
function whereOf({ range }: Run): { where?: string } {
  const terms = [
    range.from && `Date >= ${wireDay(range.from)}`,
    range.to && `Date <= ${wireDay(range.to)}`,
  ].filter((term) => typeof term === 'string');
  return terms.length > 0 ? { where: terms.join(' AND ') } : {};
}

function wireDay(day: string): string {
  const [year = 1, month = 1, date = 1] = day.split('-').map(Number);
  return `DateTime(${year}, ${month}, ${date})`;
}

/**
 * Those of whom the run does not tell yet: the walk meets papers of one instant twice. A paper goes by
 * the id of our copy, or by Xero's where we have none.
 */
async function newlyFailed(
  laneRun: LaneRun,
  tx: Tx,
  run: Run,
  kind: DocumentKind,
  unread: readonly Difference[],
): Promise<PaperItem[]> {
  if (unread.length === 0) return [];
  const xeroIds = unread.map(({ xeroId }) => xeroId).filter((id) => id !== '');
  const copies = await hashesOf(laneRun, tx, kind, xeroIds);
  const items = unread.map(({ xeroId, number, why }) => ({
    id: copies.get(xeroId)?.id ?? (xeroId || newId<string>()),
    label: number ?? NO_NUMBER,
    outcome: 'failed' as const,
    reason: why,
  }));
  const told = await failedAmong(
    tx,
    laneRun.scope,
    run.id,
    items.map(({ id }) => id),
  );
  return items.filter(({ id }) => !told.has(id));
}

const NO_NUMBER = 'Without a number';

interface Known {
  id: string;
  xeroId: string;
  label: string;
  hash: string;
}

async function hashesOf(
  laneRun: LaneRun,
  tx: Tx,
  kind: DocumentKind,
  xeroIds: readonly string[],
): Promise<Map<string, Known>> {
  const rows = await tx
    .selectFrom('documents')
    .select(['id', 'xero_id', 'number', sql<string>`encode(content_hash, 'hex')`.as('hash')])
    .where('provider_id', '=', laneRun.scope.providerId)
    .where('xero_org_id', '=', laneRun.xeroOrgId)
    .where('kind', '=', kind)
    .where('xero_id', '=', sql<string>`any(${[...xeroIds]}::uuid[])`)
    .execute();
  return new Map(
    rows.map((row) => [
      row.xero_id,
      { id: row.id, xeroId: row.xero_id, label: row.number ?? NO_NUMBER, hash: row.hash },
    ]),
  );
}
