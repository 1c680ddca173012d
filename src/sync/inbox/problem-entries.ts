import type { InboxEntry } from '#contract/inbox';
import type { Page } from '#contract/paging';
import { AppError } from '#platform/app-error';
import { presentEntry, type Weighed } from './inbox.ts';

interface Query {
  key: string;
  search?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** Enough of a name to sort by; a cursor of the longest ones stays short. */
const SORTED_CHARS = 60;

/**
 * One page of what a problem concerns, by name. The problems were read whole, at most some
 * thousands; what was cured since the page before is no longer among them and skips nobody.
 *
 * @throws AppError `request.invalid` for a cursor that is not one of this list
 */
export function pageOfEntries(weighed: readonly Weighed[], query: Query): Page<InboxEntry> {
  const after = query.cursor === undefined ? null : placeOfCursor(query.cursor);
  const wanted = query.search?.toLowerCase() ?? '';
  const following = weighed
    .filter(({ problem }) => problem.key === query.key && isFound(problem, wanted))
    .map((one) => ({ one, place: placeOf(one) }))
    .filter(({ place }) => after === null || place > after)
    .sort((a, b) => (a.place < b.place ? -1 : 1));
  const shown = following.slice(0, query.limit);
  const last = shown.at(-1);
  const isMore = following.length > query.limit && last !== undefined;
  return {
    items: shown.map(({ one }) => presentEntry(one)),
    nextCursor: isMore ? Buffer.from(last.place).toString('base64url') : null,
  };
}

function isFound({ label, reasons }: Weighed['problem'], wanted: string): boolean {
  return [label, ...reasons].some((text) => text.toLowerCase().includes(wanted));
}

function placeOf({ problem }: Weighed): string {
  const name = problem.label.toLowerCase().slice(0, SORTED_CHARS);
  return `${name}\n${problem.subjectId} ${problem.xeroOrgId ?? ''}`;
}

function placeOfCursor(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString('utf8');
  if (place.includes('\n')) return place;
  throw new AppError('request.invalid', 'This cursor is not one of this list.', {
    extras: { fields: [{ field: 'cursor', message: 'take it from the page before' }] },
  });
}
