import { z } from 'zod';
import { LEARNER_SORTS, type LearnerListQuery } from '#contract/learners';
import { AppError } from '#platform/app-error';

/** Where a page ended: the sort key of its last row (text, or an instant) and that row's id. */
export interface ListPosition {
  key: string;
  id: string;
}

const NO_CONTROL_CHARACTER = /^\P{Cc}*$/u;

const Cursor = z.tuple([
  z.enum(LEARNER_SORTS),
  z.enum(['asc', 'desc']),
  z.string().max(400).regex(NO_CONTROL_CHARACTER),
  z.uuid(),
]);

type Order = Pick<LearnerListQuery, 'sort' | 'direction'>;

/**
 * A position as text for whoever asks for the next page. It names the order, and is good in no
 * other.
 */
export function encodeCursor(order: Order, position: ListPosition): string {
  const parts = [order.sort, order.direction, position.key, position.id];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Reads a cursor back; `request.invalid` for one that was not made for a list in this order. */
export function decodeCursor(order: Order, cursor: string): ListPosition {
  const [sort, direction, key, id] = parse(cursor);
  const isForThisOrder = sort === order.sort && direction === order.direction;
  if (!isForThisOrder || (sort === 'createdAt' && !isInstant(key))) throw invalidCursor();
  return { key, id };
}

function parse(cursor: string): z.infer<typeof Cursor> {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (error) {
    throw invalidCursor(error);
  }
}

/** Whether a text is an instant as our cursors write them, in a year that PostgreSQL knows. */
export function isInstant(text: string): boolean {
  if (!/^(?!0000)\d{4}-/.test(text) || Number.isNaN(Date.parse(text))) return false;
  return new Date(text).toISOString() === text;
}

/** What to throw for a cursor that no page of the list gave; `cause` is what reading it threw. */
export function invalidCursor(cause?: unknown): AppError {
  return new AppError('request.invalid', 'This cursor does not belong to this list.', {
    extras: { fields: [{ field: 'cursor', message: 'take it from the page before' }] },
    cause,
  });
}
