import type { DocumentKind } from '#contract/billing';
import type { PartyId, PartyKind, ProviderId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { PAPER_SHAPE } from './document-row.ts';

/** A paper whose columns come from an older reading, with what it was read from. */
export interface OldPaper {
  id: string;
  xeroOrgId: XeroOrgId;
  kind: DocumentKind;
  contactId: string;
  partyKind: PartyKind;
  partyId: PartyId;
  raw: unknown;
}

/** A provider that has papers of an older shape; null when nobody has. For a look across providers. */
export async function providerWithOldPapers(tx: Tx): Promise<ProviderId | null> {
  const row = await tx
    .selectFrom('documents')
    .select('provider_id')
    .where('shape', '<', PAPER_SHAPE)
    .orderBy('shape')
    .orderBy('provider_id')
    .limit(1)
    .executeTakeFirst();
  return (row?.provider_id as ProviderId | undefined) ?? null;
}

/**
 * Takes some of them, which nobody else changes meanwhile, in the order of the index: those that
 * were read by then stand at its other end.
 */
export async function takeOldPapers(tx: Tx, scope: Scope, limit: number): Promise<OldPaper[]> {
  const rows = await tx
    .selectFrom('documents')
    .select(['id', 'xero_org_id', 'kind', 'contact_id', 'party_kind', 'party_id', 'raw'])
    .where('provider_id', '=', scope.providerId)
    .where('shape', '<', PAPER_SHAPE)
    .orderBy('shape')
    .orderBy('id')
    .limit(limit)
    .forNoKeyUpdate()
    .skipLocked()
    .execute();
  return rows.map((row) => ({
    id: row.id,
    xeroOrgId: row.xero_org_id as XeroOrgId,
    kind: row.kind as DocumentKind,
    contactId: row.contact_id,
    partyKind: row.party_kind as PartyKind,
    partyId: row.party_id as PartyId,
    raw: row.raw,
  }));
}

/** Notes that papers are as the present reading has them, whether or not it changed anything. */
export async function markRead(tx: Tx, scope: Scope, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('documents')
    .set({ shape: PAPER_SHAPE })
    .where('provider_id', '=', scope.providerId)
    .where('id', 'in', [...ids])
    .execute();
}
