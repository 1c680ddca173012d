import { type RawBuilder, sql } from 'kysely';
import type { LearnerId } from '#contract/ids';
import { displayName, type LearnerListQuery, type LearnerRow } from '#contract/learners';
import type { Page } from '#contract/paging';
import { rolesThatMay } from '#contract/permissions';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { actorMay, type Scope } from '#platform/scope';
import { whoMay } from '#providers/index';
import { criteriaOf, planSearch, type SearchPlan } from './learner-search.ts';
import { type LearnerFinance, owingOf, standingOf } from './learner-standing.ts';
import { decodeCursor, encodeCursor, type ListPosition } from './list-cursor.ts';

interface ListedRow {
  id: LearnerId;
  learner_number: string;
  first_name: string | null;
  last_name: string | null;
  preferred_name: string | null;
  email: string | null;
  phone_mobile: string | null;
  date_of_birth: string | null;
  is_active: boolean;
  sync_to_xero: boolean;
  campus: string | null;
  sort_key: string | Date;
}

const SORT_COLUMNS = {
  name: 'name_sort',
  learnerNumber: 'number_sort',
  createdAt: 'created_at',
} as const;

/**
 * One page of learners, each learner exactly once over all pages however many share a sort key.
 * Walks an index in the order asked, so the cost is that of the page and not of the provider.
 * What is owing is told to those who may see papers: `permission.missing` where others ask for it;
 * `request.invalid` for a foreign cursor.
 */
export async function listLearners(
  tx: Tx,
  scope: Scope,
  query: LearnerListQuery,
): Promise<Page<LearnerRow>> {
  if (query.owing !== undefined && !actorMay(scope, 'documents.view')) {
    const rule = `Only ${rolesThatMay('documents.view')} may ask who owes something.`;
    const able = await whoMay(tx, scope, 'documents.view');
    throw new AppError('permission.missing', rule, { extras: { whoMay: able } });
  }
  const after = query.cursor === undefined ? null : decodeCursor(query, query.cursor);
  const criteria = criteriaOf(scope, {
    search: query.search ?? '',
    owing: query.owing ?? null,
    campus: query.campus ?? null,
  });
  const plan = await planSearch(tx, criteria);
  const found = await findPage(tx, scope, query, after, plan);
  const rows = found.slice(0, query.limit);
  const last = rows.at(-1);
  const hasMore = found.length > query.limit;
  const ids = rows.map((row) => row.id);
  const standing = await standingOf(tx, scope, ids);
  const owing = actorMay(scope, 'documents.view') ? await owingOf(tx, scope, ids) : null;
  return {
    items: rows.map((row) => toListed(row, { standing, owing })),
    nextCursor: hasMore && last ? encodeCursor(query, { key: keyText(last), id: last.id }) : null,
  };
}

/** Learners asked one by one before it is better to gather all that are meant. */
const WALKED_MAX = 5_000;

/** The rows of a page and one more if there is one. */
async function findPage(
  tx: Tx,
  scope: Scope,
  query: LearnerListQuery,
  after: ListPosition | null,
  plan: SearchPlan,
): Promise<ListedRow[]> {
  const { rows } = await sql<ListedRow>`${pageQuery(scope, query, after, plan)}`.execute(tx);
  if (plan.way === 'collect' || plan.members === null || rows.length > query.limit) return rows;
  const gather = gatherQuery(scope, query, after, plan.members);
  return (await sql<ListedRow>`${gather}`.execute(tx)).rows;
}

function pageQuery(
  scope: Scope,
  query: LearnerListQuery,
  after: ListPosition | null,
  plan: SearchPlan,
): RawBuilder<unknown> {
  const flags = { active: query.active, sync: query.syncToXero };
  // Walking needs each flag to have one value, since the index is led by them; then PostgreSQL
  // merges the ordered branches.
  const walked = bothOr(query.active).flatMap((active) =>
    bothOr(query.syncToXero).map((sync) => ({ active, sync })),
  );
  const branches = (plan.way === 'walk' ? walked : [flags]).map(
    (branch) => sql`(${branchQuery(scope, query, after, plan, branch)})`,
  );
  const inOrder = sql`order by sort_key ${sql.raw(query.direction)}, id ${sql.raw(query.direction)}`;
  const merged = sql`(${sql.join(branches, sql` union all `)}) branches ${inOrder}`;
  if (plan.way === 'collect' || plan.probes.length === 0) {
    return sql`select * from ${merged} limit ${query.limit + 1}`;
  }
  return sql`select l.* from (select * from ${merged} limit ${WALKED_MAX}) l ${probeJoins(plan)}
    ${inOrder} limit ${query.limit + 1}`;
}

function gatherQuery(
  scope: Scope,
  query: LearnerListQuery,
  after: ListPosition | null,
  members: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const flags = { active: query.active, sync: query.syncToXero };
  const among = sql`join (select distinct learner_id from gathered) g on g.learner_id = l.id`;
  return sql`with gathered as materialized (${members})
    ${selectQuery(scope, query, after, { flags, joins: among, limit: query.limit + 1 })}`;
}

function bothOr(flag: boolean | undefined): boolean[] {
  return flag === undefined ? [true, false] : [flag];
}

interface Flags {
  active: boolean | undefined;
  sync: boolean | undefined;
}

function branchQuery(
  scope: Scope,
  query: LearnerListQuery,
  after: ListPosition | null,
  plan: SearchPlan,
  flags: Flags,
): RawBuilder<unknown> {
  if (plan.way === 'walk') {
    const limit = plan.probes.length === 0 ? query.limit + 1 : WALKED_MAX;
    return selectQuery(scope, query, after, { flags, limit });
  }
  const { ids } = plan;
  return selectQuery(scope, query, after, {
    flags,
    joins: probeJoins(plan),
    ids,
    limit: query.limit + 1,
  });
}

function selectQuery(
  scope: Scope,
  query: LearnerListQuery,
  after: ListPosition | null,
  among: { flags: Flags; joins?: RawBuilder<unknown>; ids?: string[]; limit: number },
): RawBuilder<unknown> {
  const { flags, joins = sql``, ids, limit } = among;
  const column = sql.ref(`l.${SORT_COLUMNS[query.sort]}`);
  const direction = sql.raw(query.direction);
  const conditions = [sql`l.provider_id = ${scope.providerId} and l.merged_into is null`];
  if (flags.active !== undefined) conditions.push(sql`l.is_active = ${flags.active}`);
  if (flags.sync !== undefined) conditions.push(sql`l.sync_to_xero = ${flags.sync}`);
  if (ids) conditions.push(sql`l.id = any(${ids}::uuid[])`);
  if (after) {
    const beyond = sql.raw(query.direction === 'asc' ? '>' : '<');
    const type = sql.raw(query.sort === 'createdAt' ? 'timestamptz' : 'text');
    conditions.push(sql`(${column}, l.id) ${beyond} (${after.key}::${type}, ${after.id}::uuid)`);
  }
  return sql`select l.id, l.learner_number, l.first_name, l.last_name, l.preferred_name, l.email,
      l.phone_mobile, l.date_of_birth, l.is_active, l.sync_to_xero, l.campus,
      l.campus_key, ${column} as sort_key
    from learners l ${joins}
    where ${sql.join(conditions, sql` and `)}
    order by ${column} ${direction}, l.id ${direction} limit ${limit}`;
}

// A lateral join with a limit is carried out row by row; an `exists` might be turned into reading
// every learner that has the word.
function probeJoins(plan: SearchPlan): RawBuilder<unknown> {
  const joins = plan.probes.map(
    (probe, index) => sql`cross join lateral (${probe} limit 1) ${sql.ref(`probe${index}`)}`,
  );
  return joins.length === 0 ? sql`` : sql.join(joins, sql` `);
}

function keyText(row: ListedRow): string {
  return row.sort_key instanceof Date ? row.sort_key.toISOString() : row.sort_key;
}

function toListed(row: ListedRow, finance: LearnerFinance): LearnerRow {
  return {
    id: row.id,
    learnerNumber: row.learner_number,
    name: displayName({
      firstName: row.first_name,
      lastName: row.last_name,
      preferredName: row.preferred_name,
    }),
    email: row.email,
    phoneMobile: row.phone_mobile,
    dateOfBirth: row.date_of_birth,
    isActive: row.is_active,
    syncToXero: row.sync_to_xero,
    campus: row.campus,
    standing: row.sync_to_xero ? (finance.standing.get(row.id) ?? null) : null,
    owing: finance.owing && (finance.owing.get(row.id) ?? []),
  };
}
