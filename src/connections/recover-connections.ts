import { z } from 'zod';
import type { Tx } from '#platform/database';
import { defineJob, enqueue } from '#platform/jobs/job';
import { type Handler, handlerOf } from '#platform/jobs/worker';
import { ownScope } from '#platform/scope';
import { XeroConsentError, XeroRefusedError } from '#xero/index';
import { waitingForConsent } from './across-providers.ts';
import type { ActiveConnection } from './active-connection.ts';
import { comeAlive } from './come-alive.ts';
import { moveBackToActive } from './connection-store.ts';
import type { ConnectionsDeps } from './deps.ts';

/**
 * A consent renews the one token set that all organisations of a Xero person share. So when one
 * of them is connected again, others that lost their consent with it may be reached again too,
 * also those of another provider: each is tried once.
 */
const recoverConnections = defineJob('recover-connections', z.object({ grantId: z.uuid() }));

/** Has the other connections of a grant tried, once the caller's transaction commits. */
export function recoverLater(tx: Tx, grantId: string): Promise<void> {
  return enqueue(tx, recoverConnections, { grantId }, grantId);
}

/**
 * Tries them one after the other. Those to which Xero still refuses access stay as they are; where
 * it does not answer, the job comes again and tries what is left.
 */
export function recoverHandler(deps: ConnectionsDeps): Handler {
  return handlerOf(recoverConnections, async ({ grantId }) => {
    const waiting = await waitingForConsent(deps.database, grantId);
    for (const connection of waiting) await recover(deps, connection);
  });
}

async function recover(deps: ConnectionsDeps, connection: ActiveConnection): Promise<void> {
  const name = await nameIfReached(deps, connection);
  if (name === null) return;
  const { providerId, connectionId, xeroOrgId } = connection;
  const scope = ownScope(providerId);
  await deps.database.asProvider(providerId, async (tx) => {
    if (!(await moveBackToActive(tx, scope, connectionId, name))) return;
    await comeAlive(deps, tx, scope, { connectionId, xeroOrgId, organisationName: name });
  });
}

/** The organisation's name when it can be reached; null when Xero still does not let us in. */
async function nameIfReached(
  deps: ConnectionsDeps,
  connection: ActiveConnection,
): Promise<string | null> {
  try {
    return (await deps.xero.client.forOrg(connection).organisation()).Name;
  } catch (error) {
    if (error instanceof XeroConsentError || error instanceof XeroRefusedError) return null;
    throw error;
  }
}
