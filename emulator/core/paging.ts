/** The block that Xero puts before a paged list. */
export interface Pagination {
  readonly page: number;
  readonly pageSize: number;
  readonly pageCount: number;
  readonly itemCount: number;
}

export const DEFAULT_PAGE_SIZE = 100;
export const MAX_PAGE_SIZE = 1000;

export interface Page<T> {
  readonly rows: readonly T[];
  readonly pagination: Pagination;
}

/** Cuts one page out of the rows; pages count from 1, a page past the end is empty. */
export function cutPage<T>(rows: readonly T[], page: number, pageSize: number): Page<T> {
  const start = (page - 1) * pageSize;
  return {
    rows: rows.slice(start, start + pageSize),
    pagination: {
      page,
      pageSize,
      pageCount: Math.ceil(rows.length / pageSize),
      itemCount: rows.length,
    },
  };
}

/** A page number from the query: unreadable or below 1 counts as 1. */
export function readPage(text: string): number {
  const page = Number.parseInt(text, 10);
  return Number.isSafeInteger(page) && page > 0 ? page : 1;
}

/** A page size from the query: clamped to 1..1000, as integrators observed. */
export function readPageSize(text: string | undefined): number {
  const size = Number.parseInt(text ?? '', 10);
  if (!Number.isSafeInteger(size)) return DEFAULT_PAGE_SIZE;
  return Math.min(Math.max(size, 1), MAX_PAGE_SIZE);
}
