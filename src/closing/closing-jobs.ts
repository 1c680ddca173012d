import { z } from 'zod';
import type { ProviderId } from '#contract/ids';
import { defineJob, enqueue } from '#platform/jobs/job';
import { type Handler, handlerOf } from '#platform/jobs/worker';
import { dueClosings } from './across-providers.ts';
import type { ClosingDeps } from './closing.ts';
import { disconnectAll } from './end-connections.ts';
import { eraseWhenDue } from './erase-provider.ts';

const OneProvider = z.object({ providerId: z.uuid() });

/** Ends the connections of a provider that was closed. */
export const endConnections = defineJob('end-connections-of-provider', OneProvider);
const eraseProvider = defineJob('erase-provider', OneProvider);

/**
 * Carry out ending connections and erasing. Each looks first whether that is still called for, so a
 * job that comes late or twice does no harm.
 */
export function closingHandlers(deps: ClosingDeps): Handler[] {
  return [
    handlerOf(endConnections, async ({ providerId }) => {
      await disconnectAll(deps, providerId as ProviderId);
    }),
    handlerOf(eraseProvider, ({ providerId }) => eraseWhenDue(deps, providerId as ProviderId)),
  ];
}

/** Calls whatever is due by the clock; a call that was lost is made again here. */
export async function wakeDueClosings(deps: ClosingDeps): Promise<void> {
  const { toDisconnect, toErase } = await dueClosings(deps.database, deps.clock.now());
  for (const providerId of toDisconnect) await call(deps, endConnections, providerId);
  for (const providerId of toErase) await call(deps, eraseProvider, providerId);
}

function call(
  deps: ClosingDeps,
  job: typeof endConnections,
  providerId: ProviderId,
): Promise<void> {
  return deps.database.asProvider(providerId, (tx) => enqueue(tx, job, { providerId }, providerId));
}
