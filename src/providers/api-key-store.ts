import { sql } from 'kysely';
import type { ApiKeyId, PersonId, ProviderId } from '#contract/ids';
import type { Role } from '#contract/permissions';
import type { ApiKey } from '#contract/providers';
import { MINUTE_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

export const API_KEYS_MAX = 100;
const USE_NOTED_EVERY_MS = MINUTE_MS;

interface KnownKey {
  id: ApiKeyId;
  providerId: ProviderId;
  name: string;
  role: Role;
}

/** The active keys of the provider, newest first. */
export async function listApiKeys(tx: Tx, scope: Scope): Promise<ApiKey[]> {
  const rows = await tx
    .selectFrom('api_keys')
    .select(['id', 'name', 'role', 'prefix', 'created_at', 'last_used_at'])
    .where('provider_id', '=', scope.providerId)
    .where('revoked_at', 'is', null)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(API_KEYS_MAX)
    .execute();
  return rows.map((row) => ({
    id: row.id as ApiKeyId,
    name: row.name,
    role: row.role as Role,
    prefix: row.prefix,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  }));
}

/**
 * How many active keys the provider has, held against `API_KEYS_MAX`. Nothing is locked: whoever
 * makes a key holds the members of the provider, so that two never count at once.
 */
export async function countApiKeys(tx: Tx, scope: Scope): Promise<number> {
  const row = await tx
    .selectFrom('api_keys')
    .select(sql<number>`count(*)::int`.as('active'))
    .where('provider_id', '=', scope.providerId)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow();
  return row.active;
}

/** The person who acts, also with a key of theirs or with one that such a key has made. */
export async function personBehind(tx: Tx, { providerId, actor }: Scope): Promise<string | null> {
  if (actor.kind === 'person') return actor.personId;
  if (actor.kind === 'bursar') return null;
  const row = await tx
    .selectFrom('api_keys')
    .select('created_by_person')
    .where('provider_id', '=', providerId)
    .where('id', '=', actor.apiKeyId)
    .executeTakeFirst();
  return row?.created_by_person ?? null;
}

/** The active keys that someone made. */
export async function keysMadeBy(
  tx: Tx,
  scope: Scope,
  personId: PersonId,
): Promise<{ id: ApiKeyId; name: string; role: Role }[]> {
  const rows = await tx
    .selectFrom('api_keys')
    .select(['id', 'name', 'role'])
    .where('provider_id', '=', scope.providerId)
    .where('created_by_person', '=', personId)
    .where('revoked_at', 'is', null)
    .orderBy('name')
    .limit(API_KEYS_MAX)
    .execute();
  return rows.map(({ id, name, role }) => ({ id: id as ApiKeyId, name, role: role as Role }));
}

/**
 * Stores an active key by its hash alone. What was made with a key is noted as made by the person
 * behind that key, so that it is found when they leave.
 */
export async function insertApiKey(
  tx: Tx,
  scope: Scope,
  key: { id: ApiKeyId; name: string; role: Role; hash: Buffer; prefix: string; at: Date },
): Promise<void> {
  await tx
    .insertInto('api_keys')
    .values({
      provider_id: scope.providerId,
      id: key.id,
      name: key.name,
      role: key.role,
      key_hash: key.hash,
      prefix: key.prefix,
      created_by: scope.actor.name,
      created_by_person: await personBehind(tx, scope),
      created_at: key.at,
      last_used_at: null,
      revoked_at: null,
    })
    .execute();
}

/** Revokes an active key and answers its name; null when there is no such key here. */
export async function revokeKey(
  tx: Tx,
  scope: Scope,
  id: ApiKeyId,
  at: Date,
): Promise<string | null> {
  const row = await tx
    .updateTable('api_keys')
    .set({ revoked_at: at })
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('name')
    .executeTakeFirst();
  return row?.name ?? null;
}

/**
 * The active key with this hash, its use noted at most once a minute. The provider is not known
 * yet, so `tx` must be a system transaction.
 */
export async function useKey(tx: Tx, hash: Buffer, now: Date): Promise<KnownKey | null> {
  const row = await tx
    .selectFrom('api_keys')
    .select(['id', 'provider_id', 'name', 'role', 'last_used_at'])
    .where('key_hash', '=', hash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (!row) return null;
  if (!row.last_used_at || row.last_used_at <= plus(now, -USE_NOTED_EVERY_MS)) {
    await tx.updateTable('api_keys').set({ last_used_at: now }).where('id', '=', row.id).execute();
  }
  return {
    id: row.id as ApiKeyId,
    providerId: row.provider_id as ProviderId,
    name: row.name,
    role: row.role as Role,
  };
}
