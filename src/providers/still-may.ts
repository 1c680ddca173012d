import { type Permission, type Role, roleMay } from '#contract/permissions';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { isClosed } from './closed-provider.ts';

/**
 * Whether whoever once did something may still do it: people leave and change roles, keys are
 * revoked, providers are closed, while what they left behind goes on acting in their name.
 */
export async function stillMay(tx: Tx, scope: Scope, permission: Permission): Promise<boolean> {
  if (await isClosed(tx, scope.providerId)) return false;
  const role = await presentRole(tx, scope);
  return role !== null && roleMay(role, permission);
}

/** What whoever acts is by now; null for those who left, keys that were revoked, and Bursar itself. */
export async function presentRole(tx: Tx, { providerId, actor }: Scope): Promise<Role | null> {
  if (actor.kind === 'bursar') return null;
  const row =
    actor.kind === 'person'
      ? await tx
          .selectFrom('members')
          .select('role')
          .where('provider_id', '=', providerId)
          .where('person_id', '=', actor.personId)
          .executeTakeFirst()
      : await tx
          .selectFrom('api_keys')
          .select('role')
          .where('provider_id', '=', providerId)
          .where('id', '=', actor.apiKeyId)
          .where('revoked_at', 'is', null)
          .executeTakeFirst();
  return (row?.role ?? null) as Role | null;
}
