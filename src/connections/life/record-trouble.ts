import type { ErrorCode } from '#contract/errors';
import type { ConnectionId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { getConnection } from '../connection-store.ts';
import type { ConnectionsDeps } from '../deps.ts';
import { setTrouble } from './life-store.ts';
import { lookLater } from './look-jobs.ts';
import { isGraver } from './trouble.ts';

type Deps = Pick<ConnectionsDeps, 'clock' | 'events'>;

/** Notes that something is wrong, unless something as grave is known already. */
export async function beginTrouble(
  deps: Deps,
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
  code: ErrorCode,
): Promise<void> {
  const connection = await getConnection(tx, scope, connectionId, { lock: true });
  if (!connection || !isGraver(code, connection.trouble)) return;
  await changeTrouble(deps, tx, scope, connectionId, code);
}

/**
 * Says what is wrong in other words than before: somebody has looked closer. What a demo company
 * held is gone whatever goes wrong after that, and whoever connects it anew has to know it.
 */
export async function refineTrouble(
  deps: Deps,
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
  code: ErrorCode,
): Promise<void> {
  const connection = await getConnection(tx, scope, connectionId, { lock: true });
  if (!connection?.trouble || connection.trouble.code === code) return;
  if (connection.trouble.code === 'xero.demo-reset') return;
  const { since } = connection.trouble;
  await changeTrouble(deps, tx, scope, connectionId, code, since);
}

/** Notes that one of the given troubles is over, if it is what was wrong. */
export async function endTrouble(
  deps: Deps,
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
  codes: readonly ErrorCode[],
): Promise<void> {
  const connection = await getConnection(tx, scope, connectionId, { lock: true });
  const code = connection?.trouble?.code;
  // What asks for a new consent ends by the move to active and not by itself.
  if (!code || !codes.includes(code) || connection.state === 'needs-consent') return;
  await setTrouble(tx, scope, connectionId, null);
  await deps.events.append(tx, scope, { kind: 'connection.trouble-over', connectionId, code });
  await announce(tx, scope.providerId, 'connections', [connectionId]);
  await lookLater(tx, scope.providerId, connectionId);
}

async function changeTrouble(
  deps: Deps,
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
  code: ErrorCode,
  since: Date = deps.clock.now(),
): Promise<void> {
  await setTrouble(tx, scope, connectionId, { code, since });
  await deps.events.append(tx, scope, { kind: 'connection.trouble-began', connectionId, code });
  await announce(tx, scope.providerId, 'connections', [connectionId]);
  await lookLater(tx, scope.providerId, connectionId);
}
