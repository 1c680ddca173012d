import type { ConnectionId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { type ConsentLossReason, consentLossWords } from '#xero/index';
import { getConnection, moveToNeedsConsent } from './connection-store.ts';
import type { ConnectionsDeps } from './deps.ts';

/**
 * Notes that Xero no longer lets a connection in; whoever may act sees it at once. Nothing is
 * lost: what waits goes on waiting until someone connects again. Said twice it counts once, and
 * of a call begun before the connection was made anew it says nothing.
 */
export async function loseConsent(
  deps: Pick<ConnectionsDeps, 'clock' | 'events'>,
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
  reason: ConsentLossReason,
  begunAt: Date | null = null,
): Promise<void> {
  const now = deps.clock.now();
  const present = await getConnection(tx, scope, connectionId, { lock: true });
  if (!present?.organisation) return;
  if (begunAt && present.connectedAt && present.connectedAt > begunAt) return;
  if (!(await moveToNeedsConsent(tx, scope, connectionId, 'xero.consent-lost', now))) return;
  await deps.events.append(tx, scope, {
    kind: 'connection.consent-lost',
    connectionId,
    xeroOrgId: present.organisation.xeroOrgId,
    reason: consentLossWords[reason],
  });
  await announce(tx, scope.providerId, 'connections', [connectionId]);
}
