import type { ConnectionId } from '#contract/ids';
import { plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { getConnection } from '../connection-store.ts';
import type { ConnectionsDeps } from '../deps.ts';
import { getLife, noteLife } from './life-store.ts';
import { nextLookIn, spread } from './trouble.ts';

/** Sets when to look at a connection again; `waitMs` null: as its state and trouble ask for. */
export async function planNextLook(
  { clock }: Pick<ConnectionsDeps, 'clock'>,
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
  waitMs: number | null,
): Promise<void> {
  const connection = await getConnection(tx, scope, connectionId);
  const life = await getLife(tx, scope, connectionId);
  if (!connection || !life) return;
  const { state, trouble } = connection;
  const now = clock.now();
  const wait = waitMs ?? nextLookIn({ state, trouble, failingSince: life.failing_since }, now);
  const nextCheckAt = plus(now, spread(wait, connectionId));
  await noteLife(tx, scope, connectionId, { next_check_at: nextCheckAt });
}
