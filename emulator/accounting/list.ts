import type { Collection, Row } from '../core/collection.ts';
import { cutPage, readPage, readPageSize } from '../core/paging.ts';
import { isModifiedSince, readModifiedSince } from '../rules/modified-since.ts';
import { sortRows } from '../rules/order.ts';
import { type Fields, parseWhere } from '../rules/where.ts';
import type { ApiAnswer, ApiCall } from './api-call.ts';
import { type ApiError, queryTooBroadError } from './api-error.ts';
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
  /** Fields by which big lists may still be filtered. */
  readonly optimisedFields?: RegExp;
  /** Fields by which big lists may still be sorted; any when absent. */
  readonly optimisedOrder?: RegExp;
}

/** Answers a list request: ids, filters, If-Modified-Since, where, order, page, in that order. */
export function answerListing<T extends Row>(call: ApiCall, listing: Listing<T>): ApiAnswer {
  const rows = selectRows(call, listing);
  const isAsked = call.query.page !== undefined || listing.isAlwaysPaged?.(call) === true;
  if (!isAsked || listing.isUnpaged) {
    if (rows.length > call.switches.highVolumeRows) throw tooBroad();
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
  const where = call.query.where?.trim();
  if (where) {
    refuseBroadFilter(call, listing, where);
    tests.push(parseWhere(where, listing.fields));
  }
  const start = listing.narrow?.(call) ?? listing.collection.all();
  const rows = tests.length === 0 ? start : start.filter((row) => tests.every((test) => test(row)));
  const order = call.query.order?.trim();
  if (!order) return rows;
  const isBig = listing.collection.size > call.switches.highVolumeRows;
  if (isBig && listing.optimisedOrder?.test(order) === false) throw tooBroad();
  return sortRows(rows, order, listing.fields);
}

/** Big organisations refuse filters over fields that Xero has no index for. */
function refuseBroadFilter<T extends Row>(call: ApiCall, listing: Listing<T>, where: string): void {
  if (!listing.optimisedFields || listing.collection.size <= call.switches.highVolumeRows) return;
  const withoutTexts = where.replace(/"(?:\\.|[^"\\])*"/g, '""');
  if (
    /\.(contains|startswith|endswith)\s*\(/i.test(withoutTexts) ||
    !listing.optimisedFields.test(withoutTexts)
  ) {
    throw tooBroad();
  }
}

function tooBroad(): ApiError {
  return queryTooBroadError('The query is not optimised for the number of records it would read');
}

/** The entries of a comma-separated query parameter, or undefined when it is absent. */
export function queryList(call: ApiCall, name: string): string[] | undefined {
  const text = call.query[name.toLowerCase()];
  if (text === undefined || text.trim() === '') return undefined;
  return text.split(',').map((part) => part.trim().replace(/^"|"$/g, ''));
}

/** The rows with these ids, in the order of the collection; unknown ids are skipped. */
export function rowsById<T extends Row>(collection: Collection<T>, ids: readonly string[]): T[] {
  return [...new Set(ids.map((id) => id.toLowerCase()))].flatMap((id) => collection.get(id) ?? []);
}
