import type { Desk } from './desk.ts';
import { type Ground, PARTIES } from './ground.ts';
import type { Place } from './memory/tables.ts';
import type { Broken } from './watch.ts';

/** I8: rows of a provider speak of its own organisation, its contacts and its papers. */
export function watchWalls(
  ground: Ground,
  { table, pending }: Place,
  desks: readonly Desk[],
  broken: Broken,
): void {
  if (!pending || !('xero_org_id' in pending) || !('provider_id' in pending)) return;
  const party = PARTIES.find(({ providerId }) => providerId === pending.provider_id);
  const isForeign = (what: string) =>
    broken('I8', `${table.name} of ${party?.name} holds ${what} of somebody else`);
  if (pending.xero_org_id !== null && party?.xeroOrgId !== pending.xero_org_id) {
    isForeign('a row');
    return;
  }
  const partyId = pending.party_id;
  if (partyId && ownerOf(ground, partyId) !== pending.provider_id) isForeign('somebody');
  const books = desks.find(({ xeroOrgId }) => xeroOrgId === party?.xeroOrgId)?.keeper.books;
  if (!books) return;
  const contactId = pending.contact_id as string | null | undefined;
  if (contactId && !books.contacts.get(contactId)) isForeign('a contact');
  if (table.name !== 'documents') return;
  const kept = [books.invoices, books.creditNotes, books.prepayments, books.overpayments];
  if (!kept.some((rows) => rows.get(String(pending.xero_id)))) isForeign('a paper');
}

/** Whose learner or workplace it is; rows of the same transaction count. */
function ownerOf({ tables }: Ground, partyId: unknown): unknown {
  for (const name of ['learners', 'workplaces'])
    for (const { pending, committed } of tables.tables.get(name)?.places ?? [])
      if ((pending ?? committed)?.id === partyId) return (pending ?? committed)?.provider_id;
  return null;
}
