import type { LearnerId } from '#contract/ids';
import { displayName } from '#contract/learners';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

/**
 * The names of these learners; who is not among them is not there. Billing and learners are rooms
 * of one rank, so a paper knows its learner by id alone and the name is asked of the database.
 */
export async function learnerNames(
  tx: Tx,
  scope: Scope,
  ids: readonly LearnerId[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('learners')
    .select(['id', 'first_name', 'last_name', 'preferred_name'])
    .where('provider_id', '=', scope.providerId)
    .where('id', 'in', [...new Set(ids)])
    .execute();
  const nameOf = (row: (typeof rows)[number]) =>
    displayName({
      firstName: row.first_name,
      lastName: row.last_name,
      preferredName: row.preferred_name,
    });
  return new Map(rows.map((row) => [row.id, nameOf(row)]));
}
