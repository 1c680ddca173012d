import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { WorkplaceId, XeroOrgId } from '#contract/ids';
import type { Owing } from '#contract/money';
import type { Page, PageQuery } from '#contract/paging';
import type { SyncStanding } from '#contract/sync';
import type { WorkplaceLearner, WorkplaceListQuery, WorkplaceRow } from '#contract/workplaces';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { actorMay, type Scope } from '#platform/scope';
import { searchWords } from './workplace.ts';

interface ListedRow {
  id: WorkplaceId;
  workplace_number: string;
  name: string;
  email: string | null;
  phone: string | null;
  is_active: boolean;
  sync_to_xero: boolean;
  name_sort: string;
  learners: number;
}

/** Sorts after every text that begins with the same letters, in the "C" collation. */
const HIGHEST = '\u{10ffff}';

/**
 * One page of workplaces by name. Every word of a search begins a token. `request.invalid` for a
 * foreign cursor.
 */
export async function listWorkplaces(
  tx: Tx,
  scope: Scope,
  query: WorkplaceListQuery,
): Promise<Page<WorkplaceRow>> {
  const direction = sql.raw(query.direction);
  const conditions = conditionsOf(scope, query);
  const found = await sql<ListedRow>`
    select w.id, w.workplace_number, w.name, w.email, w.phone, w.is_active, w.sync_to_xero,
      w.name_sort,
      (select count(*)::int from learner_workplaces lw join learners l on l.id = lw.learner_id
        where lw.workplace_id = w.id and l.merged_into is null) as learners
    from workplaces w where ${sql.join(conditions, sql` and `)}
    order by w.name_sort ${direction}, w.id ${direction} limit ${query.limit + 1}`.execute(tx);
  const rows = found.rows.slice(0, query.limit);
  const ids = rows.map((row) => row.id);
  const standing = await standingOf(tx, scope, ids);
  const owing = actorMay(scope, 'documents.view') ? await owingOf(tx, scope, ids) : null;
  return {
    items: rows.map((row) => ({
      id: row.id,
      workplaceNumber: row.workplace_number,
      name: row.name,
      email: row.email,
      phone: row.phone,
      isActive: row.is_active,
      syncToXero: row.sync_to_xero,
      standing: row.sync_to_xero ? (standing.get(row.id) ?? null) : null,
      learners: row.learners,
      owing: owing && (owing.get(row.id) ?? []),
    })),
    nextCursor: nextCursor(found.rows, query.limit, (row) => [row.name_sort, row.id]),
  };
}

/** Which of the list are meant, whatever their order. */
export interface WorkplaceFilter {
  search?: string | undefined;
  active?: boolean | undefined;
  syncToXero?: boolean | undefined;
}

/** The list's filter as conditions on `workplaces w`. */
export function filterConditions(scope: Scope, filter: WorkplaceFilter): RawBuilder<unknown>[] {
  const { active, syncToXero, search = '' } = filter;
  const conditions = [sql`w.provider_id = ${scope.providerId}`];
  if (active !== undefined) conditions.push(sql`w.is_active = ${active}`);
  if (syncToXero !== undefined) conditions.push(sql`w.sync_to_xero = ${syncToXero}`);
  for (const word of searchWords(search)) {
    conditions.push(sql`w.id in (select t.workplace_id from workplace_tokens t
      where t.provider_id = ${scope.providerId} and t.token >= ${word}
        and t.token < ${word + HIGHEST})`);
  }
  return conditions;
}

function conditionsOf(scope: Scope, query: WorkplaceListQuery): RawBuilder<unknown>[] {
  const { cursor, direction } = query;
  const conditions = filterConditions(scope, query);
  if (cursor !== undefined) {
    const [nameSort, id] = decodeCursor(cursor);
    const beyond = sql.raw(direction === 'asc' ? '>' : '<');
    conditions.push(sql`(w.name_sort, w.id) ${beyond} (${nameSort}, ${id}::uuid)`);
  }
  return conditions;
}

/** The learners who work at a workplace, by name; who was merged into another is not among them. */
export async function learnersOf(
  tx: Tx,
  scope: Scope,
  id: WorkplaceId,
  query: PageQuery,
  nameOf: (row: LearnerNameRow) => string,
): Promise<Page<WorkplaceLearner>> {
  const after = query.cursor === undefined ? null : decodeCursor(query.cursor);
  const beyond = after ? sql`and (l.name_sort, l.id) > (${after[0]}, ${after[1]}::uuid)` : sql``;
  const found = await sql<LearnerNameRow>`
    select l.id, l.learner_number, l.first_name, l.last_name, l.preferred_name, l.is_active,
      l.name_sort
    from learner_workplaces lw join learners l on l.id = lw.learner_id
    where lw.provider_id = ${scope.providerId} and lw.workplace_id = ${id}
      and l.merged_into is null ${beyond}
    order by l.name_sort, l.id limit ${query.limit + 1}`.execute(tx);
  return {
    items: found.rows.slice(0, query.limit).map((row) => ({
      learnerId: row.id as WorkplaceLearner['learnerId'],
      learnerNumber: row.learner_number,
      name: nameOf(row),
      isActive: row.is_active,
    })),
    nextCursor: nextCursor(found.rows, query.limit, (row) => [row.name_sort, row.id]),
  };
}

export interface LearnerNameRow {
  id: string;
  learner_number: string;
  first_name: string | null;
  last_name: string | null;
  preferred_name: string | null;
  is_active: boolean;
  name_sort: string;
}

/** Where each stands towards Xero; the worst standing when there are several links. */
async function standingOf(
  tx: Tx,
  scope: Scope,
  ids: readonly WorkplaceId[],
): Promise<Map<string, SyncStanding>> {
  if (ids.length === 0) return new Map();
  const links = await sql<{ party_id: string; standing: SyncStanding }>`
    select distinct on (party_id) party_id, standing from contact_links
    where provider_id = ${scope.providerId} and party_id = any(${[...ids]}::uuid[])
      and standing is not null
    order by party_id,
      array_position(array['blocked', 'undecided', 'waiting', 'in-step'], standing)`.execute(tx);
  return new Map(links.rows.map((link) => [link.party_id, link.standing]));
}

interface OwingRow {
  party_id: string;
  xero_org_id: XeroOrgId;
  currency: string;
  due: bigint;
}

/** What each owes on approved invoices of connected organisations, by organisation and currency. */
async function owingOf(
  tx: Tx,
  scope: Scope,
  ids: readonly WorkplaceId[],
): Promise<Map<string, Owing[]>> {
  const owing = new Map<string, Owing[]>();
  if (ids.length === 0) return owing;
  const sums = await sql<OwingRow>`
    select party_id, xero_org_id, currency, sum(due_minor)::bigint as due from documents
    where provider_id = ${scope.providerId} and party_id = any(${[...ids]}::uuid[])
      and kind = 'invoice' and status in ('approved', 'part-paid') and due_minor > 0
      and xero_org_id <> all((select former_organisations(${scope.providerId}))::uuid[])
    group by party_id, xero_org_id, currency
    order by party_id, currency, xero_org_id`.execute(tx);
  for (const sum of sums.rows) {
    const { party_id: id, xero_org_id: xeroOrgId, currency } = sum;
    const owed = { xeroOrgId, amountMinor: Number(sum.due), currency };
    owing.set(id, [...(owing.get(id) ?? []), owed]);
  }
  return owing;
}

const Cursor = z.tuple([
  z
    .string()
    .max(400)
    .regex(/^\P{Cc}*$/u),
  z.uuid(),
]);

function nextCursor<Row>(
  rows: readonly Row[],
  limit: number,
  place: (row: Row) => z.infer<typeof Cursor>,
): string | null {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return last === undefined ? null : Buffer.from(JSON.stringify(place(last))).toString('base64url');
}

function decodeCursor(cursor: string): z.infer<typeof Cursor> {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new AppError('request.invalid', 'This cursor does not belong to this list.', {
      extras: { fields: [{ field: 'cursor', message: 'take it from the page before' }] },
      cause,
    });
  }
}
