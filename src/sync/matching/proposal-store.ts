import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { PartyId, PartyKind, XeroOrgId } from '#contract/ids';
import { Evidence, type MatchDecision, type MatchGroup, Obstacle } from '#contract/matching';
import type { Tx } from '#platform/database';
import { inPortions } from '#platform/in-portions';
import { jsonText } from '#platform/json-text';
import type { MatchProposals } from '#platform/schema';
import type { Scope } from '#platform/scope';
import type { Candidate } from './match-person.ts';

/** A proposal as it is kept until the matching is approved. */
export interface KeptProposal {
  partyKind: PartyKind;
  partyId: PartyId;
  partyNumber: string;
  partyName: string;
  nameSort: string;
  /** The learner and contact from which it was made. */
  partyRevision: number;
  contactHash: string | null;
  /** Under which the learner stood then: only contacts under one of them may be the learner's. */
  keys: string[];
  group: MatchGroup;
  decision: MatchDecision | null;
  contactId: string | null;
  replacesCode: boolean;
  candidates: Candidate[];
  accepted: boolean;
  decidedBy: string | null;
  isRenewed: boolean;
  rowVersion: number;
}

const Candidates = z.array(
  z.object({
    contactId: z.string(),
    evidence: z.array(Evidence),
    obstacle: Obstacle.nullable(),
  }),
);

const ROWS_PER_STATEMENT = 2_000;

/** Every proposal by learners' names, as many as there are learners to match. */
export async function allProposals(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<KeptProposal[]> {
  const rows = await ofOrg(tx, scope, xeroOrgId).orderBy('name_sort').orderBy('party_id').execute();
  return rows.map(toProposal);
}

/** What is proposed for one party; null also once the matching was approved. */
export async function findProposal(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyId: PartyId,
): Promise<KeptProposal | null> {
  return (await proposalsOf(tx, scope, xeroOrgId, [partyId]))[0] ?? null;
}

/** What is proposed for some; whoever is proposed nothing is left out. */
export async function proposalsOf(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyIds: readonly PartyId[],
): Promise<KeptProposal[]> {
  const rows = await ofOrg(tx, scope, xeroOrgId)
    .where('party_id', '=', sql<string>`any(${[...partyIds]}::uuid[])`)
    .execute();
  return rows.map(toProposal);
}

/** Those about whom nobody has decided and nothing is proposed, the first by learners' names. */
export async function undecidedProposals(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  limit: number,
): Promise<KeptProposal[]> {
  const rows = await ofOrg(tx, scope, xeroOrgId)
    .where('grouping', '=', 'decide')
    .where('decision', 'is', null)
    .orderBy('name_sort')
    .orderBy('party_id')
    .limit(limit)
    .execute();
  return rows.map(toProposal);
}

/** One page of a group by learners' names, after the position named. */
export async function pageOfProposals(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  group: MatchGroup,
  page: { after: { nameSort: string; partyId: string } | null; limit: number },
): Promise<KeptProposal[]> {
  let query = ofOrg(tx, scope, xeroOrgId).where('grouping', '=', group);
  const { after } = page;
  if (after) {
    query = query.where(
      sql<boolean>`(name_sort, party_id) > (${after.nameSort}, ${after.partyId}::uuid)`,
    );
  }
  const rows = await query.orderBy('name_sort').orderBy('party_id').limit(page.limit).execute();
  return rows.map(toProposal);
}

/** To whom a contact is proposed now. */
export async function proposalOfContact(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  contactId: string,
): Promise<KeptProposal | null> {
  const row = await ofOrg(tx, scope, xeroOrgId)
    .where('contact_id', '=', contactId)
    .executeTakeFirst();
  return row ? toProposal(row) : null;
}

/**
 * Writes proposals as they now are. Contacts are let go of first, so that one may pass from a
 * learner to another within the same change.
 */
export async function saveProposals(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  proposals: readonly KeptProposal[],
): Promise<void> {
  const ids = proposals.map((proposal) => proposal.partyId);
  await removeProposals(tx, scope, xeroOrgId, ids);
  for (const some of inPortions(proposals, ROWS_PER_STATEMENT)) {
    const rows = some.map((proposal) => toRow(scope, xeroOrgId, proposal));
    await sql`
      insert into match_proposals
      select * from jsonb_populate_recordset(null::match_proposals, ${jsonText(rows)}::jsonb)`.execute(
      tx,
    );
  }
}

/**
 * Takes proposals away, and with them the hold on the contacts they name; those that are not there
 * are passed over.
 */
export async function removeProposals(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyIds: readonly PartyId[],
): Promise<void> {
  if (partyIds.length === 0) return;
  await tx
    .deleteFrom('match_proposals')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('party_id', '=', sql<string>`any(${[...partyIds]}::uuid[])`)
    .execute();
}

/** Accepts or un-accepts all of a group that no person decided otherwise. */
export async function acceptGroup(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  group: MatchGroup,
  accepted: boolean,
): Promise<void> {
  await tx
    .updateTable('match_proposals')
    .set({ accepted, row_version: sql<number>`row_version + 1` })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('grouping', '=', group)
    .where('decided_by', 'is', null)
    .where('decision', 'is not', null)
    .where('accepted', '!=', accepted)
    .execute();
}

function ofOrg(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId) {
  return tx
    .selectFrom('match_proposals')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId);
}

function toProposal(row: Selectable<MatchProposals>): KeptProposal {
  return {
    partyKind: row.party_kind as PartyKind,
    partyId: row.party_id as PartyId,
    partyNumber: row.party_number,
    partyName: row.party_name,
    nameSort: row.name_sort,
    partyRevision: row.party_revision,
    contactHash: row.contact_hash,
    keys: row.keys,
    group: row.grouping as MatchGroup,
    decision: row.decision as MatchDecision | null,
    contactId: row.contact_id,
    replacesCode: row.replaces_code,
    candidates: Candidates.parse(row.candidates),
    accepted: row.accepted,
    decidedBy: row.decided_by,
    isRenewed: row.is_renewed,
    rowVersion: row.row_version,
  };
}

function toRow(scope: Scope, xeroOrgId: XeroOrgId, proposal: KeptProposal) {
  return {
    provider_id: scope.providerId,
    xero_org_id: xeroOrgId,
    party_kind: proposal.partyKind,
    party_id: proposal.partyId,
    party_number: proposal.partyNumber,
    party_name: proposal.partyName,
    name_sort: proposal.nameSort,
    party_revision: proposal.partyRevision,
    contact_hash: proposal.contactHash,
    keys: proposal.keys,
    touched: false,
    grouping: proposal.group,
    decision: proposal.decision,
    contact_id: proposal.contactId,
    replaces_code: proposal.replacesCode,
    candidates: proposal.candidates,
    accepted: proposal.accepted,
    decided_by: proposal.decidedBy,
    is_renewed: proposal.isRenewed,
    row_version: proposal.rowVersion,
  };
}
