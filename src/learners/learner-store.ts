import { type Selectable, sql, type Updateable } from 'kysely';
import type { LearnerId } from '#contract/ids';
import type { Address, Learner } from '#contract/learners';
import { campusKey } from '#contract/organisations';
import { AppError } from '#platform/app-error';
import { brokenUniqueConstraint, type Tx } from '#platform/database';
import { jsonText } from '#platform/json-text';
import type { Learners as LearnersTable } from '#platform/schema';
import type { Scope } from '#platform/scope';
import { identitiesOf, numberKey, searchTokens, sortKeys } from './learner.ts';

type LearnerTableRow = Selectable<LearnersTable>;

function toLearner(row: LearnerTableRow): Learner {
  return {
    id: row.id as LearnerId,
    learnerNumber: row.learner_number,
    revision: row.revision,
    title: row.title,
    firstName: row.first_name,
    middleName: row.middle_name,
    lastName: row.last_name,
    preferredName: row.preferred_name,
    dateOfBirth: row.date_of_birth,
    gender: row.gender,
    email: row.email,
    alternativeEmail: row.alternative_email,
    phoneMobile: row.phone_mobile,
    phoneHome: row.phone_home,
    phoneWork: row.phone_work,
    refExternal: row.ref_external,
    usi: row.usi,
    australianBusinessNumber: row.australian_business_number,
    campus: row.campus,
    streetAddress: row.street_address as unknown as Address,
    postalAddress: row.postal_address as unknown as Address,
    isActive: row.is_active,
    syncToXero: row.sync_to_xero,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

function toRow(learner: Learner) {
  const keys = sortKeys(learner);
  return {
    learner_number: learner.learnerNumber,
    number_key: numberKey(learner.learnerNumber),
    revision: learner.revision,
    title: learner.title,
    first_name: learner.firstName,
    middle_name: learner.middleName,
    last_name: learner.lastName,
    preferred_name: learner.preferredName,
    date_of_birth: learner.dateOfBirth,
    gender: learner.gender,
    email: learner.email,
    alternative_email: learner.alternativeEmail,
    phone_mobile: learner.phoneMobile,
    phone_home: learner.phoneHome,
    phone_work: learner.phoneWork,
    ref_external: learner.refExternal,
    usi: learner.usi,
    australian_business_number: learner.australianBusinessNumber,
    campus: learner.campus,
    campus_key: learner.campus === null ? null : campusKey(learner.campus),
    street_address: jsonText(learner.streetAddress),
    postal_address: jsonText(learner.postalAddress),
    is_active: learner.isActive,
    sync_to_xero: learner.syncToXero,
    name_sort: keys.name,
    number_sort: keys.number,
    updated_at: learner.updatedAt,
  } satisfies Updateable<LearnersTable>;
}

/** A learner, or null where this provider has none of that id. */
export async function findLearner(tx: Tx, scope: Scope, id: LearnerId): Promise<Learner | null> {
  return (await loadLearners(tx, scope, [id]))[0] ?? null;
}

/** The learners of these ids that exist here, in the order of their ids. */
export async function loadLearners(
  tx: Tx,
  scope: Scope,
  ids: readonly LearnerId[],
  lock: 'for-change' | 'none' = 'none',
): Promise<Learner[]> {
  if (ids.length === 0) return [];
  let query = tx
    .selectFrom('learners')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('id');
  if (lock === 'for-change') query = query.forNoKeyUpdate();
  return (await query.execute()).map(toLearner);
}

/** A learner locked until the transaction ends; `request.not-found` when there is none. */
export async function lockLearner(tx: Tx, scope: Scope, id: LearnerId): Promise<Learner> {
  const learner = (await loadLearners(tx, scope, [id], 'for-change'))[0];
  if (!learner) throw new AppError('request.not-found', 'There is no learner at this address.');
  return learner;
}

/**
 * Learners by learner number, blind to case and spaces. The number of a merged learner is answered
 * with the id of the one they were merged into.
 */
export async function findByNumbers(
  tx: Tx,
  scope: Scope,
  numbers: readonly string[],
): Promise<{ id: LearnerId; learnerNumber: string }[]> {
  if (numbers.length === 0) return [];
  const rows = await tx
    .selectFrom('learners')
    .select([sql<string>`coalesce(merged_into, id)`.as('id'), 'learner_number'])
    .where('provider_id', '=', scope.providerId)
    .where('number_key', '=', sql<string>`any(${numbers.map(numberKey)}::text[])`)
    .execute();
  return rows.map((row) => ({ id: row.id as LearnerId, learnerNumber: row.learner_number }));
}

/** Which learners stand under which of these identity keys. */
export async function findByIdentities(
  tx: Tx,
  scope: Scope,
  identities: readonly string[],
): Promise<{ id: LearnerId; identity: string }[]> {
  if (identities.length === 0) return [];
  const rows = await tx
    .selectFrom('learner_identities')
    .select(['learner_id', 'identity'])
    .where('provider_id', '=', scope.providerId)
    .where('identity', '=', sql<string>`any(${[...identities]}::text[])`)
    .orderBy('learner_id')
    .execute();
  return rows.map((row) => ({ id: row.learner_id as LearnerId, identity: row.identity }));
}

/** Learners with Sync to Xero on, walked by id: at most `limit` after the one named. */
export async function idsToSync(
  tx: Tx,
  scope: Scope,
  after: LearnerId | null,
  limit: number,
): Promise<{ id: LearnerId; revision: number; campus: string | null }[]> {
  let query = tx
    .selectFrom('learners')
    .select(['id', 'revision', 'campus'])
    .where('provider_id', '=', scope.providerId)
    .where('sync_to_xero', '=', true);
  if (after !== null) query = query.where('id', '>', after);
  const rows = await query.orderBy('id').limit(limit).execute();
  return rows.map(({ id, revision, campus }) => ({ id: id as LearnerId, revision, campus }));
}

/**
 * Writes new learners, at most 1,000 at a time, with what they are found by.
 * `learner.number-taken` for a number in use.
 */
export async function insertLearners(tx: Tx, scope: Scope, learners: Learner[]): Promise<void> {
  if (learners.length === 0) return;
  const rows = learners.map((learner) => ({
    ...toRow(learner),
    provider_id: scope.providerId,
    id: learner.id,
    created_at: learner.createdAt,
  }));
  try {
    await tx.insertInto('learners').values(rows).execute();
  } catch (error) {
    if (brokenUniqueConstraint(error) !== 'learners_number_unique') throw error;
    const numbers = learners.map((learner) => learner.learnerNumber).join(', ');
    throw new AppError('learner.number-taken', `Learner number ${numbers} is in use.`, {
      extras: { fields: [{ field: 'learnerNumber', message: 'is in use by another learner' }] },
      cause: error,
    });
  }
  await insertFindings(tx, scope, {
    tokens: learners.flatMap((learner) => pairs(learner.id, searchTokens(learner))),
    identities: learners.flatMap((learner) => pairs(learner.id, identitiesOf(learner))),
  });
}

/** Writes a learner's new state over the old; the caller holds the row's lock. */
export async function updateLearner(
  tx: Tx,
  scope: Scope,
  before: Learner,
  after: Learner,
): Promise<void> {
  await tx
    .updateTable('learners')
    .set(toRow(after))
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', after.id)
    .execute();
  const [tokens, identities] = [searchTokens(after), identitiesOf(after)];
  const staleTokens = searchTokens(before).filter((token) => !tokens.includes(token));
  const stale = identitiesOf(before).filter((identity) => !identities.includes(identity));
  if (staleTokens.length > 0) {
    await sql`delete from learner_tokens
      where learner_id = ${after.id} and token = any(${staleTokens}::text[])`.execute(tx);
  }
  if (stale.length > 0) {
    await sql`delete from learner_identities
      where learner_id = ${after.id} and identity = any(${stale}::text[])`.execute(tx);
  }
  await insertFindings(tx, scope, {
    tokens: pairs(
      after.id,
      tokens.filter((token) => !searchTokens(before).includes(token)),
    ),
    identities: pairs(
      after.id,
      identities.filter((key) => !identitiesOf(before).includes(key)),
    ),
  });
}

type Pair = readonly [LearnerId, string];

function pairs(id: LearnerId, texts: readonly string[]): Pair[] {
  return texts.map((text) => [id, text] as const);
}

/** Lets learners be found by more; what they are found by already is left as it is. */
export async function insertFindings(
  tx: Tx,
  scope: Scope,
  found: { tokens: readonly Pair[]; identities: readonly Pair[] },
): Promise<void> {
  const split = (list: readonly Pair[]) =>
    sql`unnest(${list.map(([id]) => id)}::uuid[], ${list.map(([, text]) => text)}::text[])`;
  if (found.tokens.length > 0) {
    await sql`insert into learner_tokens (provider_id, learner_id, token)
      select ${scope.providerId}::uuid, * from ${split(found.tokens)}
      on conflict do nothing`.execute(tx);
  }
  if (found.identities.length > 0) {
    await sql`insert into learner_identities (provider_id, learner_id, identity)
      select ${scope.providerId}::uuid, * from ${split(found.identities)}
      on conflict do nothing`.execute(tx);
  }
}

/** Turns Sync to Xero on or off for locked learners, with revision + 1. */
export async function updateSyncFlag(
  tx: Tx,
  scope: Scope,
  ids: readonly LearnerId[],
  syncToXero: boolean,
  at: string,
): Promise<void> {
  await tx
    .updateTable('learners')
    .set((e) => ({
      sync_to_xero: syncToXero,
      revision: e('revision', '+', 1),
      updated_at: at,
    }))
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute();
}
