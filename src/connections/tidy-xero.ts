import { z } from 'zod';
import type { Tx } from '#platform/database';
import { defineJob, enqueue } from '#platform/jobs/job';
import { type Handler, handlerOf } from '#platform/jobs/worker';
import { XeroConsentError } from '#xero/index';
import type { ConnectionsDeps } from './deps.ts';
import { releaseGrant, unusedXeroConnections } from './system-store.ts';

/**
 * Removes at Xero what a consent allowed and nobody here uses, since it counts and is billed; then
 * forgets the grant if nothing needs it. Safe to run twice, and to run late.
 */
const tidyXero = defineJob(
  'tidy-xero-connections',
  z.object({
    grantId: z.uuid(),
    /** All connections of this consent. */
    authEventId: z.string().nullable(),
    /** Or these. */
    xeroConnectionIds: z.array(z.guid()).max(100),
  }),
);

/** Has the leftovers of a consent, or certain connections at Xero, removed after this transaction. */
export function tidyLater(
  tx: Tx,
  what: { grantId: string; authEventId?: string | null; xeroConnectionIds?: string[] },
): Promise<void> {
  return enqueue(tx, tidyXero, {
    grantId: what.grantId,
    authEventId: what.authEventId ?? null,
    xeroConnectionIds: what.xeroConnectionIds ?? [],
  });
}

export function tidyHandler(deps: ConnectionsDeps): Handler {
  return handlerOf(tidyXero, async ({ grantId, authEventId, xeroConnectionIds }) => {
    try {
      await removeUnused(deps, grantId, authEventId, xeroConnectionIds);
    } catch (error) {
      // A dead grant can remove nothing any more; what it reached has ended with it or can be
      // removed in Xero alone.
      if (!(error instanceof XeroConsentError)) throw error;
      deps.logger.warn({ err: error, grantId }, 'connections at Xero could not be removed');
    }
    await eraseIfUnused(deps, grantId);
  });
}

async function removeUnused(
  deps: ConnectionsDeps,
  grantId: string,
  authEventId: string | null,
  xeroConnectionIds: readonly string[],
): Promise<void> {
  const { connections } = deps.xero;
  const ofConsent = authEventId === null ? [] : await connections.list(grantId, authEventId);
  const ids = [...new Set([...xeroConnectionIds, ...ofConsent.map(({ id }) => id)])];
  const unused = await deps.database.asSystem((tx) => unusedXeroConnections(tx, ids));
  for (const id of unused) await connections.remove(grantId, id);
}

/** Forgets a grant's tokens when no connection needs them. */
export async function eraseIfUnused(deps: ConnectionsDeps, grantId: string): Promise<void> {
  await deps.database.asSystem(async (tx) => {
    if (await releaseGrant(tx, grantId)) await deps.xero.vault.erase(tx, grantId);
  });
}
