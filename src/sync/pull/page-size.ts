import { z } from 'zod';
import type { DocumentKind } from '#contract/billing';
import { DAY_MS, plus } from '#platform/clock';
import { ROWS_PER_PAGE } from '#xero/index';
import type { Lane } from '../lane/lane-store.ts';

/** What is read by pages. */
export type PagedList = 'contacts' | 'payments' | DocumentKind;

/** Rows of a page; each size is a whole number of the next, so that pages can be put together. */
const SIZES = [ROWS_PER_PAGE, 250, 50] as const;
/** What a list is asked for first where a whole page is too much. */
export const FEWER_ROWS = SIZES[1];
/** Xero may have been slow for an hour, or papers may have become smaller: then the usual size is tried again. */
const REMEMBERED_MS = DAY_MS;

const PageSizes = z.record(z.string(), z.object({ rows: z.int(), until: z.coerce.date() }));
export type PageSizes = z.infer<typeof PageSizes>;

/**
 * The sizes that a lane remembers, those that have run out included; null: the run has seen no lane
 * yet, so that the usual size holds.
 */
export function pageSizesOf(lane: Pick<Lane, 'page_rows'> | null): PageSizes {
  return PageSizes.parse(lane?.page_rows ?? {});
}

/** How many rows of a list an organisation is asked for at once. */
export function rowsPerPage(sizes: PageSizes, list: PagedList, now: Date): number {
  const known = sizes[list];
  return known && known.until > now ? known.rows : SIZES[0];
}

/** The next smaller size; null: there is none. */
export function smallerThan(rows: number): number | null {
  return SIZES.find((size) => size < rows) ?? null;
}

/** The sizes with that of one list set for a day; those of other lists end when they would. */
export function withRows(sizes: PageSizes, list: PagedList, rows: number, now: Date): PageSizes {
  return { ...sizes, [list]: { rows, until: plus(now, REMEMBERED_MS) } };
}
