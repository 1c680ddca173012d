import { z } from 'zod';
import { MINUTE_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { defineJob, enqueue } from '#platform/jobs/job';
import { type Handler, handlerOf } from '#platform/jobs/worker';
import { XeroConsentError } from '#xero/index';
import {
  eraseGrantIfUnused,
  noteAllowed,
  noteRemoved,
  unusedXeroConnections,
} from './across-providers.ts';
import type { ConnectionsDeps } from './deps.ts';

/** How long a consent may take to be dealt with; one that takes longer has died. */
export const UNDER_WAY_MS = 5 * MINUTE_MS;

/**
 * Removes at Xero what a grant's consents allowed and nobody here uses, then forgets the grant if
 * nothing needs it. Looks at how things stand, so it may run twice, late, or once for many wishes.
 */
const tidyXero = defineJob(
  'tidy-xero-connections',
  z.object({
    grantId: z.uuid(),
    /** A consent whose connections could not be listed yet: they are listed first. */
    authEventId: z.string().nullable(),
  }),
);

/** Has the leftovers of a grant removed once this transaction has committed. */
export function tidyLater(
  tx: Tx,
  grantId: string,
  authEventId: string | null = null,
): Promise<void> {
  return enqueue(tx, tidyXero, { grantId, authEventId });
}

/** Repeated by the queue for some hours where Xero or a consent is in the way; then daily, see `let-grants-go`. */
export function tidyHandler(deps: ConnectionsDeps): Handler {
  return handlerOf(tidyXero, async ({ grantId, authEventId }) => {
    try {
      if (authEventId !== null) await listAllowed(deps, grantId, authEventId);
      await removeUnused(deps, grantId);
    } catch (error) {
      // A dead grant can remove nothing any more: what it reached can be removed in Xero alone.
      if (!(error instanceof XeroConsentError)) throw error;
      deps.logger.warn({ err: error, grantId }, 'connections at Xero could not be removed');
    }
    const { database, clock, xero } = deps;
    await eraseGrantIfUnused(database, grantId, plus(clock.now(), -UNDER_WAY_MS), xero.vault.erase);
  });
}

async function listAllowed(
  deps: ConnectionsDeps,
  grantId: string,
  authEventId: string,
): Promise<void> {
  const listed = await deps.xero.connections.list(grantId, authEventId);
  const ids = listed.map(({ id }) => id);
  await noteAllowed(deps.database, grantId, ids, deps.clock.now());
}

/**
 * Removes at Xero what a grant's consents allowed and nobody here uses. One that Xero refuses to
 * remove keeps none of the others there. @throws XeroError
 */
export async function removeUnused(deps: ConnectionsDeps, grantId: string): Promise<void> {
  const unused = await unusedXeroConnections(deps.database, grantId);
  let refusal: XeroConsentError | null = null;
  for (const id of unused) {
    try {
      await deps.xero.connections.remove(grantId, id);
      await noteRemoved(deps.database, id);
    } catch (error) {
      const mayOthers = error instanceof XeroConsentError && error.reason !== 'grant-dead';
      if (!mayOthers) throw error;
      refusal ??= error;
    }
  }
  if (refusal) throw refusal;
}
