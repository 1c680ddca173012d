import type { InboxEntry } from '#contract/inbox';
import type { Page } from '#contract/paging';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { chooseAll } from './choose-problems.ts';
import { weigh } from './ignore-store.ts';
import { presentEntry } from './inbox.ts';
import type { Problem } from './problem.ts';
import { labelled } from './problem-labels.ts';

interface Query {
  key: string;
  search?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** Enough of a name to sort by; a cursor of the longest ones stays short. */
const SORTED_CHARS = 60;

/**
 * One page of what a problem concerns, by name. All of them are read for it, but no more of each
 * than its name and what is wrong: names are sorted and searched as they are shown. What was cured
 * since the page before is no longer among them and skips nobody.
 *
 * @throws AppError `request.invalid` for a cursor that is not one of this list
 */
export async function pageOfEntries(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  query: Query,
): Promise<Page<InboxEntry>> {
  const after = query.cursor === undefined ? null : placeOfCursor(query.cursor);
  const wanted = query.search?.toLowerCase() ?? '';
  const following: { problem: Problem; place: string }[] = [];
  for await (const some of chooseAll(deps, tx, scope, { key: query.key })) {
    const named = await labelled(deps, tx, scope, some);
    for (const problem of named) {
      const place = placeOf(problem);
      if (isFound(problem, wanted) && (after === null || place > after)) {
        following.push({ problem, place });
      }
    }
  }
  following.sort((a, b) => (a.place < b.place ? -1 : 1));
  const shown = following.slice(0, query.limit);
  const last = shown.at(-1);
  const isMore = following.length > query.limit && last !== undefined;
  const weighed = await weigh(
    tx,
    scope,
    shown.map(({ problem }) => problem),
  );
  return {
    items: weighed.map(presentEntry),
    nextCursor: isMore ? Buffer.from(last.place).toString('base64url') : null,
  };
}

function isFound({ label, reasons }: Problem, wanted: string): boolean {
  return [label, ...reasons].some((text) => text.toLowerCase().includes(wanted));
}

function placeOf(problem: Problem): string {
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
