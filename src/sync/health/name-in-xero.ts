import type { LearnerSync } from '#contract/sync';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { linksOfContacts } from '../links/link-store.ts';
import { contactsUnderKeys } from '../matching/contact-store.ts';
import { nameKey } from '../matching/match-person.ts';
import type { Party } from '../parties/party.ts';
import { contactName } from '../push/names.ts';

/**
 * What a contact is called in Xero where it bears the number of its own, since Xero wants names to
 * differ, and who has the plain name there, as far as it was read. Null where names are the same.
 */
export async function nameInXero(
  deps: Pick<SyncDeps, 'parties'>,
  tx: Tx,
  scope: Scope,
  { party, link }: { party: Party; link: ContactLink },
): Promise<NonNullable<LearnerSync['link']>['nameInXero']> {
  const { xeroOrgId, contactId, bearsNumber } = link;
  if (!bearsNumber || contactId === null) return null;
  const plain = contactName(party, false);
  const name = link.base?.name ?? contactName(party, true);
  const alike = await contactsUnderKeys(tx, scope, xeroOrgId, [nameKey(plain)]);
  const holder = alike.find(
    (contact) =>
      contact.contactId !== contactId &&
      contact.status === 'active' &&
      contact.name.toLowerCase() === plain.toLowerCase(),
  );
  if (!holder) return { name, plainName: null };
  const [theirs] = await linksOfContacts(tx, scope, xeroOrgId, [holder.contactId]);
  const who = theirs ? await deps.parties.get(tx, scope, theirs.partyId) : null;
  const heldBy = who && { partyKind: who.kind, id: who.id, label: `${who.label} (${who.number})` };
  return { name, plainName: { name: holder.name, heldBy } };
}
