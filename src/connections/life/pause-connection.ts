import type { ConnectionState } from '#contract/connections';
import type { ConnectionId, XeroOrgId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import { plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { getConnection } from '../connection-store.ts';
import type { ConnectionsDeps } from '../deps.ts';
import { getLife, moveBetween, noteLife } from './life-store.ts';
import { CHECK_EVERY_MS } from './trouble.ts';

/**
 * Lets nothing flow until it is resumed: no push, no pull, no sweep. What is wanted stays wanted.
 * Repeating it is harmless.
 *
 * @throws AppError `request.not-found`; `connection.wrong-state` for one that is not active
 */
export function pauseConnection(
  deps: ConnectionsDeps,
  scope: Scope,
  connectionId: ConnectionId,
): Promise<void> {
  const now = deps.clock.now();
  return move(deps, scope, connectionId, 'active', 'paused', {
    paused_at: now,
    paused_by: scope.actor.name,
    catching_up_since: null,
    in_step_at: null,
  });
}

/**
 * Goes on after a pause: what waited is sent, and what changed in Xero meanwhile is read.
 * @throws like `pauseConnection`, for one that is not paused
 */
export function resumeConnection(
  deps: ConnectionsDeps,
  scope: Scope,
  connectionId: ConnectionId,
): Promise<void> {
  const now = deps.clock.now();
  return move(deps, scope, connectionId, 'paused', 'active', {
    paused_at: null,
    paused_by: null,
    catching_up_since: now,
    in_step_at: null,
    next_check_at: plus(now, CHECK_EVERY_MS),
  });
}

/**
 * A connection that lost its consent while it was paused is paused still when it has it again: only
 * Resume ends a pause, for whoever paused had a reason that Xero does not know.
 */
export async function stayPaused(
  deps: Pick<ConnectionsDeps, 'events'>,
  tx: Tx,
  scope: Scope,
  { connectionId, xeroOrgId }: { connectionId: ConnectionId; xeroOrgId: XeroOrgId },
): Promise<void> {
  const life = await getLife(tx, scope, connectionId);
  if (!life?.paused_at) return;
  await moveBetween(tx, scope, connectionId, 'active', 'paused');
  await noteLife(tx, scope, connectionId, { catching_up_since: null });
  await deps.events.append(tx, scope, { kind: 'connection.paused', connectionId, xeroOrgId });
}

async function move(
  deps: ConnectionsDeps,
  scope: Scope,
  connectionId: ConnectionId,
  from: ConnectionState,
  to: 'active' | 'paused',
  facts: Parameters<typeof noteLife>[3],
): Promise<void> {
  await deps.database.asProvider(scope.providerId, async (tx) => {
    const connection = await getConnection(tx, scope, connectionId, { lock: true });
    if (!connection?.organisation) throw new AppError('request.not-found');
    if (connection.state === to) return;
    if (!(await moveBetween(tx, scope, connectionId, from, to))) {
      throw new AppError('connection.wrong-state');
    }
    await noteLife(tx, scope, connectionId, facts);
    const kind = to === 'paused' ? 'connection.paused' : 'connection.resumed';
    const { xeroOrgId } = connection.organisation;
    await deps.events.append(tx, scope, { kind, connectionId, xeroOrgId });
    await announce(tx, scope.providerId, 'connections', [connectionId]);
  });
}
