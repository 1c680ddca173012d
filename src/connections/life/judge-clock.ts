import type { ConnectionId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { SKEW_MAX_MS } from '#xero/index';
import type { ConnectionsDeps } from '../deps.ts';
import { beginTrouble, endTrouble } from './record-trouble.ts';

/** Whether our clock and Xero's differ by more than calls and roundings explain. */
export function isClockOff({ xero }: Pick<ConnectionsDeps, 'xero'>): boolean {
  return Math.abs(xero.watch.skew() ?? 0) > SKEW_MAX_MS;
}

/** Begins or ends the trouble that clocks differ, by the last answer that this process got. */
export async function judgeClock(
  deps: ConnectionsDeps,
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
): Promise<void> {
  if (deps.xero.watch.skew() === null) return;
  if (isClockOff(deps)) return beginTrouble(deps, tx, scope, connectionId, 'xero.clock-skew');
  return endTrouble(deps, tx, scope, connectionId, ['xero.clock-skew']);
}
