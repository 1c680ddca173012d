import { z } from 'zod';
import type { ConnectionId, ProviderId } from '#contract/ids';
import { DAY_MS, MINUTE_MS, plus } from '#platform/clock';
import { defineJob, enqueueEach } from '#platform/jobs/job';
import { type Handler, handlerOf } from '#platform/jobs/worker';
import { ownScope } from '#platform/scope';
import { XeroConsentError, XeroDownError } from '#xero/index';
import type { ConnectionsDeps } from './deps.ts';
import { loseConsent } from './lose-consent.ts';

/**
 * Xero lets a grant die that was not renewed for 60 days, and nobody renews one whose connections
 * are paused or idle. So each is renewed once a day by itself; what was found dead is told at once
 * and not when someone needs it.
 */
const touchGrant = defineJob('touch-grant', z.object({ grantId: z.uuid() }), 1);

const LOOKED_EVERY_MS = 10 * MINUTE_MS;
const TIDIED_EVERY_MS = DAY_MS;

/** Removes copies of grants that serve nothing any more, at start and then daily. */
export function createCopyWatch({ clock, xero }: ConnectionsDeps): () => Promise<void> {
  let nextTidy = clock.now();
  return async () => {
    if (clock.now() < nextTidy) return;
    nextTidy = plus(clock.now(), TIDIED_EVERY_MS);
    await xero.vault.tidyCopies();
  };
}

/** Has idle grants renewed; called every few seconds, it looks every ten minutes. */
export function createIdleWatch(deps: ConnectionsDeps): () => Promise<void> {
  const { clock, database, xero } = deps;
  let nextLook = clock.now();
  return async () => {
    const now = clock.now();
    if (now < nextLook) return;
    nextLook = plus(now, LOOKED_EVERY_MS);
    const idle = await xero.vault.idleGrants();
    if (idle.length === 0) return;
    const wishes = idle.map((grantId) => ({ payload: { grantId }, key: grantId }));
    await database.asSystem((tx) => enqueueEach(tx, touchGrant, wishes));
  };
}

/**
 * Renews one idle grant. Where Xero says that it is dead, every connection on it is told to have
 * lost its consent, whichever provider's.
 */
export function touchHandler(deps: ConnectionsDeps): Handler {
  return handlerOf(touchGrant, async ({ grantId }) => {
    try {
      await deps.xero.vault.freshToken(grantId);
    } catch (error) {
      if (error instanceof XeroConsentError) return tellAll(deps, grantId, error);
      // The next look tries again: there are weeks left.
      if (!(error instanceof XeroDownError)) throw error;
      deps.logger.warn({ err: error, grantId }, 'an idle grant could not be renewed yet');
    }
  });
}

/** Every connection that lived on this grant needs someone to connect it again. */
async function tellAll(
  deps: ConnectionsDeps,
  grantId: string,
  { reason }: XeroConsentError,
): Promise<void> {
  const using = await deps.database.asSystem((tx) =>
    tx
      .selectFrom('connections')
      .select(['id', 'provider_id'])
      .where('grant_id', '=', grantId)
      .where('state', 'in', ['active', 'paused'])
      .execute(),
  );
  for (const row of using) {
    const providerId = row.provider_id as ProviderId;
    await deps.database.asProvider(providerId, (tx) =>
      loseConsent(deps, tx, ownScope(providerId), row.id as ConnectionId, reason),
    );
  }
}
