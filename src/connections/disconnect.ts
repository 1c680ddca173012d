import type { ConnectionId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { XeroBusyError, XeroConsentError, XeroDownError } from '#xero/index';
import { abandonChoice } from './abandon-choice.ts';
import { noteRemoved } from './across-providers.ts';
import { type Connection, connectionCan } from './connection.ts';
import { getConnection, moveToDisconnected } from './connection-store.ts';
import type { ConnectionsDeps } from './deps.ts';
import { tidyLater } from './tidy-xero.ts';

/**
 * Disconnects: at Xero first, so that a failure there leaves everything as it was, then here, and
 * forgets the grant when nothing else needs it. Links and papers stay. Repeating it is harmless.
 *
 * @throws AppError `request.not-found`; `connection.still-connected` when Xero does not answer
 */
export async function disconnect(
  deps: ConnectionsDeps,
  scope: Scope,
  connectionId: ConnectionId,
): Promise<void> {
  const { database, clock, events } = deps;
  const connection = await database.asProvider(scope.providerId, (tx) =>
    getConnection(tx, scope, connectionId),
  );
  if (!connection) throw new AppError('request.not-found');
  if (!connectionCan(connection.state).disconnect) return;
  if (connection.state === 'choosing') {
    const isAbandoned = await database.asProvider(scope.providerId, (tx) =>
      abandonChoice(deps, tx, scope, connectionId),
    );
    // Chosen meanwhile; it never returns to choosing, so this goes round once at most.
    return isAbandoned ? undefined : disconnect(deps, scope, connectionId);
  }
  await disconnectAtXero(deps, connection);
  await database.asProvider(scope.providerId, async (tx) => {
    if (!(await moveToDisconnected(tx, scope, connectionId, clock.now()))) return;
    await events.append(tx, scope, {
      kind: 'connection.disconnected',
      connectionId,
      xeroOrgId: connection.organisation?.xeroOrgId ?? null,
    });
    await announce(tx, scope.providerId, 'connections', [connectionId]);
    if (connection.grantId !== null) await tidyLater(tx, connection.grantId);
  });
}

async function disconnectAtXero(deps: ConnectionsDeps, connection: Connection): Promise<void> {
  const { grantId, xeroConnectionId } = connection;
  if (grantId === null || xeroConnectionId === null) return;
  try {
    await deps.xero.connections.remove(grantId, xeroConnectionId);
    await noteRemoved(deps.database, xeroConnectionId);
  } catch (error) {
    if (error instanceof XeroDownError || error instanceof XeroBusyError) {
      throw new AppError('connection.still-connected', error.detail, { cause: error });
    }
    // A grant that Xero no longer honours can't remove anything; here it ends all the same.
    if (!(error instanceof XeroConsentError)) throw error;
    deps.logger.warn({ err: error }, 'disconnected here with a grant that Xero no longer honours');
  }
}
