import { sql } from 'kysely';
import type { XeroOrgId } from '#contract/ids';
import type {
  MatchCandidate,
  MatchContactView,
  Matching,
  MatchingState,
  MatchProposal,
} from '#contract/matching';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import type { Lane } from '../lane/lane-store.ts';
import { namedParty, type Party } from '../parties/party.ts';
import { contactsByIds, countContacts, type KeptContact } from './contact-store.ts';
import { invoicesOfContacts } from './invoice-count-store.ts';
import { matchPartyOf, readParties } from './match-parties.ts';
import {
  type Candidate,
  foldContact,
  foldParty,
  type MatchContact,
  type MatchParty,
} from './match-person.ts';
import { areProposalsStale, findMatching } from './matching-store.ts';
import type { KeptProposal } from './proposal-store.ts';
import { evidenceFor, obstacleOf } from './score.ts';

interface Counted {
  safe: number;
  safe_accepted: number;
  decide: number;
  decide_accepted: number;
  create: number;
  create_accepted: number;
  link: number;
  codes: number;
  new: number;
  left_out: number;
}

/** Where the matching of a lane stands, with what approving would do now. */
export async function presentMatching(tx: Tx, scope: Scope, lane: Lane): Promise<Matching> {
  const xeroOrgId = lane.xero_org_id as XeroOrgId;
  const matching = await findMatching(tx, scope, xeroOrgId);
  const counted = await count(tx, scope, xeroOrgId);
  const learners = counted.safe + counted.decide + counted.create;
  const { link, new: created, left_out: leftOut } = counted;
  const isOpen = matching?.state === 'open';
  return {
    xeroOrgId,
    organisationName: lane.organisation_name,
    state: (matching?.state ?? 'reading') as MatchingState,
    version: matching?.version ?? 0,
    contactsRead: await countContacts(tx, scope, xeroOrgId),
    learners,
    isRenewing: isOpen && matching !== null && (await areProposalsStale(tx, scope, matching)),
    groups: {
      safe: { total: counted.safe, accepted: counted.safe_accepted },
      decide: { total: counted.decide, accepted: counted.decide_accepted },
      create: { total: counted.create, accepted: counted.create_accepted },
    },
    outlook: {
      link,
      codesWritten: counted.codes,
      create: created,
      leftOut,
      undecided: learners - link - created - leftOut,
    },
    approvedAt: matching?.approved_at?.toISOString() ?? null,
    approvedBy: matching?.approved_by ?? null,
  };
}

/**
 * The code is asked for contact by contact: right after thousands of proposals were made PostgreSQL
 * has no statistics of them, and a join would go through all contacts once for each.
 */
async function count(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<Counted> {
  const { rows } = await sql<Counted>`
    select
      count(*) filter (where p.grouping = 'safe')::int as safe,
      count(*) filter (where p.grouping = 'safe' and p.accepted)::int as safe_accepted,
      count(*) filter (where p.grouping = 'decide')::int as decide,
      count(*) filter (where p.grouping = 'decide' and p.accepted)::int as decide_accepted,
      count(*) filter (where p.grouping = 'create')::int as create,
      count(*) filter (where p.grouping = 'create' and p.accepted)::int as create_accepted,
      count(*) filter (where p.accepted and p.decision = 'link')::int as link,
      count(*) filter (where p.accepted and p.decision = 'link'
        and (p.replaces_code or (
          select x.code from xero_contacts x
          where x.provider_id = p.provider_id and x.xero_org_id = p.xero_org_id
            and x.contact_id = p.contact_id) is null))::int as codes,
      count(*) filter (where p.accepted and p.decision = 'create')::int as new,
      count(*) filter (where p.accepted and p.decision = 'leave-out')::int as left_out
    from match_proposals p
    where p.provider_id = ${scope.providerId} and p.xero_org_id = ${xeroOrgId}`.execute(tx);
  const [counted] = rows;
  if (!counted) throw new Error('A count gave no row');
  return counted;
}

/** Proposals with both sides as they are now. */
export async function presentProposals(
  deps: Pick<SyncDeps, 'parties' | 'clock'>,
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  proposals: readonly KeptProposal[],
): Promise<MatchProposal[]> {
  const ids = proposals.map((proposal) => proposal.partyId);
  const parties = await readParties(deps, tx, scope, ids);
  const partyOf = new Map(parties.map((party) => [party.id, party]));
  const contacts = await contactsByIds(
    tx,
    scope,
    xeroOrgId,
    proposals.flatMap(({ contactId, candidates }) => [
      ...(contactId ? [contactId] : []),
      ...candidates.map((candidate) => candidate.contactId),
    ]),
  );
  const seen = await withInvoices(deps, tx, scope, xeroOrgId, contacts);
  return proposals.flatMap((proposal) => {
    const party = partyOf.get(proposal.partyId);
    return party ? [presentOne(proposal, party, seen)] : [];
  });
}

/** Contacts as they are shown, with how many invoices they have as far as the asker may know. */
export interface SeenContacts {
  contacts: ReadonlyMap<string, KeptContact>;
  invoices: ReadonlyMap<string, number>;
}

/** Adds how many invoices contacts have. */
export async function withInvoices(
  { clock }: Pick<SyncDeps, 'clock'>,
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  contacts: ReadonlyMap<string, KeptContact>,
): Promise<SeenContacts> {
  const asked = { ids: [...contacts.keys()], now: clock.now() };
  return { contacts, invoices: await invoicesOfContacts(tx, scope, xeroOrgId, asked) };
}

function presentOne(proposal: KeptProposal, party: Party, seen: SeenContacts): MatchProposal {
  const { contacts } = seen;
  const { contactId, candidates } = proposal;
  const given = candidates.find((candidate) => candidate.contactId === contactId);
  const contact = contactId === null ? undefined : contacts.get(contactId);
  const own = contact && candidateOf(matchPartyOf(party), contact);
  return {
    learner: partyView(party),
    group: proposal.group,
    decision: proposal.decision,
    chosen: (given ?? own) ? viewOf(given ?? own, seen) : null,
    replacesCode: proposal.replacesCode,
    candidates: candidates.flatMap((candidate) => viewOf(candidate, seen) ?? []),
    accepted: proposal.accepted,
    decidedBy: proposal.decidedBy,
    isRenewed: proposal.isRenewed,
    rowVersion: proposal.rowVersion,
  };
}

/** A contact held against a party, whether any rule would propose it or not. */
export function candidateOf(party: MatchParty, contact: MatchContact): Candidate {
  const evidence = evidenceFor(foldParty(party), foldContact(contact));
  return { contactId: contact.contactId, evidence, obstacle: obstacleOf(contact, evidence) };
}

/** A candidate with its contact; null when that is no longer kept. */
export function viewOf(
  candidate: Candidate | undefined,
  { contacts, invoices }: SeenContacts,
): MatchCandidate | null {
  const contact = candidate && contacts.get(candidate.contactId);
  if (!candidate || !contact) return null;
  const { contactId, evidence, obstacle } = candidate;
  const counted = invoices.get(contactId) ?? null;
  return { contact: contactView(contact), evidence, obstacle, invoices: counted };
}

/** A contact as it is shown, without the mark by which its changes are seen. */
export function contactView(contact: KeptContact): MatchContactView {
  const { hash: _, phones, ...fields } = contact;
  return { ...fields, phones: [...phones] };
}

function partyView(party: Party): MatchProposal['learner'] {
  const { id: partyId, number: learnerNumber, label: name, email, refExternal } = party;
  const { learnerId, workplaceId } = namedParty(partyId, party);
  const { firstName, lastName, phones } = matchPartyOf(party);
  const ours = { partyId, learnerId, workplaceId, learnerNumber, name, firstName, lastName };
  return { ...ours, email, phones: [...phones], refExternal };
}
