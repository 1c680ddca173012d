import { sql } from 'kysely';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { learnerNumberOf, numberKey } from './learner.ts';
import { findByNumbers } from './learner-store.ts';

/** Numbers looked at in one go, at most, where many in a row are in use. */
const NUMBERS_PER_LOOK = 1_000;

/**
 * Takes the next `count` automatic learner numbers. The counter's row stays locked until the
 * transaction ends, so a number is never given twice and one that is rolled back is given again.
 * Numbers that someone chose by hand are stepped over, and those whose keys are `promised` to
 * others who are not written yet.
 */
export async function takeLearnerNumbers(
  tx: Tx,
  scope: Scope,
  count: number,
  promised: ReadonlySet<string>,
): Promise<string[]> {
  if (count === 0) return [];
  let last = await lockCounter(tx, scope);
  const taken: string[] = [];
  for (let look = count; taken.length < count; look = Math.min(look * 2, NUMBERS_PER_LOOK)) {
    const from = last;
    const made = Array.from({ length: look }, (_, index) => learnerNumberOf(from + 1 + index));
    const inUse = await findByNumbers(tx, scope, made);
    const used = new Set(inUse.map((learner) => numberKey(learner.learnerNumber)));
    for (const number of made) {
      if (taken.length === count) break;
      last += 1;
      const key = numberKey(number);
      if (!used.has(key) && !promised.has(key)) taken.push(number);
    }
  }
  await tx
    .updateTable('learner_counters')
    .set({ last_number: last })
    .where('provider_id', '=', scope.providerId)
    .execute();
  return taken;
}

/** The number that was made last, until the transaction ends nobody else's to take the next. */
async function lockCounter(tx: Tx, scope: Scope): Promise<number> {
  const { last_number: last } = await tx
    .insertInto('learner_counters')
    .values({ provider_id: scope.providerId, last_number: 0 })
    .onConflict((conflict) =>
      conflict.column('provider_id').doUpdateSet({
        last_number: sql<number>`learner_counters.last_number`,
      }),
    )
    .returning('last_number')
    .executeTakeFirstOrThrow();
  return last;
}
