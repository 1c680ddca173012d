import type { XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { contactsWithMarks } from '../agreement/mark-store.ts';
import { contactsByIds } from '../matching/contact-store.ts';
import { winnersAmong } from '../matching/merged-contacts.ts';

/**
 * Those of some contacts that nobody had seen before, so that they came to be after all contacts
 * were last read. Papers of theirs that were met since left a mark, and others are yet to be met:
 * without a mark there is nothing to ask for, which would cost four calls for every fifty. One into
 * which another was merged has that one's papers.
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
  const winners = await winnersAmong(tx, scope, xeroOrgId, contactIds);
  const isKnown = (id: string) => seen.has(id) || withPapers.has(id) || winners.has(id);
  return new Set(contactIds.filter((id) => !isKnown(id)));
}
