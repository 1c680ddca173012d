import { sql } from 'kysely';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { hasLicence } from '#providers/index';

/**
 * Nothing is told for a provider whose package has no webhooks or that is closed: what waits stays
 * as it is, as everything else does (decisions 021 and 022). Asks of a `provider_id` of `e`.
 */
export const maySend = sql<boolean>`exists (
    select from licences licence where licence.provider_id = e.provider_id
      and licence.product = 'webhooks' and licence.withdrawn_at is null)
  and not exists (
    select from provider_closings closing where closing.provider_id = e.provider_id
      and closing.closed_at is not null)`;

/** Whether messages may leave for the provider at work. */
export async function maySendNow(tx: Tx, scope: Scope): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select ${maySend} as may from (values (${scope.providerId}::uuid)) as e (provider_id)`.execute(
    tx,
  );
  return rows[0]?.may === true;
}

/**
 * Lets nobody add an endpoint or have something sent whose package has no webhooks; what is there
 * may still be looked at, changed and removed.
 * @throws AppError `connection.not-licensed`
 */
export async function refuseUnlicensed(tx: Tx, scope: Scope): Promise<void> {
  if (await hasLicence(tx, scope, 'webhooks')) return;
  throw new AppError('connection.not-licensed', 'Webhooks are not in your package.');
}
