import { sql } from 'kysely';
import type { PartyId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { candidatesFor, indexContacts } from './candidates.ts';
import type { Proposal } from './decide-match.ts';
import { type KeptMatch, matchAgainstKept, matchPartyOf, readParties } from './match-parties.ts';
import type { MatchContact, MatchParty } from './match-person.ts';

/** How many of those without a contact are looked at together, so that thousands fill no memory. */
const UNMATCHED_PER_READ = 2_000;

/**
 * Matches a few parties with a view to all others of the organisation whose contact nobody knows
 * yet: a contact that one of these may claim is linked to nobody unasked. The others are only asked
 * about contacts that would be linked by name; a learner number leaves no doubt.
 */
export async function matchAmongRivals(
  deps: Pick<SyncDeps, 'parties'>,
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  asked: readonly MatchParty[],
): Promise<KeptMatch> {
  const alone = await matchAgainstKept(tx, scope, xeroOrgId, asked);
  const wanted = wantedByName(alone);
  if (wanted.length === 0) return alone;
  const rivals = await rivalsFor(deps, tx, scope, xeroOrgId, asked, wanted);
  if (rivals.length === 0) return alone;
  // Together, since a rival may be known by the number of another contact, and then claims no more.
  return matchAgainstKept(tx, scope, xeroOrgId, [...asked, ...rivals]);
}

/** The contacts that would be linked without a number that says whose they are. */
export function wantedByName({
  proposals,
  contacts,
}: {
  proposals: ReadonlyMap<PartyId, Proposal>;
  contacts: ReadonlyMap<string, MatchContact>;
}): MatchContact[] {
  return [...proposals.values()].flatMap(({ contactId, candidates }) => {
    const chosen = candidates.find((one) => one.contactId === contactId);
    const contact = contacts.get(contactId ?? '');
    return chosen && contact && !chosen.evidence.includes('code') ? [contact] : [];
  });
}

/** Those of the parties who have a claim to any of these contacts. */
export function claimantsOf(
  parties: readonly MatchParty[],
  contacts: readonly MatchContact[],
): MatchParty[] {
  const index = indexContacts(contacts);
  return parties.filter((party) =>
    candidatesFor(party, index).some((one) => one.strength !== 'weak'),
  );
}

async function rivalsFor(
  deps: Pick<SyncDeps, 'parties'>,
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  asked: readonly MatchParty[],
  wanted: readonly MatchContact[],
): Promise<MatchParty[]> {
  const own = new Set(asked.map((party) => party.partyId));
  const rivals: MatchParty[] = [];
  let after: PartyId | null = null;
  for (;;) {
    const ids = await unmatchedAfter(tx, scope, xeroOrgId, after);
    const others = ids.filter((id) => !own.has(id));
    const parties = await readParties(deps, tx, scope, others);
    rivals.push(...claimantsOf(parties.map(matchPartyOf), wanted));
    after = ids.at(-1) ?? null;
    if (ids.length < UNMATCHED_PER_READ) return rivals;
  }
}

async function unmatchedAfter(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  after: PartyId | null,
): Promise<PartyId[]> {
  let query = tx
    .selectFrom('contact_links')
    .select('party_id')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('match_due', '=', true)
    .where('contact_id', 'is', null)
    .where('standing', 'is not', null);
  if (after !== null) query = query.where(sql<boolean>`party_id > ${after}::uuid`);
  const rows = await query.orderBy('party_id').limit(UNMATCHED_PER_READ).execute();
  return rows.map((row) => row.party_id as PartyId);
}
