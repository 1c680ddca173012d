import type { PersonId, ProviderId } from '#contract/ids';
import type { Role } from '#contract/permissions';
import type { Member } from '#contract/providers';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

export const MEMBERS_MAX = 500;

export interface MembershipRow {
  providerId: ProviderId;
  providerName: string;
  country: string;
  role: Role;
}

/** The people of the provider at work, by name. */
export async function listMembers(tx: Tx, scope: Scope): Promise<Member[]> {
  const rows = await tx
    .selectFrom('members')
    .innerJoin('auth.user', 'auth.user.id', 'members.person_id')
    .select(['members.person_id', 'auth.user.name', 'auth.user.email', 'members.role'])
    .where('members.provider_id', '=', scope.providerId)
    .orderBy('auth.user.name')
    .orderBy('members.person_id')
    .limit(MEMBERS_MAX)
    .execute();
  return rows.map((row) => ({
    personId: row.person_id as PersonId,
    name: row.name,
    email: row.email,
    role: row.role as Role,
  }));
}

/**
 * Every provider that a person belongs to, the longest membership first. Reads across providers,
 * so `tx` must be a system transaction.
 */
export async function membershipsOf(tx: Tx, personId: PersonId): Promise<MembershipRow[]> {
  const rows = await tx
    .selectFrom('members')
    .innerJoin('providers', 'providers.provider_id', 'members.provider_id')
    .select(['members.provider_id', 'providers.name', 'providers.country', 'members.role'])
    .where('members.person_id', '=', personId)
    .orderBy('members.created_at')
    .orderBy('members.provider_id')
    .limit(MEMBERS_MAX)
    .execute();
  return rows.map((row) => ({
    providerId: row.provider_id as ProviderId,
    providerName: row.name,
    country: row.country,
    role: row.role as Role,
  }));
}

/** Makes a person a member; answers false, changing nothing, when they are one already. */
export async function insertMember(
  tx: Tx,
  scope: Scope,
  member: { personId: PersonId; role: Role; at: Date },
): Promise<boolean> {
  const inserted = await tx
    .insertInto('members')
    .values({
      provider_id: scope.providerId,
      person_id: member.personId,
      role: member.role,
      created_at: member.at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('person_id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** The e-mail of a member of the provider at work. */
export async function emailOf(tx: Tx, personId: PersonId): Promise<string | null> {
  const row = await tx
    .selectFrom('auth.user')
    .select('email')
    .where('id', '=', personId)
    .executeTakeFirst();
  return row?.email ?? null;
}

/** Everyone of the provider, held until the transaction ends, so that roles change one by one. */
export async function lockMembers(tx: Tx, scope: Scope): Promise<Member[]> {
  await tx
    .selectFrom('members')
    .select('person_id')
    .where('provider_id', '=', scope.providerId)
    .orderBy('person_id')
    .forNoKeyUpdate()
    .execute();
  return listMembers(tx, scope);
}

/**
 * Sets a member's role. The caller holds all members (`lockMembers`) and has seen that an Owner is
 * left.
 */
export async function setRole(tx: Tx, scope: Scope, personId: PersonId, role: Role): Promise<void> {
  await tx
    .updateTable('members')
    .set({ role })
    .where('provider_id', '=', scope.providerId)
    .where('person_id', '=', personId)
    .execute();
}

/**
 * Ends a membership; the person's account stays. The caller holds all members (`lockMembers`) and
 * has seen that an Owner is left.
 */
export async function deleteMember(tx: Tx, scope: Scope, personId: PersonId): Promise<void> {
  await tx
    .deleteFrom('members')
    .where('provider_id', '=', scope.providerId)
    .where('person_id', '=', personId)
    .execute();
}
