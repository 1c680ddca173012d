import type { ConnectionId } from '#contract/ids';
import { plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { type ConsentLossReason, consentLossWords } from '#xero/index';
import { getConnection, moveToNeedsConsent } from './connection-store.ts';
import type { ConnectionsDeps } from './deps.ts';
import { noteLife } from './life/life-store.ts';
import { CHECK_EVERY_MS, troubleOfLoss } from './life/trouble.ts';

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
  if (!(await moveToNeedsConsent(tx, scope, connectionId, troubleOfLoss[reason], now))) return;
  // A 403 has several causes: somebody has to look closer at once.
  const wait = reason === 'access-removed' ? 0 : CHECK_EVERY_MS;
  await noteLife(tx, scope, connectionId, {
    next_check_at: plus(now, wait),
    catching_up_since: null,
    in_step_at: null,
  });
  await deps.events.append(tx, scope, {
    kind: 'connection.consent-lost',
    connectionId,
    xeroOrgId: present.organisation.xeroOrgId,
    reason: consentLossWords[reason],
  });
  await announce(tx, scope.providerId, 'connections', [connectionId]);
}
