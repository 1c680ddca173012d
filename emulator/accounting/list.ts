import type { Collection, Row } from '../core/collection.ts';
import { cutPage, readPage, readPageSize } from '../core/paging.ts';
import { isEfficientFilter, isEfficientOrder, type Optimised } from '../rules/efficiency.ts';
import { isModifiedSince, readModifiedSince } from '../rules/modified-since.ts';
import { sortRows } from '../rules/order.ts';
import { type Fields, parseWhere } from '../rules/where.ts';
import type { ApiAnswer, ApiCall } from './api-call.ts';
import { highVolumeError, plainText } from './api-error.ts';
import { answerJsonList } from './envelope.ts';

/** How one resource is listed. */
export interface Listing<T extends Row> {
  /** The list's name in the answer. */
  readonly name: string;
  readonly collection: Pick<Collection<T>, 'all' | 'size'>;
  readonly fields: Fields<T>;
  /** Where it is absent, If-Modified-Since says nothing. */
  readonly updatedAtMs?: (row: T) => number;
  /** JSON of one row, as text or bytes; `isPaged` answers carry more. */
  readonly toJson: (row: T, isPaged: boolean) => string | Buffer;
  /** Rows to start from when the query narrows them by a lookup, else undefined. */
  readonly narrow?: (call: ApiCall) => readonly T[] | undefined;
  /** Further tests that the query asks for. */
  readonly filters?: (call: ApiCall) => readonly ((row: T) => boolean)[];
  /** Some lists know no pages: they come whole, whatever page is asked for. */
  readonly isUnpaged?: true;
  readonly isAlwaysPaged?: (call: ApiCall) => boolean;
  /** How a list may still be asked for when it is very long; where it is absent, in any way. */
  readonly optimised?: Optimised;
}

/** Answers a list request: ids, filters, If-Modified-Since, where, order, page, in that order. */
export function answerListing<T extends Row>(call: ApiCall, listing: Listing<T>): ApiAnswer {
  const rows = selectRows(call, listing);
  const isAsked = call.query.page !== undefined || listing.isAlwaysPaged?.(call) === true;
  if (!isAsked || listing.isUnpaged) {
    if (listing.optimised) refuseHighVolume(call, listing, rows);
    return answerJsonList(
      call,
      listing.name,
      rows.map((row) => listing.toJson(row, false)),
    );
  }
  const size = readPageSize(call.query.pagesize);
  const { rows: pageRows, pagination } = cutPage(rows, readPage(call.query.page ?? '1'), size);
  const elements = pageRows.map((row) => listing.toJson(row, true));
  return answerJsonList(call, listing.name, elements, pagination);
}

function selectRows<T extends Row>(call: ApiCall, listing: Listing<T>): readonly T[] {
  const { updatedAtMs } = listing;
  const since = updatedAtMs && readModifiedSince(call.modifiedSince);
  const tests = [...(listing.filters?.(call) ?? [])];
  if (updatedAtMs && since !== undefined) {
    tests.push((row) => isModifiedSince(updatedAtMs(row), since));
  }
  const start = listing.narrow?.(call) ?? listing.collection.all();
  const reached = filtered(start, tests);
  const { where, order } = asked(call);
  const isSlow = listing.optimised && !isEfficient(call, listing.optimised);
  if (isSlow) refuseHighVolume(call, listing, reached);
  const rows = where ? filtered(reached, [parseWhere(where, listing.fields)]) : reached;
  return order ? sortRows(rows, order, listing.fields) : rows;
}

function filtered<T>(rows: readonly T[], tests: readonly ((row: T) => boolean)[]): readonly T[] {
  return tests.length === 0 ? rows : rows.filter((row) => tests.every((test) => test(row)));
}

function asked({ query }: ApiCall) {
  return { where: query.where?.trim(), order: query.order?.trim() };
}

function isEfficient(call: ApiCall, optimised: Optimised): boolean {
  const { where, order } = asked(call);
  const isFilter = !where || isEfficientFilter(where, optimised);
  return isFilter && (!order || isEfficientOrder(order, optimised));
}

/** Xero looks through no more rows than so many for one answer. */
function refuseHighVolume<T extends Row>(
  call: ApiCall,
  { name }: Listing<T>,
  rows: readonly T[],
): void {
  if (rows.length > call.switches.highVolumeRows) throw highVolumeError(name);
}

/** The entries of a comma-separated query parameter, or undefined when it is absent. */
export function queryList(call: ApiCall, name: string): string[] | undefined {
  const text = call.query[name.toLowerCase()];
  if (text === undefined || text.trim() === '') return undefined;
  return text.split(',').map((part) => part.trim().replace(/^"|"$/g, ''));
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * The ids that the query asks for, or undefined when it asks for none.
 * @throws ApiError 400 in plain words where one of them is no id.
 */
export function queryIds(call: ApiCall): string[] | undefined {
  const ids = queryList(call, 'IDs');
  if (ids?.some((id) => !UUID.test(id))) {
    throw plainText(400, "Supplied parameter 'Ids' cannot be parsed.");
  }
  return ids;
}

/** The rows with these ids, in the order of the collection; unknown ids are skipped. */
export function rowsById<T extends Row>(collection: Collection<T>, ids: readonly string[]): T[] {
  return [...new Set(ids.map((id) => id.toLowerCase()))].flatMap((id) => collection.get(id) ?? []);
}
