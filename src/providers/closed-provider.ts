import type { ProviderId } from '#contract/ids';
import type { Permission } from '#contract/permissions';
import { AppError } from '#platform/app-error';
import type { Database, Tx } from '#platform/database';

/**
 * At a provider that is closed nothing may be done but to undo that and to take the data out.
 * @throws AppError `provider.closed`
 */
export async function refuseClosed(
  database: Database,
  providerId: ProviderId,
  permission: Permission,
): Promise<void> {
  if (permission === 'provider.close') return;
  if (await database.asProvider(providerId, (tx) => isClosed(tx, providerId))) {
    throw new AppError('provider.closed');
  }
}

/**
 * Whether the provider is closed now. One that has only taken its data out, or was opened again,
 * has a row of closings too.
 */
export async function isClosed(tx: Tx, providerId: ProviderId): Promise<boolean> {
  const closing = await tx
    .selectFrom('provider_closings')
    .select('closed_at')
    .where('provider_id', '=', providerId)
    .where('closed_at', 'is not', null)
    .executeTakeFirst();
  return closing !== undefined;
}
