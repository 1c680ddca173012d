import { type Selectable, sql } from 'kysely';
import type { XeroOrgId } from '#contract/ids';
import { DAY_MS, MINUTE_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import type { Cursors } from '#platform/schema';
import type { Scope } from '#platform/scope';
import type { NoticeKind } from './notice-store.ts';

/** What is swept of papers. */
export const PAPER_RESOURCES = ['invoices', 'credit-notes', 'prepayments', 'overpayments'] as const;

/** What is swept for changes, in the order of urgency. */
export const SWEPT = ['contacts', ...PAPER_RESOURCES, 'payments'] as const;

/** Sweeps, batches, settings, and slow walks over all of a kind for changes that bear no date. */
export const RESOURCES = [
  ...SWEPT,
  'batches',
  'settings',
  'all-contacts',
  'all-invoices',
  'all-credit-notes',
  'all-prepayments',
  'all-overpayments',
] as const;
export type Resource = (typeof RESOURCES)[number];

/** What that which a notice names is swept as. */
export const RESOURCE_OF = {
  contact: 'contacts',
  invoice: 'invoices',
  'credit-note': 'credit-notes',
  prepayment: 'prepayments',
  overpayment: 'overpayments',
} as const satisfies Record<NoticeKind, Resource>;

/**
 * How far one kind of row has been read. A walk goes by instant, not by page number: rows that are
 * edited while it is on move to its end instead of slipping through between two pages.
 */
export interface Cursor {
  resource: Resource;
  /** Everything changed up to here has been read; null: nothing yet. */
  readUntil: Date | null;
  isWalking: boolean;
  /** Where the walk stands: rows changed from this instant on are still to be read. */
  position: Date | null;
  /** The page from there: another than 1 only while more rows than a page share one second. */
  page: number;
  newestSeen: Date | null;
  rowsRead: number;
  /** When it begins to walk by itself; for a slow walk that is on, when it takes its next step. */
  nextAt: Date;
  /** Walks in a row that found nothing. */
  quietWalks: number;
  /** When a webhook last told of something of this kind. Written where notices are taken. */
  heardAt: Date | null;
  /** When a walk was last at its end: whatever had changed by then was met. Null: never yet. */
  walkedAt: Date | null;
}

/** A cursor that has read nothing yet. */
export function freshCursor(resource: Resource): Cursor {
  return {
    resource,
    readUntil: null,
    isWalking: false,
    position: null,
    page: 1,
    newestSeen: null,
    rowsRead: 0,
    nextAt: new Date(0),
    quietWalks: 0,
    heardAt: null,
    walkedAt: null,
  };
}

/** The first slow walks come this long after everything was read for the first time. */
const FIRST_WHOLE_WALK_MS = 6 * DAY_MS;

/**
 * Makes the cursors that a lane lacks. With `isNew` all sweeps are due at once: the organisation
 * was connected just now, for the first time or again.
 */
export async function openCursors(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  now: Date,
  isNew: boolean,
): Promise<void> {
  const rows = RESOURCES.map((resource) => ({
    provider_id: scope.providerId,
    xero_org_id: xeroOrgId,
    resource,
    walking: false,
    next_at: resource.startsWith('all-') ? plus(now, FIRST_WHOLE_WALK_MS) : now,
  }));
  await tx
    .insertInto('cursors')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  if (isNew) await sweepSoon(tx, scope, xeroOrgId, [...SWEPT, 'settings'], now);
}

/** Lets sweeps begin by this time at the latest. */
export async function sweepSoon(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  resources: readonly Resource[],
  by: Date,
): Promise<void> {
  await tx
    .updateTable('cursors')
    .set({ next_at: sql<Date>`least(next_at, ${by}::timestamptz)` })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('resource', 'in', [...new Set(resources)])
    .execute();
}

/** Lets everything of some kinds be read anew, as if nothing of them had been read yet. */
export async function readAnew(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  resources: readonly Resource[],
  now: Date,
): Promise<void> {
  for (const resource of resources) {
    await saveCursor(tx, scope, xeroOrgId, {
      ...freshCursor(resource),
      isWalking: true,
      nextAt: now,
    });
  }
}

/** Puts the next step of every slow walk off until then, so that they take turns. */
export async function holdWholeWalks(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  until: Date,
): Promise<void> {
  await tx
    .updateTable('cursors')
    .set({ next_at: sql<Date>`greatest(next_at, ${until}::timestamptz)` })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('resource', 'like', 'all-%')
    .execute();
}

/** In no order; an older lane may lack cursors that newer ones have (`openCursors`). */
export async function cursorsOf(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<Cursor[]> {
  const rows = await tx
    .selectFrom('cursors')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
  return rows.map(toCursor);
}

/** Throws where the lane has none: its facts open what is missing before anything is read. */
export async function cursorOf(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  resource: Resource,
): Promise<Cursor> {
  const row = await tx
    .selectFrom('cursors')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('resource', '=', resource)
    .executeTakeFirstOrThrow();
  return toCursor(row);
}

/** Writes all but `heardAt`. Called in a record of the lane, with what was read. */
export async function saveCursor(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  cursor: Cursor,
): Promise<void> {
  await tx
    .updateTable('cursors')
    .set({
      read_until: cursor.readUntil,
      walking: cursor.isWalking,
      position: cursor.position,
      page: cursor.page,
      newest_seen: cursor.newestSeen,
      rows_read: cursor.rowsRead,
      next_at: cursor.nextAt,
      quiet_walks: cursor.quietWalks,
      walked_at: cursor.walkedAt,
    })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('resource', '=', cursor.resource)
    .execute();
}

/** What changed this shortly before a walk's end is read again by the next one. */
export const OVERLAP_MS = 2 * MINUTE_MS;

/** Xero's clock and ours may differ by this much: a reading "from now on" begins earlier. */
export const CLOCK_DOUBT_MS = 10 * MINUTE_MS;

/** The cursor at the beginning of a walk; one that is on goes on. */
export function beginWalk(cursor: Cursor): Cursor {
  if (cursor.isWalking) return cursor;
  const { readUntil, resource } = cursor;
  // A slow walk begins at the beginning each time.
  const isFromStart = resource.startsWith('all-') || readUntil === null;
  const position = isFromStart ? null : plus(readUntil, -OVERLAP_MS);
  return { ...cursor, isWalking: true, position, page: 1, newestSeen: null, rowsRead: 0 };
}

/** What a walk has to know of a page. */
export interface PageSeen {
  /** When each row of the page was last changed, as far as it says so. */
  changedAt: readonly (Date | null)[];
  /** How many pages there are from the walk's position on. */
  pageCount: number;
}

/** The first page once more, after all others from a crowded second on. */
const LAST_LOOK = 0;

/**
 * The cursor after a page. The next request begins at the newest instant seen, less the second to
 * which Xero is exact. Where that is no step forward, since more rows than a page share a second, all
 * pages from there are read from the last to the first, and the first one once more at the end: a row
 * that is edited moves to the end of the list and lets others slip to the page before, which is still
 * to be read. Only rows that say no date are read page after page.
 */
export function afterPage(cursor: Cursor, page: PageSeen): Cursor {
  const newest = page.changedAt.reduce(later, cursor.newestSeen);
  const read: Cursor = {
    ...cursor,
    newestSeen: newest,
    rowsRead: cursor.rowsRead + page.changedAt.length,
  };
  if (cursor.position !== null && cursor.page > 1) {
    return { ...read, page: cursor.page === 2 ? LAST_LOOK : cursor.page - 1 };
  }
  const next = newest && new Date(Math.floor(newest.getTime() / 1_000) * 1_000 - 1_000);
  const isForward = next !== null && (cursor.position === null || next > cursor.position);
  const isLast = cursor.page === LAST_LOOK ? !isForward : cursor.page >= page.pageCount;
  if (isLast) {
    return { ...read, isWalking: false, readUntil: later(cursor.readUntil, newest), page: 1 };
  }
  if (isForward) return { ...read, position: next, page: 1 };
  return { ...read, page: cursor.position === null ? cursor.page + 1 : page.pageCount };
}

function later(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a >= b ? a : b;
}

function toCursor(row: Selectable<Cursors>): Cursor {
  return {
    resource: row.resource as Resource,
    readUntil: row.read_until,
    isWalking: row.walking,
    position: row.position,
    page: row.page,
    newestSeen: row.newest_seen,
    rowsRead: row.rows_read,
    nextAt: row.next_at,
    quietWalks: row.quiet_walks,
    heardAt: row.heard_at,
    walkedAt: row.walked_at,
  };
}
