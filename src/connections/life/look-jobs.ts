import { z } from 'zod';
import { ConnectionId, ProviderId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { defineJob, enqueue } from '#platform/jobs/job';

/** "Look after this connection": check it if that is due, tell people what they do not know yet. */
export const lookAfterConnection = defineJob(
  'look-after-connection',
  z.object({ providerId: ProviderId, connectionId: ConnectionId }),
);

/**
 * Has a connection looked after once the caller's transaction commits. Asked again while that
 * waits, it counts once.
 */
export function lookLater(
  tx: Tx,
  providerId: ProviderId,
  connectionId: ConnectionId,
): Promise<void> {
  return enqueue(tx, lookAfterConnection, { providerId, connectionId }, connectionId);
}
