import { sql } from 'kysely';
import type { PartyId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { keysOfContacts } from './contact-store.ts';
import { type KeptProposal, proposalsOf, saveProposals } from './proposal-store.ts';

/** Contacts, and keys of contacts, by which proposals are found that may rest on them. */
export interface Concern {
  contactIds: readonly string[];
  keys: readonly string[];
}

/** To whom one of the contacts is given, or who shares one of the keys. */
export async function partiesSharing(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  concern: Concern,
): Promise<PartyId[]> {
  const { rows } = await sql<{ party_id: PartyId }>`
    select party_id from match_proposals
    where provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}
      and ${shares(concern)}`.execute(tx);
  return rows.map((row) => row.party_id);
}

/**
 * Has whoever shares one of these looked at again with the next change of anybody.
 * @returns how many they are
 */
export async function touchProposals(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  concern: Concern,
): Promise<number> {
  const { rows } = await sql`
    update match_proposals set touched = true
    where provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}
      and ${shares(concern)} returning party_id`.execute(tx);
  return rows.length;
}

/** Written so that PostgreSQL hashes the keys asked for: `&&` takes seconds where they are thousands. */
function shares({ contactIds, keys }: Concern) {
  return sql`(contact_id = any(${[...contactIds]}::uuid[]) or exists (
    select from unnest(match_proposals.keys) as key where key = any(${[...keys]}::text[])))`;
}

/**
 * Keeps what people said. Whoever may be the contact that is let go, or claimed the one that is
 * given, is looked at again with the next change of anybody.
 */
export async function saveDecisions(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  decided: readonly KeptProposal[],
): Promise<void> {
  const ids = decided.map((one) => one.partyId);
  const before = await proposalsOf(tx, scope, xeroOrgId, ids);
  const contactIds = before.flatMap((one) => one.contactId ?? []);
  const keys = await keysOfContacts(tx, scope, xeroOrgId, contactIds);
  await touchProposals(tx, scope, xeroOrgId, { contactIds, keys });
  await saveProposals(tx, scope, xeroOrgId, decided);
  await tx
    .updateTable('match_proposals')
    .set({ touched: true })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('party_id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute();
}

/**
 * Who is to be looked at: whoever was touched, or is proposed something as they were and not as they
 * are `wanted` now, by their revision.
 */
export async function partiesToLookAt(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  wanted: ReadonlyMap<PartyId, number>,
): Promise<PartyId[]> {
  const rows = await tx
    .selectFrom('match_proposals')
    .select(['party_id', 'party_revision', 'touched'])
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
  const proposed = new Set(rows.map((row) => row.party_id));
  const changed = rows.filter(
    (row) => row.touched || row.party_revision !== wanted.get(row.party_id as PartyId),
  );
  return [
    ...[...wanted.keys()].filter((id) => !proposed.has(id)),
    ...changed.map((row) => row.party_id as PartyId),
  ];
}

/** Everybody who was touched has been looked at. */
export async function settleTouched(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<void> {
  await tx
    .updateTable('match_proposals')
    .set({ touched: false })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('touched', '=', true)
    .execute();
}
