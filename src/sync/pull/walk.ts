import { plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import type { WirePage } from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import { noteOnLane } from '../lane/lane-store.ts';
import {
  afterPage,
  CLOCK_DOUBT_MS,
  type Cursor,
  holdWholeWalks,
  type PageSeen,
  saveCursor,
} from './cursor-store.ts';
import { isWhole, paced, WHOLE_STEP_MS } from './sweep-pace.ts';

/** What a walk has to know of a page as it came over the wire. */
export function seenOn({ rows, pageCount }: WirePage<{ updatedAt: Date | null }>): PageSeen {
  return { changedAt: rows.map((row) => row.updatedAt), pageCount };
}

/**
 * Records that a page was read, in the transaction of what it brought: where the walk goes on, or
 * when the next one begins. Answers with the cursor as saved.
 */
export async function advance(
  run: LaneRun,
  tx: Tx,
  cursor: Cursor,
  page: WirePage<SweptRow>,
): Promise<Cursor> {
  const { scope, xeroOrgId } = run;
  if (page.unreadable.length > 0) {
    const facts = { xeroOrgId, resource: cursor.resource, rows: page.unreadable.length };
    run.deps.logger.error(facts, 'a sweep met rows that can’t be read');
  }
  noteChanges(run, cursor, page);
  const now = run.now();
  const read = afterPage(cursor, seenOn(page));
  const isFirst = !read.isWalking && read.readUntil === null;
  const after = isFirst ? fromNowOn(run, read) : read;
  const saved = paced(cursor, after, now);
  await saveCursor(tx, scope, xeroOrgId, saved);
  if (isWhole(cursor.resource)) {
    await holdWholeWalks(tx, scope, xeroOrgId, plus(now, WHOLE_STEP_MS));
  } else if (!saved.isWalking) {
    await noteOnLane(tx, scope, run.lease, { next_sweep_at: saved.nextAt });
  }
  return saved;
}

/** What a sweep looks at of a row, whatever its kind. */
interface SweptRow {
  updatedAt: Date | null;
  /** Of invoices. */
  AmountPaid?: number;
  AmountCredited?: number;
}

/**
 * Keeps when rows changed that a notice should have told of: new ones, of the kinds that every app is
 * set up for. Whether money that settles an invoice makes a notice of it, Xero leaves unsaid.
 */
function noteChanges(
  run: LaneRun,
  { resource, readUntil }: Cursor,
  { rows }: WirePage<SweptRow>,
): void {
  if (readUntil === null || (resource !== 'contacts' && resource !== 'invoices')) return;
  for (const { updatedAt, AmountPaid, AmountCredited } of rows) {
    if (updatedAt === null || updatedAt <= readUntil) continue;
    if (!AmountPaid && !AmountCredited) run.swept.push(updatedAt);
  }
}

/** Nothing older is of interest: the next walk begins at about this moment. */
export function fromNowOn(run: LaneRun, cursor: Cursor): Cursor {
  return { ...cursor, isWalking: false, readUntil: plus(run.now(), -CLOCK_DOUBT_MS), page: 1 };
}
