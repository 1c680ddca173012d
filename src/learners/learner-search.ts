import { type RawBuilder, sql } from 'kysely';
import { campusKey } from '#contract/organisations';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { searchWords } from './learner.ts';

/**
 * Something that a listed learner must have: told as the ids of all who have it, and as a probe
 * of one learner `l`. Which of the two is asked depends on how many have it.
 */
export interface Criterion {
  members: RawBuilder<unknown>;
  /** How `members` come in the order of an index that holds no other provider's. */
  inOrder?: RawBuilder<unknown>;
  probe: RawBuilder<unknown>;
}

/** Sorts after every text that begins with the same letters, in the "C" collation. */
const HIGHEST = '\u{10ffff}';

function beginsWith(scope: Scope, word: string): Criterion {
  const range = sql`t.token >= ${word} and t.token < ${word + HIGHEST}`;
  return {
    members: sql`select t.learner_id from learner_tokens t
      where t.provider_id = ${scope.providerId} and ${range}`,
    inOrder: sql`order by t.token`,
    probe: sql`select 1 from learner_tokens t where t.learner_id = l.id and ${range}`,
  };
}

function owes(scope: Scope): Criterion {
  const isOwing = sql`d.provider_id = ${scope.providerId} and d.party_kind = 'learner' and d.kind = 'invoice'
    and d.status in ('approved', 'part-paid') and d.due_minor > 0
    and d.xero_org_id <> all((select former_organisations(${scope.providerId}))::uuid[])`;
  return {
    members: sql`select d.party_id as learner_id from documents d
      where ${isOwing} and d.party_id is not null`,
    probe: sql`select 1 from documents d where ${isOwing} and d.party_id = l.id`,
  };
}

function owesNothing(scope: Scope): Criterion {
  const { probe } = owes(scope);
  return {
    members: sql`select l.id as learner_id from learners l
      where l.provider_id = ${scope.providerId} and not exists (${probe})`,
    probe: sql`select 1 where not exists (${probe})`,
  };
}

function studiesAt(scope: Scope, campus: string): Criterion {
  const key = campusKey(campus);
  return {
    members: sql`select c.id as learner_id from learners c
      where c.provider_id = ${scope.providerId} and c.campus_key = ${key}`,
    probe: sql`select 1 where l.campus_key = ${key}`,
  };
}

/** Every word begins a token; and, if asked, something or nothing is owing, the campus is this one. */
export function criteriaOf(
  scope: Scope,
  wanted: { search: string; owing: boolean | null; campus: string | null },
): Criterion[] {
  return [
    ...(wanted.owing === null ? [] : [wanted.owing ? owes(scope) : owesNothing(scope)]),
    ...(wanted.campus === null ? [] : [studiesAt(scope, wanted.campus)]),
    ...searchWords(wanted.search).map((word) => beginsWith(scope, word)),
  ];
}

/** Up to here the ids are collected and sorted; beyond it the list is walked in its order. */
const FEW = 2_000;

/**
 * How the learners that meet all criteria are best found: collect them (`probes` are still to be
 * asked of each), or walk the list in its order and ask each learner until the page is full. Where
 * they stand together far down the list, a walk may find too few: then `members` are all gathered.
 */
export type SearchPlan =
  | { way: 'collect'; ids: string[]; probes: RawBuilder<unknown>[] }
  | { way: 'walk'; probes: RawBuilder<unknown>[]; members: RawBuilder<unknown> | null };

/**
 * Looks how many meet each criterion, counting no further than "many". The rarest drives when it
 * is rare. Where all are common, what they have in common is looked for, no further than "many"
 * either; many of them fill a page soon while walking.
 */
export async function planSearch(tx: Tx, criteria: readonly Criterion[]): Promise<SearchPlan> {
  const [first, ...rest] = criteria;
  if (!first) return { way: 'walk', probes: [], members: null };
  const members = rest.length > 0 ? commonMembers(first, rest) : first.members;
  if (rest.length > 0) {
    const sizes = await countUpToMany(tx, criteria);
    const rarest = sizes.indexOf(Math.min(...sizes));
    const driver = criteria[rarest] ?? first;
    if ((sizes[rarest] ?? 0) <= FEW) {
      const others = criteria.filter((criterion) => criterion !== driver);
      const ids = await collect(tx, driver.members);
      return { way: 'collect', ids, probes: others.map(({ probe }) => probe) };
    }
  }
  const common = rest.length > 0 ? await collect(tx, members) : await collectFew(tx, first);
  if (common.length <= FEW) return { way: 'collect', ids: common, probes: [] };
  return { way: 'walk', probes: criteria.map(({ probe }) => probe), members };
}

function commonMembers(first: Criterion, rest: readonly Criterion[]): RawBuilder<unknown> {
  const others = rest.map(({ members }) => sql`c.learner_id in (${members})`);
  return sql`select c.learner_id from (${first.members}) c where ${sql.join(others, sql` and `)}`;
}

/** The ids of those members, each once; one more than `FEW` stands for "many". */
async function collect(tx: Tx, members: RawBuilder<unknown>): Promise<string[]> {
  const found = await sql<{ id: string }>`
    select distinct learner_id as id from (${members}) m limit ${FEW + 1}`.execute(tx);
  return found.rows.map((row) => row.id);
}

/** A learner may have a word several times: in the name, and in the e-mail address. */
const ROWS_FOR_FEW = 3 * FEW;

/**
 * The same of one criterion, from no more than so many of its rows. Told to find different ones
 * only, PostgreSQL would walk the index that has them in order, past the words of all providers.
 */
async function collectFew(tx: Tx, { members, inOrder }: Criterion): Promise<string[]> {
  const found = await sql<{ id: string; rows: number }>`
    with taken as materialized (${members} ${inOrder ?? sql``} limit ${ROWS_FOR_FEW})
    select distinct learner_id as id, (select count(*) from taken)::int as rows
    from taken limit ${FEW + 1}`.execute(tx);
  const isCutShort = found.rows[0]?.rows === ROWS_FOR_FEW;
  const ids = found.rows.map((row) => row.id);
  return isCutShort && ids.length <= FEW ? collect(tx, members) : ids;
}

async function countUpToMany(tx: Tx, criteria: readonly Criterion[]): Promise<number[]> {
  const counts = criteria.map(
    ({ members }) => sql`(select count(*)::int from (${members} limit ${FEW + 1}) m)`,
  );
  const counted = await sql<{ sizes: number[] }>`
    select array[${sql.join(counts)}] as sizes`.execute(tx);
  return counted.rows[0]?.sizes ?? [];
}
