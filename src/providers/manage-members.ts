import type { PersonId } from '#contract/ids';
import type { Role } from '#contract/permissions';
import type { Member } from '#contract/providers';
import type { EventLog } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Database, Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { deleteMember, keysMadeBy, lockMembers, setRole } from './member-store.ts';

interface Deps {
  database: Database;
  events: EventLog;
}

/**
 * Changes someone's role.
 * @throws AppError `request.not-found`, `member.last-owner`
 */
export async function changeRole(
  deps: Deps,
  scope: Scope,
  personId: PersonId,
  role: Role,
): Promise<void> {
  await deps.database.asProvider(scope.providerId, async (tx) => {
    const { member, isLastOwner } = await lockMember(tx, scope, personId);
    if (member.role === role) return;
    if (isLastOwner) throw new AppError('member.last-owner');
    await setRole(tx, scope, personId, role);
    const { name, role: from } = member;
    const event = { kind: 'member.role-changed', personId, name, from, to: role } as const;
    await deps.events.append(tx, scope, event);
  });
}

/**
 * Takes someone out of the provider; answers the names of the API keys they made, which stay.
 * @throws AppError `request.not-found`, `member.last-owner`
 */
export async function removeMember(
  deps: Deps,
  scope: Scope,
  personId: PersonId,
): Promise<{ apiKeys: string[] }> {
  const { actor } = scope;
  const isOneself = actor.kind === 'person' && actor.personId === personId;
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const { member, isLastOwner } = await lockMember(tx, scope, personId);
    if (isLastOwner) throw new AppError('member.last-owner');
    const apiKeys = await keysMadeBy(tx, scope, personId);
    await deleteMember(tx, scope, personId);
    const { name, role } = member;
    const kind = isOneself ? 'member.left' : 'member.removed';
    await deps.events.append(tx, scope, { kind, personId, name, role });
    return { apiKeys };
  });
}

/** Leaves the provider oneself. @throws AppError `member.last-owner`, `sign-in.person-only` */
export async function leaveProvider(deps: Deps, scope: Scope): Promise<{ apiKeys: string[] }> {
  const { actor } = scope;
  if (actor.kind !== 'person') throw new AppError('sign-in.person-only');
  return removeMember(deps, scope, actor.personId);
}

/** Of two Owners who leave at the same moment, the second finds themselves the last. */
async function lockMember(
  tx: Tx,
  scope: Scope,
  personId: PersonId,
): Promise<{ member: Member; isLastOwner: boolean }> {
  const members = await lockMembers(tx, scope);
  const member = members.find((one) => one.personId === personId);
  if (!member) throw new AppError('request.not-found');
  const owners = members.filter(({ role }) => role === 'owner');
  return { member, isLastOwner: member.role === 'owner' && owners.length === 1 };
}
