import { sql } from 'kysely';
import { z } from 'zod';
import { type Clock, DAY_MS, plus } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { defineJob, enqueue } from '#platform/jobs/job';
import { type Handler, handlerOf } from '#platform/jobs/worker';

/** Runs of a provider that are over and kept, with what became of each learner and paper. */
const RUNS_KEPT = 50;
/** Each may be about 100,000 learners. */
const RUNS_AT_ONCE = 5;
/** Comparisons of both ledgers come nightly. */
const CHECKS_KEPT_MS = 400 * DAY_MS;
const CHECKS_AT_ONCE = 1_000;
const FORGOTTEN_EVERY_MS = DAY_MS;

const forgetOld = defineJob('forget-old-of-sync', z.object({}));

/**
 * Lets old runs and comparisons go, of all providers, at start and then daily: as a job, since many
 * rows may go with each.
 */
export function createForgetting(deps: { database: Database; clock: Clock }): {
  handler: Handler;
  /** Puts the job on the queue when it is due. */
  tick(): Promise<void>;
} {
  const { database, clock } = deps;
  let nextForgetting = clock.now();
  return {
    handler: handlerOf(forgetOld, async () => {
      while ((await database.asSystem(forgetRuns)) === RUNS_AT_ONCE);
      const before = plus(clock.now(), -CHECKS_KEPT_MS);
      while ((await database.asSystem((tx) => forgetChecks(tx, before))) === CHECKS_AT_ONCE);
    }),
    async tick() {
      if (clock.now() < nextForgetting) return;
      nextForgetting = plus(clock.now(), FORGOTTEN_EVERY_MS);
      await database.asSystem((tx) => enqueue(tx, forgetOld, {}, 'all'));
    },
  };
}

/** The oldest that are over, with their items. Answers how many. */
async function forgetRuns(tx: Tx): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from sync_runs where id in (
      select id from (
        select id, row_number() over
          (partition by provider_id order by created_at desc, id desc) as place
        from sync_runs where state in ('cancelled', 'finished', 'failed')) as ended
      where place > ${RUNS_KEPT} limit ${RUNS_AT_ONCE})`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/**
 * However old they are, of each organisation the newest stays, and the one by which both sides were
 * last shown to agree. Answers how many went.
 */
async function forgetChecks(tx: Tx, before: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from agreement_checks where id in (
      select id from (
        select id, begun_at, is_agreed,
          row_number() over (partition by provider_id, xero_org_id
            order by begun_at desc) as place,
          row_number() over (partition by provider_id, xero_org_id, is_agreed
            order by begun_at desc) as place_of_its_kind
        from agreement_checks, lateral (select verdict in ('agreed', 'mended') as is_agreed) as said
        where finished_at is not null) as done
      where begun_at < ${before} and place > 1 and (not is_agreed or place_of_its_kind > 1)
      limit ${CHECKS_AT_ONCE})`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}
