import type { XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { contactsWithMarks } from '../agreement/mark-store.ts';
import { contactsByIds } from '../matching/contact-store.ts';

/**
 * Those of some contacts that nobody had seen before, so that they came to be after all contacts
 * were last read. Papers of theirs that were met since left a mark, and others are yet to be met:
 * without a mark there is nothing to ask for, which would cost four calls for every fifty.
 */
export async function freshAmong(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  contactIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (contactIds.length === 0) return new Set();
  const seen = await contactsByIds(tx, scope, xeroOrgId, contactIds);
  const withPapers = await contactsWithMarks(tx, scope, xeroOrgId, contactIds);
  return new Set(contactIds.filter((id) => !seen.has(id) && !withPapers.has(id)));
}
