import type { Database } from '#platform/database';
import type { Resealed } from '#platform/reseal';
import type { GrantCopies } from './grant-copies.ts';
import { readGrant } from './grant-store.ts';

/** Seals the copies that lie on this machine with the present key, while grants are renewed. */
export async function resealCopies(database: Database, copies: GrantCopies): Promise<Resealed> {
  const sum: Resealed = { resealed: 0, unreadable: 0, left: 0 };
  for (const { grantId } of await copies.list()) {
    if (grantId === null) continue;
    const outcome = await database.asSystem(async (tx) => {
      // Held, or a token that is renewed now could be overwritten with the one before.
      await readGrant(tx, grantId, { lock: true });
      return copies.reseal(grantId);
    });
    if (outcome !== null) sum[outcome] += 1;
  }
  return sum;
}
