import { z } from 'zod';
import { AppError } from './app-error.ts';

/**
 * A place in a list that is walked by time-ordered ids, as opaque text and back.
 * @throws AppError `request.invalid` for a cursor that is not one of ours
 */
export function idOfCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const id = z.uuid().safeParse(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (id.success) return id.data;
  throw new AppError('request.invalid', 'This cursor is not one of this list.', {
    extras: { fields: [{ field: 'cursor', message: 'take it from the page before' }] },
  });
}

/** Cuts what was read, one more than asked for, to a page that says whether more follows. */
export function pageByIds<Item extends { id: string }>(
  found: readonly Item[],
  limit: number,
): { items: Item[]; nextCursor: string | null } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const isMore = found.length > limit && last !== undefined;
  return { items, nextCursor: isMore ? Buffer.from(last.id).toString('base64url') : null };
}
