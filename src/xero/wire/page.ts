import { z } from 'zod';

/** One page of a list. Pages are numbered from 1. */
export interface WirePage<Row> {
  rows: Row[];
  page: number;
  pageCount: number;
  /** Rows on all pages; null where Xero gave no pagination (a list by ids). */
  itemCount: number | null;
  /** Rows that had no shape we know and were left out, as they came. */
  unreadable: readonly unknown[];
}

/** What became of one row of a write. */
export type RowOutcome<Row> =
  | { ok: true; row: Row }
  | { ok: false; messages: string[]; row: Row | null };

const Pagination = z.object({
  page: z.number().int(),
  pageCount: z.number().int(),
  itemCount: z.number().int(),
});

/** Text that may be missing, null or empty on the wire; all three are null here. */
export const wireText = z
  .string()
  .nullish()
  .transform((text) => text || null);

/** A number that may be missing; null then. */
export const wireNumber = z
  .number()
  .nullish()
  .transform((amount) => amount ?? null);

/** An amount that counts as nothing when it is missing. */
export const wireAmount = z
  .number()
  .nullish()
  .transform((amount) => amount ?? 0);

const COUNTING = new Set(['AUTHORISED', 'PAID']);

/**
 * Whether a paper that counts lacks one of the sums it counts by. Read as nothing, a missing one would
 * pass for nothing owed, so such a paper has no shape we know. Xero gives them always.
 */
export function lacksSum(json: unknown, status: string, sums: readonly string[]): boolean {
  if (!COUNTING.has(status.toUpperCase())) return false;
  const row = z.looseObject({}).parse(json);
  return sums.some((sum) => typeof row[sum] !== 'number');
}

/** A list that may be missing; empty then. */
export function wireList<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
}

/** Reads one page of the list that Xero puts under `key`; a row that does not parse is left out. */
export function readPage<Row>(
  body: unknown,
  key: string,
  readRow: (json: unknown) => Row | null,
): WirePage<Row> {
  const envelope = z.looseObject({ pagination: Pagination.nullish() }).parse(body);
  const list = z.array(z.unknown()).parse(envelope[key] ?? []);
  const rows: Row[] = [];
  const unreadable: unknown[] = [];
  for (const json of list) {
    const row = readRow(json);
    if (row === null) unreadable.push(json);
    else rows.push(row);
  }
  return {
    rows,
    page: envelope.pagination?.page ?? 1,
    pageCount: envelope.pagination?.pageCount ?? 1,
    itemCount: envelope.pagination?.itemCount ?? null,
    unreadable,
  };
}

const RowVerdict = z.looseObject({
  StatusAttributeString: z.string().nullish(),
  HasValidationErrors: z.boolean().nullish(),
  ValidationErrors: z.array(z.looseObject({ Message: z.string().nullish() })).nullish(),
});

/** Reads the answer of a write with `summarizeErrors=false`: one outcome per row, in the order answered. */
export function readOutcomes<Row>(
  body: unknown,
  key: string,
  readRow: (json: unknown) => Row | null,
): RowOutcome<Row>[] {
  const list = z.array(z.unknown()).parse(z.looseObject({}).parse(body)[key] ?? []);
  return list.map((json) => {
    const verdict = RowVerdict.parse(json);
    const messages = (verdict.ValidationErrors ?? []).flatMap(({ Message }) => Message ?? []);
    const row = readRow(json);
    const refused = verdict.StatusAttributeString === 'ERROR' || messages.length > 0;
    if (refused) return { ok: false, messages, row };
    if (row === null) return { ok: false, messages: ['Xero’s answer could not be read'], row };
    return { ok: true, row };
  });
}
