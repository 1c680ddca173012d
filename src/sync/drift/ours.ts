import type { PartyId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import type { ContactLink } from '../links/contact-link.ts';
import type { Party } from '../parties/party.ts';
import { type ContactFields, fieldsOfParty } from '../push/contact-mapping.ts';

/** What the record of a link's party says now. */
export interface Ours {
  party: Party;
  fields: ContactFields;
}

/** What the records of these links say, by party; parties that are gone are missing. */
export async function oursByParty(
  deps: Pick<SyncDeps, 'parties'>,
  tx: Tx,
  scope: Scope,
  links: readonly ContactLink[],
): Promise<Map<PartyId, Ours>> {
  const ids = links.map((link) => link.partyId);
  const parties = await deps.parties.getMany(tx, scope, ids);
  const linkOf = new Map(links.map((link) => [link.partyId, link]));
  return new Map(
    parties.map((party) => {
      const bearsNumber = linkOf.get(party.id)?.bearsNumber ?? false;
      return [party.id, { party, fields: fieldsOfParty(party, bearsNumber) }];
    }),
  );
}
