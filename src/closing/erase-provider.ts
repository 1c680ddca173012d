import { GRACE_DAYS } from '#contract/closing';
import type { ProviderId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import { DAY_MS, HOUR_MS, plus } from '#platform/clock';
import { ownScope } from '#platform/scope';
import { dropJobsOf, eraseAllRows } from './across-providers.ts';
import type { ClosingDeps } from './closing.ts';
import { getClosing, noteEraseAt } from './closing-store.ts';
import { disconnectAll } from './end-connections.ts';

/** From closing on, erasing waits no longer than this for a Xero that does not answer. */
const LONGEST_MS = (GRACE_DAYS + 7) * DAY_MS;

/** Erases a provider whose grace is over; anything else is left alone. */
export async function eraseWhenDue(deps: ClosingDeps, providerId: ProviderId): Promise<void> {
  const { database, clock, logger } = deps;
  const scope = ownScope(providerId);
  const now = clock.now();
  const closing = await database.asProvider(providerId, (tx) => getClosing(tx, scope));
  if (!closing?.closed_at || !closing.erase_at || closing.erase_at > now) return;
  const left = await disconnectAll(deps, providerId);
  if (left > 0 && now < plus(closing.closed_at, LONGEST_MS)) {
    await database.asProvider(providerId, (tx) => noteEraseAt(tx, scope, plus(now, HOUR_MS)));
    return;
  }
  if (left > 0) await deps.connections.endWithoutXero(scope);
  const rows = await erase(deps, providerId);
  logger.info({ providerId, rows, left }, 'a provider was erased');
}

/**
 * Erases a provider that is closed, without waiting for the end of its grace; answers how many
 * rows went.
 * @throws AppError `provider.not-closed` while it is open, `connection.still-connected`
 */
export async function eraseNow(deps: ClosingDeps, providerId: ProviderId): Promise<number> {
  const scope = ownScope(providerId);
  const closing = await deps.database.asProvider(providerId, (tx) => getClosing(tx, scope));
  if (!closing?.closed_at) {
    throw new AppError('provider.not-closed');
  }
  if ((await disconnectAll(deps, providerId)) > 0) throw new AppError('connection.still-connected');
  return erase(deps, providerId);
}

/** People first: who belongs here alone, or did, is found by their membership and the log. */
async function erase(deps: ClosingDeps, providerId: ProviderId): Promise<number> {
  const { database, clock, providers } = deps;
  await providers.forgetPeople(providerId);
  await dropJobsOf(database, providerId);
  return eraseAllRows(database, providerId, clock.now());
}
