import type { ProviderId } from '#contract/ids';
import type { Database } from '#platform/database';
import { dropJobs, eraseLog, eraseRows } from './closing-store.ts';

/** What is asked and done for all providers, or for one behind whose wall nothing may stay. */
type Everyone = Pick<Database, 'asSystem'>;

const PER_TICK = 20;
/** Rows deleted in one transaction, so that none takes long. */
const ROWS_PER_STEP = 5_000;

/** Providers whose connections are still to be ended, and those that are due to be erased. */
export function dueClosings(
  everyone: Everyone,
  now: Date,
): Promise<{ toDisconnect: ProviderId[]; toErase: ProviderId[] }> {
  return everyone.asSystem(async (tx) => {
    const closed = tx
      .selectFrom('provider_closings')
      .select('provider_id')
      .where('closed_at', 'is not', null)
      .limit(PER_TICK);
    const toDisconnect = await closed.where('disconnect_at', '<=', now).execute();
    const toErase = await closed.where('erase_at', '<=', now).execute();
    return {
      toDisconnect: toDisconnect.map((row) => row.provider_id as ProviderId),
      toErase: toErase.map((row) => row.provider_id as ProviderId),
    };
  });
}

/** Takes a provider's jobs off the queue, but for those that a worker has begun. */
export async function dropJobsOf(everyone: Everyone, providerId: ProviderId): Promise<void> {
  await everyone.asSystem((tx) => dropJobs(tx, providerId));
}

/**
 * Deletes every row of a provider, step by step, and leaves word that there was one. Stopped in
 * the middle it is simply begun again. Answers how many rows went.
 */
export async function eraseAllRows(
  everyone: Everyone,
  providerId: ProviderId,
  at: Date,
): Promise<number> {
  let rows = await everyone.asSystem((tx) => eraseLog(tx, providerId, at));
  await noteErased(everyone, providerId, at, rows);
  for (;;) {
    const erased = await everyone.asSystem((tx) => eraseRows(tx, providerId, ROWS_PER_STEP));
    rows += erased;
    if (erased === 0) break;
    await noteErased(everyone, providerId, at, erased);
  }
  return rows;
}

async function noteErased(
  everyone: Everyone,
  providerId: ProviderId,
  at: Date,
  rows: number,
): Promise<void> {
  await everyone.asSystem((tx) =>
    tx
      .insertInto('erased_providers')
      .values({ provider_id: providerId, erased_at: at, rows_erased: BigInt(rows) })
      .onConflict((conflict) =>
        conflict.column('provider_id').doUpdateSet(({ eb, ref }) => ({
          erased_at: at,
          rows_erased: eb(ref('erased_providers.rows_erased'), '+', BigInt(rows)),
        })),
      )
      .execute(),
  );
}
