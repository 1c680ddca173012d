import { z } from 'zod';
import { DAY_MS, HOUR_MS, plus } from '#platform/clock';
import { defineJob, enqueueEach } from '#platform/jobs/job';
import { type Handler, handlerOf } from '#platform/jobs/worker';
import { XeroConsentError, XeroError } from '#xero/index';
import { eraseGrantIfUnused, unusedGrants } from './across-providers.ts';
import type { ConnectionsDeps } from './deps.ts';
import { removeUnused, UNDER_WAY_MS } from './tidy-xero.ts';

/**
 * A permission that nothing uses still reaches the books, and holds the name of who gave it. It goes
 * with its last connection; where that was cut short it is found here, a day later at most.
 */
const letGrantGo = defineJob('let-grant-go', z.object({ grantId: z.uuid() }), 1);

const LOOKED_EVERY_MS = DAY_MS;
/** Longer than any consent takes from Xero's answer to its connection. */
const GIVEN_MS = HOUR_MS;
/** So long Xero may fail at it; then what stands at Xero can be removed there alone. */
const LONGEST_MS = 7 * DAY_MS;
/** Grants that one look lets go. */
const AT_ONCE = 200;

/** Has grants that nothing uses let go, at start and then daily. */
export function createUnusedWatch({ clock, database }: ConnectionsDeps): () => Promise<void> {
  let nextLook = clock.now();
  return async () => {
    const now = clock.now();
    if (now < nextLook) return;
    nextLook = plus(now, LOOKED_EVERY_MS);
    const unused = await unusedGrants(database, { before: plus(now, -GIVEN_MS), limit: AT_ONCE });
    if (unused.length === 0) return;
    const wishes = unused.map(({ id }) => ({ payload: { grantId: id }, key: id }));
    await database.asSystem((tx) => enqueueEach(tx, letGrantGo, wishes));
  };
}

/** Looks once more whether nothing uses the grant: it may run late. */
export function letGoHandler(deps: ConnectionsDeps): Handler {
  const { database, clock, xero, logger } = deps;
  return handlerOf(letGrantGo, async ({ grantId }) => {
    const before = plus(clock.now(), -GIVEN_MS);
    const [unused] = await unusedGrants(database, { before, limit: 1, id: grantId });
    if (!unused) return;
    try {
      await removeUnused(deps, grantId);
    } catch (error) {
      if (!(error instanceof XeroError)) throw error;
      logger.warn({ err: error, grantId }, 'a permission that nothing uses can’t be ended at Xero');
      const isLast = plus(unused.since, LONGEST_MS) <= clock.now();
      // A dead one can remove nothing any more: there is nothing to wait for.
      if (!isLast && !(error instanceof XeroConsentError)) return;
    }
    await eraseGrantIfUnused(database, grantId, plus(clock.now(), -UNDER_WAY_MS), xero.vault.erase);
  });
}
