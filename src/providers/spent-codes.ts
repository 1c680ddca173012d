import { createHash } from 'node:crypto';
import { type Clock, MINUTE_MS, plus } from '#platform/clock';
import type { Database } from '#platform/database';

/** An app's code is good for at most a minute and a half; kept a little longer than that. */
const KEPT_MS = 10 * MINUTE_MS;
const PRUNED_AT_ONCE = 100;

/**
 * Notes that a person's code has been used; answers false when it was used before. Someone who
 * looks over a shoulder must not be able to use the same six figures again (RFC 6238, 5.2).
 */
export type SpendCode = (personId: string, code: string) => Promise<boolean>;

/**
 * Notes each code in a transaction of its own, so that it stays spent when the sign-in fails, and
 * drops some of those that are too old to be tried again.
 */
export function createSpendCode(database: Database, clock: Clock): SpendCode {
  return (personId, code) =>
    database.asSystem(async (tx) => {
      const now = clock.now();
      await tx
        .deleteFrom('spent_codes')
        .where('code_hash', 'in', (query) =>
          query
            .selectFrom('spent_codes')
            .select('code_hash')
            .where('spent_at', '<=', plus(now, -KEPT_MS))
            .limit(PRUNED_AT_ONCE)
            .forUpdate()
            .skipLocked(),
        )
        .execute();
      const spent = await tx
        .insertInto('spent_codes')
        .values({
          code_hash: createHash('sha256').update(`${personId}:${code}`).digest(),
          spent_at: now,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning('spent_at')
        .executeTakeFirst();
      return spent !== undefined;
    });
}
