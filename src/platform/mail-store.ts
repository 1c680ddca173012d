import type { Selectable } from 'kysely';
import type { Tx } from './database.ts';
import type { Mails } from './schema.ts';
import type { Scope } from './scope.ts';

export type StoredMail = Selectable<Mails>;

/** One mail of the provider at work; null when there is none. */
export async function findMail(tx: Tx, scope: Scope, id: string): Promise<StoredMail | null> {
  const row = await tx
    .selectFrom('mails')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

/** Mails of the provider at work, newest first, at most `limit`, older than `before` if given. */
export function listMails(
  tx: Tx,
  scope: Scope,
  page: { limit: number; before: string | null },
): Promise<StoredMail[]> {
  let query = tx.selectFrom('mails').selectAll().where('provider_id', '=', scope.providerId);
  if (page.before !== null) query = query.where('id', '<', page.before);
  return query.orderBy('id', 'desc').limit(page.limit).execute();
}
