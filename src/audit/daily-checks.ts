import { z } from 'zod';
import type { ProviderId } from '#contract/ids';
import { DAY_MS, MINUTE_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { defineJob, enqueue } from '#platform/jobs/job';
import { type Handler, handlerOf } from '#platform/jobs/worker';
import { ownScope } from '#platform/scope';
import { uncheckedSince } from './audit-store.ts';
import { type CheckDeps, checkChain } from './check-chains.ts';

/** Chains that one job goes through, one after the other; another one follows if there are more. */
const CHECKED_IN_A_ROW = 20;
const LOOKED_EVERY_MS = 10 * MINUTE_MS;

const checkLogs = defineJob('check-audit-logs', z.object({}));

/** Has every chain checked once a day, as a job of its own: a long one holds nothing else up. */
export function createDailyChecks(deps: CheckDeps): {
  handler: Handler;
  /** Puts the job on the queue when a chain is due. */
  tick(): Promise<void>;
} {
  const { database, clock, logger } = deps;
  let nextLook = clock.now();
  const due = (tx: Tx, limit: number) => uncheckedSince(tx, plus(clock.now(), -DAY_MS), limit);

  async function wake(): Promise<void> {
    await database.asSystem(async (tx) => {
      if ((await due(tx, 1)).length > 0) await enqueue(tx, checkLogs, {}, 'due');
    });
  }

  async function checkDue(): Promise<void> {
    const ids = await database.asSystem((tx) => due(tx, CHECKED_IN_A_ROW));
    let checked = 0;
    for (const id of ids) {
      try {
        if (await checkChain(deps, ownScope(id as ProviderId))) checked += 1;
      } catch (error) {
        logger.error({ err: error, providerId: id }, 'an audit log could not be checked');
      }
    }
    // Where none could be, trying again at once would go in circles: the next look does.
    if (checked > 0) await wake();
  }

  return {
    handler: handlerOf(checkLogs, checkDue),
    async tick() {
      const now = clock.now();
      if (now < nextLook) return;
      nextLook = plus(now, LOOKED_EVERY_MS);
      await wake();
    },
  };
}
