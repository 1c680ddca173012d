import type { PersonId } from '#contract/ids';
import type { Role } from '#contract/permissions';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { listMembers } from './member-store.ts';

/** As many as one mail may go to. */
const ADDRESSES_MAX = 50;

/** The e-mail addresses of everybody here with a role, and of one person more if they still belong. */
export async function addressesOf(
  tx: Tx,
  scope: Scope,
  who: { role: Role; personId: PersonId | null },
): Promise<string[]> {
  const members = await listMembers(tx, scope);
  return members
    .filter(({ role, personId }) => role === who.role || personId === who.personId)
    .slice(0, ADDRESSES_MAX)
    .map(({ email }) => email);
}
