import { z } from 'zod';
import { AppError } from '#platform/app-error';
import { NO_DAY, type PaperPosition } from './document-store.ts';

const Cursor = z.tuple([z.iso.date().refine((day) => day >= NO_DAY), z.uuid()]);

/** Opaque text for where a page of papers ended. */
export function encodeCursor(paper: { date: string | null; id: string }): string {
  return Buffer.from(JSON.stringify([paper.date ?? NO_DAY, paper.id])).toString('base64url');
}

/** Reads a cursor back; `request.invalid` for one that no list of papers gave. */
export function decodeCursor(cursor: string): PaperPosition {
  try {
    const json: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const [day, id] = Cursor.parse(json);
    return { day, id };
  } catch (cause) {
    throw new AppError('request.invalid', 'This cursor does not belong to this list.', {
      extras: { fields: [{ field: 'cursor', message: 'take it from the page before' }] },
      cause,
    });
  }
}
