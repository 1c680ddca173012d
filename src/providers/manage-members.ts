import type { PersonId } from '#contract/ids';
import type { KeysLeft } from '#contract/people';
import { type Role, roleMay } from '#contract/permissions';
import type { Member } from '#contract/providers';
import type { EventLog } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Clock } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { mayMakeKeyFor } from './api-key.ts';
import { keysMadeBy, revokeKey } from './api-key-store.ts';
import { endInvitationsBy } from './invitation-store.ts';
import { followEnded } from './invite-person.ts';
import { deleteMember, lockMembers, setRole } from './member-store.ts';
import { lockMembersFor } from './permission.ts';

interface Deps {
  database: Database;
  clock: Clock;
  events: EventLog;
}

/** What a key may do that outlives its maker: no more than anybody who works here. */
const KEPT_OF_LEAVERS: Role = 'staff';

/**
 * Changes someone's role. API keys of theirs that may do more than the new role are revoked, and
 * the invitations of whoever may invite no longer end.
 * @throws AppError `request.not-found`, `member.last-owner`, `permission.missing`
 */
export async function changeRole(
  deps: Deps,
  scope: Scope,
  personId: PersonId,
  role: Role,
): Promise<KeysLeft> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const { members } = await lockMembersFor(tx, scope, 'people.manage');
    const { member, isLastOwner } = find(members, personId);
    if (member.role === role) return { apiKeys: [], revokedKeys: [] };
    if (isLastOwner) throw new AppError('member.last-owner');
    await setRole(tx, scope, personId, role);
    const { name, role: from } = member;
    const event = { kind: 'member.role-changed', personId, name, from, to: role } as const;
    await deps.events.append(tx, scope, event);
    return takeBack(deps, tx, scope, personId, role);
  });
}

/**
 * Takes someone out of the provider, with their invitations and with API keys of theirs that may
 * do more than Staff; other keys stay. Answers the names of both.
 * @throws AppError `request.not-found`, `member.last-owner`, `permission.missing`
 */
export async function removeMember(
  deps: Deps,
  scope: Scope,
  personId: PersonId,
): Promise<KeysLeft> {
  const { actor } = scope;
  const isOneself = actor.kind === 'person' && actor.personId === personId;
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const members = isOneself
      ? await lockMembers(tx, scope)
      : (await lockMembersFor(tx, scope, 'people.manage')).members;
    const { member, isLastOwner } = find(members, personId);
    if (isLastOwner) throw new AppError('member.last-owner');
    await deleteMember(tx, scope, personId);
    const { name, role } = member;
    const kind = isOneself ? 'member.left' : 'member.removed';
    await deps.events.append(tx, scope, { kind, personId, name, role });
    return takeBack(deps, tx, scope, personId, KEPT_OF_LEAVERS);
  });
}

/** Without it, whoever had to go would come back by an invitation or act on by a key of their own. */
async function takeBack(
  { clock, events }: Deps,
  tx: Tx,
  scope: Scope,
  personId: PersonId,
  role: Role,
): Promise<KeysLeft> {
  const at = clock.now();
  const keys = await keysMadeBy(tx, scope, personId);
  const revoked = keys.filter((key) => !mayMakeKeyFor(role, key.role));
  for (const { id, name } of revoked) {
    await revokeKey(tx, scope, id, at);
    await events.append(tx, scope, { kind: 'api-key.revoked', apiKeyId: id, name });
  }
  const ended = roleMay(role, 'people.manage')
    ? []
    : await endInvitationsBy(tx, scope, personId, at);
  for (const invitation of ended) await followEnded({ events }, tx, scope, invitation);
  return {
    apiKeys: keys.filter((key) => !revoked.includes(key)).map(({ name }) => name),
    revokedKeys: revoked.map(({ name }) => name),
  };
}

/** Leaves the provider oneself. @throws AppError `member.last-owner`, `sign-in.person-only` */
export async function leaveProvider(deps: Deps, scope: Scope): Promise<KeysLeft> {
  const { actor } = scope;
  if (actor.kind !== 'person') throw new AppError('sign-in.person-only');
  return removeMember(deps, scope, actor.personId);
}

/** Of two Owners who leave at the same moment, the second finds themselves the last. */
function find(
  members: readonly Member[],
  personId: PersonId,
): { member: Member; isLastOwner: boolean } {
  const member = members.find((one) => one.personId === personId);
  if (!member) throw new AppError('request.not-found');
  const owners = members.filter(({ role }) => role === 'owner');
  return { member, isLastOwner: member.role === 'owner' && owners.length === 1 };
}
