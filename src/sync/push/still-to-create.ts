import type { Tx } from '#platform/database';
import type { LaneRun } from '../lane/lane-run.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { awaitingOthers } from '../links/handover-store.ts';
import { takeLeftContacts } from '../links/merge-links.ts';

/**
 * Of links as they stand at this moment, those whose contact may still be created: since they were
 * chosen calls were made, and people have turned Sync off or merged learners meanwhile. Whoever is
 * kept, and has no contact, takes over one that a merge left with another instead.
 */
export async function stillToCreate(
  { deps, scope, xeroOrgId }: LaneRun,
  tx: Tx,
  links: readonly ContactLink[],
): Promise<ContactLink[]> {
  const wanted = links.filter(({ standing, isMatchDue }) => standing === 'waiting' && !isMatchDue);
  const idsOf = (some: readonly ContactLink[]) => some.map(({ partyId }) => partyId);
  const awaiting = await awaitingOthers(tx, scope, xeroOrgId, idsOf(wanted));
  const free = wanted.filter(({ partyId }) => !awaiting.has(partyId));
  const given = await takeLeftContacts(deps, tx, scope, xeroOrgId, idsOf(free));
  return free.filter(({ partyId }) => !given.has(partyId));
}
