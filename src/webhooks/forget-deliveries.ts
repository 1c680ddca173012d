import { sql } from 'kysely';
import { z } from 'zod';
import { type Clock, DAY_MS, plus } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { defineJob } from '#platform/jobs/job';
import { type Handler, handlerOf } from '#platform/jobs/worker';

/** Also for what could not be sent in all that time, as where webhooks are no longer licensed. */
const KEPT_MS = 30 * DAY_MS;
const FORGOTTEN_AT_ONCE = 1_000;
/** So many that no Bursar sends more between two times, and no job goes on for ever. */
const BATCHES_MAX = 500;

export const forgetDeliveries = defineJob('forget-webhook-deliveries', z.object({}));

/** Lets old messages of all providers go, as a job: a busy Bursar sends very many. */
export function forgetDeliveriesHandler(deps: { database: Database; clock: Clock }): Handler {
  return handlerOf(forgetDeliveries, async () => {
    const before = plus(deps.clock.now(), -KEPT_MS);
    for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
      const gone = await deps.database.asSystem((tx) => forgetSome(tx, before));
      if (gone < FORGOTTEN_AT_ONCE) return;
    }
  });
}

/** Answers how many went. */
async function forgetSome(tx: Tx, before: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from webhook_deliveries where id in (
      select id from webhook_deliveries
      where finished_at < ${before} or (state = 'waiting' and created_at < ${before})
      limit ${FORGOTTEN_AT_ONCE})`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}
