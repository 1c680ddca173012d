import type { PartyId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { foldedPieces } from '#platform/folding';
import { inPortions } from '#platform/in-portions';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { linksOfContacts } from '../links/link-store.ts';
import type { Party } from '../parties/party.ts';
import { contactsUnderKeys, type KeptContact } from './contact-store.ts';
import { decideMatches, type Proposal } from './decide-match.ts';
import { foldParty, keysOf, type MatchParty } from './match-person.ts';

const PARTIES_PER_READ = 2_000;
const SORT_MAX = 60;

/** A party as matching sees one. */
export function matchPartyOf(party: Party): MatchParty {
  const isPerson = party.companyNames.length === 0;
  const phones = [party.phoneMobile, party.phoneHome, party.phoneWork];
  return {
    partyId: party.id,
    revision: party.revision,
    number: party.number,
    // A company is known by its own names: its contact person may have a contact apart from it.
    firstName: isPerson ? party.firstName : null,
    preferredName: party.preferredName,
    lastName: isPerson ? party.lastName : null,
    email: party.email,
    alternativeEmail: party.alternativeEmail,
    phones: phones.filter((phone) => phone !== null),
    refExternal: party.refExternal,
    companyNames: party.companyNames,
  };
}

/** How parties are ordered in lists of proposals: family name, then given name; a company by its
 * name.
 */
export function nameSortOf(party: Party): string {
  const [company] = party.companyNames;
  return foldedPieces(company ?? `${party.lastName ?? ''} ${party.firstName ?? ''}`)
    .join(' ')
    .slice(0, SORT_MAX);
}

/** Parties by id, read in portions. */
export async function readParties(
  deps: Pick<SyncDeps, 'parties'>,
  tx: Tx,
  scope: Scope,
  ids: readonly PartyId[],
): Promise<Party[]> {
  const parties: Party[] = [];
  for (const some of inPortions(ids, PARTIES_PER_READ)) {
    parties.push(...(await deps.parties.getMany(tx, scope, some)));
  }
  return parties;
}

/** What parties were matched to, with the contacts this rests on. */
export interface KeptMatch {
  proposals: Map<PartyId, Proposal>;
  contacts: Map<string, KeptContact>;
}

/** A few parties held against the contacts that share a key with any of them. */
export async function matchAgainstKept(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  parties: readonly MatchParty[],
): Promise<KeptMatch> {
  const keys = new Set(parties.flatMap((party) => keysOf(foldParty(party))));
  const contacts = await contactsUnderKeys(tx, scope, xeroOrgId, [...keys]);
  const links = await linksOfContacts(
    tx,
    scope,
    xeroOrgId,
    contacts.map((contact) => contact.contactId),
  );
  const taken = new Set(links.flatMap((link) => link.contactId ?? []));
  return {
    proposals: decideMatches(parties, contacts, taken),
    contacts: new Map(contacts.map((contact) => [contact.contactId, contact])),
  };
}
