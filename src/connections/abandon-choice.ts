import type { ConnectionId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { deleteChoices } from './choice-store.ts';
import { getConnection, moveToDisconnected } from './connection-store.ts';
import type { ConnectionsDeps } from './deps.ts';
import { tidyLater } from './tidy-xero.ts';

/**
 * Ends a connection in which no organisation was chosen, and has what it held at Xero removed.
 * False, and nothing done, when one was chosen meanwhile.
 */
export async function abandonChoice(
  deps: Pick<ConnectionsDeps, 'clock' | 'events'>,
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
): Promise<boolean> {
  const connection = await getConnection(tx, scope, connectionId, { lock: true });
  if (connection?.state !== 'choosing') return false;
  await deleteChoices(tx, scope, connectionId);
  await moveToDisconnected(tx, scope, connectionId, deps.clock.now());
  await deps.events.append(tx, scope, {
    kind: 'connection.disconnected',
    connectionId,
    xeroOrgId: null,
  });
  await announce(tx, scope.providerId, 'connections', [connectionId]);
  if (connection.grantId !== null) await tidyLater(tx, connection.grantId);
  return true;
}
