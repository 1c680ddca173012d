import { z } from 'zod';

/** The largest page any list gives. */
export const MAX_PAGE_SIZE = 200;
export const DEFAULT_PAGE_SIZE = 50;

/** Opaque text: base64url of whatever the list goes on from. */
export const Cursor = z
  .string()
  .max(500)
  .regex(/^[\w-]*$/, 'must be taken from the page before');

/** Query of every paged list: `cursor` is opaque text taken from the previous page's `nextCursor`. */
export const PageQuery = z.object({
  cursor: Cursor.optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** One page of a list walked by keyset; `nextCursor` is null on the last page. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** A query flag: `true`/`false` as text, since query strings know no booleans. */
export const QueryFlag = z.enum(['true', 'false']).transform((text) => text === 'true');
