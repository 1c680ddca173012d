import type { ConnectionId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { type ConsentLossReason, consentLossWords } from '#xero/index';
import { getConnection, moveToNeedsConsent } from './connection-store.ts';
import type { ConnectionsDeps } from './deps.ts';

/**
 * Notes that Xero no longer lets a connection in; whoever may act sees it at once. Nothing is
 * lost: what waits goes on waiting until someone connects again. Said twice it counts once.
 */
export async function loseConsent(
  deps: Pick<ConnectionsDeps, 'clock' | 'events'>,
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
  reason: ConsentLossReason,
): Promise<void> {
  const now = deps.clock.now();
  if (!(await moveToNeedsConsent(tx, scope, connectionId, 'xero.consent-lost', now))) return;
  const connection = await getConnection(tx, scope, connectionId);
  if (!connection?.organisation) return;
  await deps.events.append(tx, scope, {
    kind: 'connection.consent-lost',
    connectionId,
    xeroOrgId: connection.organisation.xeroOrgId,
    reason: consentLossWords[reason],
  });
  await announce(tx, scope.providerId, 'connections', [connectionId]);
}
