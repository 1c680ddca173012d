import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { deleteChoices } from './choice-store.ts';
import type { Connection } from './connection.ts';
import { moveToDisconnected } from './connection-store.ts';
import type { ConnectionsDeps } from './deps.ts';
import { tidyLater } from './tidy-xero.ts';

/** Ends a connection in which no organisation was chosen, and has what it held at Xero removed. */
export async function abandonChoice(
  deps: Pick<ConnectionsDeps, 'events'>,
  tx: Tx,
  scope: Scope,
  connection: Connection,
  now: Date,
): Promise<void> {
  await deleteChoices(tx, scope, connection.id);
  await moveToDisconnected(tx, scope, connection.id, now);
  await deps.events.append(tx, scope, {
    kind: 'connection.disconnected',
    connectionId: connection.id,
    xeroOrgId: null,
  });
  await announce(tx, scope.providerId, 'connections', [connection.id]);
  if (connection.grantId !== null) await tidyLater(tx, connection.grantId);
}
