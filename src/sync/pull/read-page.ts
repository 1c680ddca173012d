import { jsonText } from '#platform/json-text';
import { ROWS_PER_PAGE, type WirePage, XeroDownError } from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import { noteOnLane } from '../lane/lane-store.ts';
import type { Cursor } from './cursor-store.ts';
import { type PagedList, pageSizesOf, rowsPerPage, smallerThan, withRows } from './page-size.ts';

/** What a page of a walk is asked for with. */
export interface PageOfWalk {
  modifiedSince?: Date;
  page: number;
  pageSize: number;
  order: string;
}

interface Row {
  updatedAt: Date | null;
}

type Walk = Pick<Cursor, 'position' | 'page'>;
type Ask<Of extends Row> = (query: PageOfWalk) => Promise<WirePage<Of>>;

/**
 * Reads the page at which a walk stands. Where a page of the usual size is too much, fewer rows are
 * asked for, at once and for the next day. A walk's page numbers stay those of the usual size.
 */
export async function readPageOf<Of extends Row>(
  run: LaneRun,
  list: PagedList,
  walk: Walk,
  ask: Ask<Of>,
): Promise<WirePage<Of>> {
  let rows = rowsPerPage(pageSizesOf(run.seen()), list, run.now());
  for (;;) {
    try {
      return await readBy(rows, walk, ask);
    } catch (error) {
      const fewer = smallerThan(rows);
      if (!(error instanceof XeroDownError && error.isTooMuch) || fewer === null) throw error;
      rows = fewer;
      await remember(run, list, rows);
    }
  }
}

function remember(run: LaneRun, list: PagedList, rows: number): Promise<void> {
  const { deps, scope, xeroOrgId, lease } = run;
  deps.logger.warn({ xeroOrgId, list, rows }, 'a page was too much, so fewer rows are asked for');
  return run.record((tx, lane) => {
    const sizes = withRows(pageSizesOf(lane), list, rows, run.now());
    return noteOnLane(tx, scope, lease, { page_rows: jsonText(sizes) });
  });
}

async function readBy<Of extends Row>(
  rows: number,
  walk: Walk,
  ask: Ask<Of>,
): Promise<WirePage<Of>> {
  const page = Math.max(1, walk.page);
  const query = {
    ...(walk.position ? { modifiedSince: walk.position } : {}),
    pageSize: rows,
    order: 'UpdatedDateUTC ASC',
  };
  if (rows === ROWS_PER_PAGE) return ask({ ...query, page });
  if (walk.page === 1) {
    const first = await ask({ ...query, page: 1 });
    // From the date of its last row the walk goes on, however few rows the page has.
    if (first.pageCount <= 1 || first.rows.some((row) => row.updatedAt !== null)) {
      return inUsualPages(first, first.rows, first.pageCount > 1 ? 2 : 1);
    }
  }
  return putTogether(rows, page, (part) => ask({ ...query, page: part }));
}

/**
 * A page of the usual size in parts, from the last to the first: a row that is edited meanwhile moves
 * to the end of the list and lets others slip to the part before, which is still to be read.
 */
async function putTogether<Of extends Row>(
  rows: number,
  page: number,
  ask: (part: number) => Promise<WirePage<Of>>,
): Promise<WirePage<Of>> {
  const parts = ROWS_PER_PAGE / rows;
  let last = await ask(page * parts);
  let all = last.rows;
  let unreadable = last.unreadable;
  for (let part = page * parts - 1; part > (page - 1) * parts; part -= 1) {
    last = await ask(part);
    all = [...last.rows, ...all];
    unreadable = [...last.unreadable, ...unreadable];
  }
  return inUsualPages({ ...last, unreadable }, all, 1);
}

function inUsualPages<Of extends Row>(
  page: WirePage<Of>,
  rows: Of[],
  fewest: number,
): WirePage<Of> {
  const pages = page.itemCount === null ? 1 : Math.ceil(page.itemCount / ROWS_PER_PAGE);
  return { ...page, rows, pageCount: Math.max(fewest, pages) };
}
