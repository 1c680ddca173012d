import type { ConnectionId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { ConnectionsDeps } from './deps.ts';
import { stayPaused } from './life/pause-connection.ts';

/** A connection that has just become active, for the first time or again. */
interface Alive {
  connectionId: ConnectionId;
  xeroOrgId: XeroOrgId;
  organisationName: string;
  /** Who allowed it at Xero; left out where it was not allowed anew. */
  xeroPerson?: string | null;
}

/**
 * Tells everybody that a connection became active, in the transaction that made it so. One that
 * somebody had paused is paused again before anybody else sees it.
 */
export async function comeAlive(
  deps: Pick<ConnectionsDeps, 'clock' | 'events'>,
  tx: Tx,
  scope: Scope,
  alive: Alive,
): Promise<void> {
  await deps.events.append(tx, scope, { kind: 'connection.activated', ...alive });
  await stayPaused(deps, tx, scope, alive);
  await announce(tx, scope.providerId, 'connections', [alive.connectionId]);
}
