import type { ProviderId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import { MINUTE_MS, plus } from '#platform/clock';
import { ownScope } from '#platform/scope';
import type { ClosingDeps } from './closing.ts';
import { getClosing, noteDisconnectAt } from './closing-store.ts';

const AGAIN_MS = 10 * MINUTE_MS;

/**
 * Ends every connection of a provider that is closed, at Xero too. Where Xero does not answer it is
 * tried again after ten minutes. Answers how many still stand; reopened meanwhile, none is touched.
 */
export async function disconnectAll(deps: ClosingDeps, providerId: ProviderId): Promise<number> {
  const { database, connections, clock, logger } = deps;
  const scope = ownScope(providerId);
  const ids = await database.asProvider(providerId, async (tx) => {
    const closing = await getClosing(tx, scope);
    return closing?.closed_at ? connections.standing(tx, scope) : null;
  });
  if (ids === null) return 0;
  let left = 0;
  for (const id of ids) {
    try {
      await connections.disconnect(scope, id);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      left += 1;
      logger.warn({ err: error, connectionId: id }, 'a closed provider is still connected');
    }
  }
  const next = left === 0 ? null : plus(clock.now(), AGAIN_MS);
  await database.asProvider(providerId, (tx) => noteDisconnectAt(tx, scope, next));
  return left;
}
