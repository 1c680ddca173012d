import { type Selectable, sql } from 'kysely';
import type { WorkplaceId } from '#contract/ids';
import type { Address } from '#contract/learners';
import type { Workplace } from '#contract/workplaces';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { jsonText } from '#platform/json-text';
import type { Workplaces as WorkplacesTable } from '#platform/schema';
import type { Scope } from '#platform/scope';
import {
  identitiesOf,
  nameSortOf,
  numberKey,
  searchTokens,
  workplaceNumberOf,
} from './workplace.ts';

function toWorkplace(row: Selectable<WorkplacesTable>): Workplace {
  return {
    id: row.id as WorkplaceId,
    workplaceNumber: row.workplace_number,
    revision: row.revision,
    name: row.name,
    legalName: row.legal_name,
    businessNumber: row.business_number,
    email: row.email,
    phone: row.phone,
    contactFirstName: row.contact_first_name,
    contactLastName: row.contact_last_name,
    campus: row.campus,
    streetAddress: row.street_address as unknown as Address,
    postalAddress: row.postal_address as unknown as Address,
    isActive: row.is_active,
    syncToXero: row.sync_to_xero,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

function toRow(workplace: Workplace) {
  const name = workplace.name ?? workplace.workplaceNumber;
  return {
    workplace_number: workplace.workplaceNumber,
    number_key: numberKey(workplace.workplaceNumber),
    revision: workplace.revision,
    name,
    legal_name: workplace.legalName,
    business_number: workplace.businessNumber,
    email: workplace.email,
    phone: workplace.phone,
    contact_first_name: workplace.contactFirstName,
    contact_last_name: workplace.contactLastName,
    campus: workplace.campus,
    street_address: jsonText(workplace.streetAddress),
    postal_address: jsonText(workplace.postalAddress),
    is_active: workplace.isActive,
    sync_to_xero: workplace.syncToXero,
    name_sort: nameSortOf(name),
    updated_at: workplace.updatedAt,
  };
}

/** The workplaces of these ids that exist here, in the order of their ids. */
export async function loadWorkplaces(
  tx: Tx,
  scope: Scope,
  ids: readonly WorkplaceId[],
  lock: 'for-change' | 'none' = 'none',
): Promise<Workplace[]> {
  if (ids.length === 0) return [];
  let query = tx
    .selectFrom('workplaces')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .orderBy('id');
  if (lock === 'for-change') query = query.forNoKeyUpdate();
  return (await query.execute()).map(toWorkplace);
}

/** `request.not-found` where this provider has none of that id. */
export async function requireWorkplace(
  tx: Tx,
  scope: Scope,
  id: WorkplaceId,
  lock: 'for-change' | 'none' = 'none',
): Promise<Workplace> {
  const [workplace] = await loadWorkplaces(tx, scope, [id], lock);
  if (workplace) return workplace;
  throw new AppError('request.not-found', 'There is no workplace at this address.');
}

/** Workplaces by number, blind to case and spaces. */
export async function findByNumbers(
  tx: Tx,
  scope: Scope,
  numbers: readonly string[],
): Promise<{ id: WorkplaceId; workplaceNumber: string }[]> {
  if (numbers.length === 0) return [];
  const rows = await tx
    .selectFrom('workplaces')
    .select(['id', 'workplace_number'])
    .where('provider_id', '=', scope.providerId)
    .where('number_key', '=', sql<string>`any(${numbers.map(numberKey)}::text[])`)
    .execute();
  return rows.map((row) => ({ id: row.id as WorkplaceId, workplaceNumber: row.workplace_number }));
}

/** Workplaces with Sync to Xero on, walked by id: at most `limit` after the one named. */
export async function idsToSync(
  tx: Tx,
  scope: Scope,
  after: WorkplaceId | null,
  limit: number,
): Promise<{ id: WorkplaceId; revision: number; campus: string | null }[]> {
  let query = tx
    .selectFrom('workplaces')
    .select(['id', 'revision', 'campus'])
    .where('provider_id', '=', scope.providerId)
    .where('sync_to_xero', '=', true);
  if (after !== null) query = query.where('id', '>', after);
  const rows = await query.orderBy('id').limit(limit).execute();
  return rows.map(({ id, revision, campus }) => ({ id: id as WorkplaceId, revision, campus }));
}

/** Which workplaces stand under any of these identity keys. */
export async function findByIdentities(
  tx: Tx,
  scope: Scope,
  identities: readonly string[],
  limit: number,
): Promise<WorkplaceId[]> {
  if (identities.length === 0) return [];
  const rows = await tx
    .selectFrom('workplace_tokens')
    .select('workplace_id')
    .distinct()
    .where('provider_id', '=', scope.providerId)
    .where('token', '=', sql<string>`any(${[...identities]}::text[])`)
    .orderBy('workplace_id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.workplace_id as WorkplaceId);
}

/**
 * Takes the next number. The counter's row stays locked until the transaction ends. Learners may
 * bear such a number from before workplaces had theirs; these are stepped over.
 */
export async function takeWorkplaceNumber(tx: Tx, scope: Scope): Promise<string> {
  for (;;) {
    const { last_number: last } = await tx
      .insertInto('workplace_counters')
      .values({ provider_id: scope.providerId, last_number: 1 })
      .onConflict((conflict) =>
        conflict.column('provider_id').doUpdateSet({
          last_number: sql<number>`workplace_counters.last_number + 1`,
        }),
      )
      .returning('last_number')
      .executeTakeFirstOrThrow();
    const number = workplaceNumberOf(last);
    const learner = await tx
      .selectFrom('learners')
      .select('id')
      .where('provider_id', '=', scope.providerId)
      .where('number_key', '=', numberKey(number))
      .executeTakeFirst();
    if (!learner) return number;
  }
}

/** Writes a new workplace with what it is found by. */
export async function insertWorkplace(tx: Tx, scope: Scope, workplace: Workplace): Promise<void> {
  const { id, createdAt } = workplace;
  await tx
    .insertInto('workplaces')
    .values({ ...toRow(workplace), provider_id: scope.providerId, id, created_at: createdAt })
    .execute();
  await writeTokens(tx, scope, workplace);
}

/** Writes a workplace's new state over the old; the caller holds the row's lock. */
export async function updateWorkplace(tx: Tx, scope: Scope, workplace: Workplace): Promise<void> {
  await tx
    .updateTable('workplaces')
    .set(toRow(workplace))
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', workplace.id)
    .execute();
  await tx.deleteFrom('workplace_tokens').where('workplace_id', '=', workplace.id).execute();
  await writeTokens(tx, scope, workplace);
}

async function writeTokens(tx: Tx, scope: Scope, workplace: Workplace): Promise<void> {
  const tokens = [...searchTokens(workplace), ...identitiesOf(workplace)];
  await sql`insert into workplace_tokens (provider_id, workplace_id, token)
    select ${scope.providerId}::uuid, ${workplace.id}::uuid, token
    from unnest(${tokens}::text[]) as token on conflict do nothing`.execute(tx);
}
