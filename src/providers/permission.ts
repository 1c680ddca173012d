import {
  type Permission,
  permissions,
  type Role,
  roleMay,
  roleNames,
  rolesThatMay,
} from '#contract/permissions';
import type { Member } from '#contract/providers';
import { SECOND_FACTOR_FOR } from '#contract/sign-in';
import { AppError } from '#platform/app-error';
import type { Database, Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { Caller } from './caller.ts';
import { listMembers, lockMembers } from './member-store.ts';
import { getProvider } from './provider-store.ts';
import { presentRole } from './still-may.ts';

/** How many people are named to someone who may not do a thing. */
const NAMED_MAX = 10;

/** The people of the provider at work who hold a permission, with their role's name. */
export async function whoMay(
  tx: Tx,
  scope: Scope,
  permission: Permission,
): Promise<{ name: string; role: string }[]> {
  const members = await listMembers(tx, scope);
  return members
    .filter((member) => roleMay(member.role, permission))
    .slice(0, NAMED_MAX)
    .map((member) => ({ name: member.name, role: roleNames[member.role] }));
}

/**
 * Lets through who holds a permission.
 * @throws AppError `permission.missing`, with the rule in words and who here may
 */
export async function requirePermission(
  database: Database,
  scope: Scope,
  role: Role,
  permission: Permission,
): Promise<void> {
  if (roleMay(role, permission)) return;
  throw await database.asProvider(scope.providerId, (tx) => missing(tx, scope, permission));
}

/**
 * Holds everybody of the provider and lets through who has a permission by then. Whatever gives
 * power that lasts asks this in its own transaction: it waits for roles that are being changed and
 * is refused if its right went with them, else whoever takes rights away finds all that was made.
 * Answers with everybody and with what whoever acts is now; null: Bursar itself, which may all.
 * @throws AppError `permission.missing`
 */
export async function lockMembersFor(
  tx: Tx,
  scope: Scope,
  permission: Permission,
): Promise<{ members: Member[]; role: Role | null }> {
  const members = await lockMembers(tx, scope);
  if (scope.actor.kind === 'bursar') return { members, role: null };
  const role = await presentRole(tx, scope);
  if (role === null || !roleMay(role, permission)) throw await missing(tx, scope, permission);
  return { members, role };
}

async function missing(tx: Tx, scope: Scope, permission: Permission): Promise<AppError> {
  const { allows } = permissions[permission];
  const able = await whoMay(tx, scope, permission);
  return new AppError('permission.missing', `Only ${rolesThatMay(permission)} may ${allows}.`, {
    extras: { whoMay: able },
  });
}

/**
 * Lets through who proved by a second factor who they are, where the act and the provider's policy
 * ask for it. An API key acts without a person; making it asked for one.
 * @throws AppError `sign-in.second-factor-required`
 */
export async function requireSecondFactor(
  database: Database,
  caller: Caller,
  scope: Scope,
  permission: Permission,
): Promise<void> {
  if (caller.isStrong || !SECOND_FACTOR_FOR.includes(permission)) return;
  const provider = await database.asProvider(scope.providerId, (tx) => getProvider(tx, scope));
  if (provider?.secondFactor === 'optional') return;
  const { allows } = permissions[permission];
  throw new AppError(
    'sign-in.second-factor-required',
    `Who may ${allows} signs in with a second factor here.`,
  );
}
