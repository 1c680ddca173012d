import { BookSettings } from '#contract/books';
import type { XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { jsonText } from '#platform/json-text';
import type { Scope } from '#platform/scope';

/** The settings of an organisation's books as last read. */
export interface StoredBooks {
  settings: BookSettings;
  readAt: Date;
  changedAt: Date | null;
}

/** Null until they were read for the first time. */
export async function booksOf(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<StoredBooks | null> {
  const row = await tx
    .selectFrom('books')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .executeTakeFirst();
  if (!row) return null;
  return {
    settings: BookSettings.parse(row.settings),
    readAt: row.read_at,
    changedAt: row.changed_at,
  };
}

/**
 * Puts the settings in the place of those read before. `changedAt` is the caller's to carry over
 * where nothing differs. Called in a record of the lane.
 */
export async function saveBooks(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  books: StoredBooks,
): Promise<void> {
  const row = {
    settings: jsonText(books.settings),
    read_at: books.readAt,
    changed_at: books.changedAt,
  };
  await tx
    .insertInto('books')
    .values({ provider_id: scope.providerId, xero_org_id: xeroOrgId, ...row })
    .onConflict((conflict) => conflict.columns(['provider_id', 'xero_org_id']).doUpdateSet(row))
    .execute();
}
