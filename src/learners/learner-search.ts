import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { searchWords } from './learner.ts';

/**
 * Something that a listed learner must have: told as the ids of all who have it, and as a probe
 * of one learner `l`. Which of the two is asked depends on how many have it.
 */
export interface Criterion {
  members: RawBuilder<unknown>;
  probe: RawBuilder<unknown>;
}

/** Sorts after every text that begins with the same letters, in the "C" collation. */
const HIGHEST = '\u{10ffff}';

function beginsWith(scope: Scope, word: string): Criterion {
  const range = sql`t.token >= ${word} and t.token < ${word + HIGHEST}`;
  return {
    members: sql`select t.learner_id from learner_tokens t
      where t.provider_id = ${scope.providerId} and ${range}`,
    probe: sql`select 1 from learner_tokens t where t.learner_id = l.id and ${range}`,
  };
}

function owes(scope: Scope): Criterion {
  const isOwing = sql`d.provider_id = ${scope.providerId} and d.kind = 'invoice'
    and d.status in ('approved', 'part-paid') and d.due_minor > 0`;
  return {
    members: sql`select d.learner_id from documents d
      where ${isOwing} and d.learner_id is not null`,
    probe: sql`select 1 from documents d where ${isOwing} and d.learner_id = l.id`,
  };
}

/** The criteria of a search: every word begins a token; and, if asked, something is owing. */
export function criteriaOf(scope: Scope, search: string, owing: boolean): Criterion[] {
  const words = searchWords(search).map((word) => beginsWith(scope, word));
  return owing ? [owes(scope), ...words] : words;
}

/** Up to here the ids are collected and sorted; beyond it the list is walked in its order. */
const FEW = 2_000;

/** How the learners that meet all criteria are best found. */
export type SearchPlan =
  | { way: 'all' }
  | { way: 'few'; ids: string[]; probes: RawBuilder<unknown>[] }
  | { way: 'walk'; probes: RawBuilder<unknown>[] }
  | { way: 'intersect'; members: RawBuilder<unknown> };

/**
 * Looks how many meet each criterion, counting no further than "many". The rarest drives when it
 * is rare; one common criterion is met soon while walking the list in its order; several common
 * ones may have little in common, so they are intersected.
 */
export async function planSearch(tx: Tx, criteria: readonly Criterion[]): Promise<SearchPlan> {
  if (criteria.length === 0) return { way: 'all' };
  const sizes: number[] = [];
  for (const { members } of criteria) sizes.push(await countUpTo(tx, members, FEW + 1));
  const rarest = sizes.indexOf(Math.min(...sizes));
  const driver = criteria[rarest];
  if (driver && (sizes[rarest] ?? 0) <= FEW) {
    const found = await sql<{ id: string }>`
      select distinct learner_id as id from (${driver.members}) m`.execute(tx);
    const others = criteria.filter((criterion) => criterion !== driver);
    const probes = others.map((criterion) => criterion.probe);
    return { way: 'few', ids: found.rows.map((row) => row.id), probes };
  }
  if (criteria.length === 1) return { way: 'walk', probes: criteria.map(({ probe }) => probe) };
  const all = criteria.map((criterion) => sql`(${criterion.members})`);
  return { way: 'intersect', members: sql.join(all, sql` intersect `) };
}

async function countUpTo(tx: Tx, members: RawBuilder<unknown>, most: number): Promise<number> {
  const counted = await sql<{ size: number }>`
    select count(*)::int as size from (${members} limit ${most}) m`.execute(tx);
  return counted.rows[0]?.size ?? 0;
}
