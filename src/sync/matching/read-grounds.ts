import type { PartyId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { LaneRun } from '../lane/lane-run.ts';
import type { Party } from '../parties/party.ts';
import { contactsByIds, contactsUnderKeys, type KeptContact } from './contact-store.ts';
import { matchPartyOf, readParties } from './match-parties.ts';
import { foldContact, foldParty, keysOf } from './match-person.ts';
import { findMatching } from './matching-store.ts';
import { type KeptProposal, proposalsOf } from './proposal-store.ts';
import { partiesSharing, partiesToLookAt } from './touched-store.ts';

/** All that the proposals rest on that may have to be made anew, as of one moment. */
export interface Grounds {
  version: number;
  /** Everybody whose contact nobody knows yet, with the revision that is wanted. */
  wanted: ReadonlyMap<PartyId, number>;
  /** Whoever is looked at. */
  asked: ReadonlySet<PartyId>;
  /** Those of them who are wanted, and here. */
  parties: readonly Party[];
  before: ReadonlyMap<PartyId, KeptProposal>;
  contacts: ReadonlyMap<string, KeptContact>;
  linked: ReadonlySet<string>;
}

/**
 * Reads what changes may have made of proposals: whoever was changed, all contacts that share a key
 * with them as they were or as they are, whoever shares a key with those or was given one of them,
 * and so on. Nobody else is proposed anything else than before, since without a common key two are
 * never held against each other. At the first look everybody counts as changed.
 */
export async function readGrounds(
  { deps, scope, xeroOrgId }: Pick<LaneRun, 'deps' | 'scope' | 'xeroOrgId'>,
  tx: Tx,
): Promise<Grounds> {
  const matching = await findMatching(tx, scope, xeroOrgId);
  const wanted = await unmatchedLinks(tx, scope, xeroOrgId);
  const asked = new Set<PartyId>();
  const parties: Party[] = [];
  const before = new Map<PartyId, KeptProposal>();
  const contacts = new Map<string, KeptContact>();
  const keys = new Set<string>();
  let ids = await partiesToLookAt(tx, scope, xeroOrgId, wanted);
  while (ids.length > 0) {
    for (const id of ids) asked.add(id);
    const kept = await proposalsOf(tx, scope, xeroOrgId, ids);
    for (const one of kept) before.set(one.partyId, one);
    const wantedIds = ids.filter((id) => wanted.has(id));
    const people = await readParties(deps, tx, scope, wantedIds);
    parties.push(...people);

    const theirs = [
      ...kept.flatMap((one) => one.keys),
      ...people.flatMap((party) => keysOf(foldParty(matchPartyOf(party)))),
    ];
    const newKeys = [...new Set(theirs)].filter((key) => !keys.has(key));
    for (const key of newKeys) keys.add(key);
    const given = kept.flatMap((one) => one.contactId ?? []);
    const found = [
      ...(await contactsByIds(tx, scope, xeroOrgId, given)).values(),
      ...(await contactsUnderKeys(tx, scope, xeroOrgId, newKeys)),
    ].filter(({ contactId }) => !contacts.has(contactId));
    for (const contact of found) contacts.set(contact.contactId, contact);

    const concern = {
      contactIds: found.map((contact) => contact.contactId),
      keys: found.flatMap((contact) => keysOf(foldContact(contact))),
    };
    const sharing = await partiesSharing(tx, scope, xeroOrgId, concern);
    ids = sharing.filter((id) => !asked.has(id));
  }
  const linked = await linkedContacts(tx, scope, xeroOrgId);
  return { version: matching?.version ?? 0, wanted, asked, parties, before, contacts, linked };
}

/** Learners whose contact nobody knows yet, with the revision that is wanted. */
async function unmatchedLinks(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<Map<PartyId, number>> {
  const rows = await tx
    .selectFrom('contact_links')
    .select(['party_id', 'wanted_revision'])
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('match_due', '=', true)
    .where('contact_id', 'is', null)
    .where('standing', 'is not', null)
    .orderBy('party_id')
    .execute();
  return new Map(rows.map((row) => [row.party_id as PartyId, row.wanted_revision]));
}

async function linkedContacts(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('contact_links')
    .select('contact_id')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('contact_id', 'is not', null)
    .execute();
  return new Set(rows.flatMap((row) => row.contact_id ?? []));
}
