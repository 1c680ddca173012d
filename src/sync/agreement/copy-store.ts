import { sql } from 'kysely';
import type { DocumentKind } from '#contract/billing';
import type { PartyId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

/** A copy of a paper, as far as it has to be named. */
export interface Copy {
  kind: DocumentKind;
  xeroId: string;
  number: string | null;
  partyId: PartyId | null;
}

/** Copies of papers that were met nowhere in Xero any more: of very many a part. */
export async function copiesWithoutMark(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  limit: number,
): Promise<Copy[]> {
  const { rows } = await sql<Copy>`
    select paper.kind, paper.xero_id as "xeroId", paper.number, paper.party_id as "partyId"
    from documents paper
    where paper.provider_id = ${scope.providerId} and paper.xero_org_id = ${xeroOrgId}
      and not exists (select from paper_marks mark
        where mark.provider_id = paper.provider_id and mark.xero_org_id = paper.xero_org_id
          and mark.kind = paper.kind and mark.xero_id = paper.xero_id)
    order by paper.kind, paper.xero_id limit ${limit}`.execute(tx);
  return rows;
}

const STALE_MAX = 500;

/** To whom a paper belongs by the contact that Xero named on it; null: to nobody here. */
export const ownerOfMark = sql<PartyId | null>`(
  select coalesce(link.papers_for, link.party_id) from contact_links link
  where link.provider_id = mark.provider_id and link.xero_org_id = mark.xero_org_id
    and link.contact_id = mark.contact_id)`;

/**
 * Papers whose copy is missing, older than what was seen of them, on somebody else than their
 * contact says, of nobody here at all, or comes to something else than Xero said: our own records
 * differ from each other, whatever Xero says. Each mark looks all of them up by their keys: joined,
 * PostgreSQL may go through all papers once for each mark where it expects few.
 */
export async function staleCopies(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<{ kind: DocumentKind; xeroId: string }[]> {
  const copy = sql`documents paper
    where paper.provider_id = mark.provider_id and paper.xero_org_id = mark.xero_org_id
      and paper.kind = mark.kind and paper.xero_id = mark.xero_id`;
  const { rows } = await sql<{ kind: DocumentKind; xero_id: string }>`
    select mark.kind, mark.xero_id from paper_marks mark
    where mark.provider_id = ${scope.providerId} and mark.xero_org_id = ${xeroOrgId}
      and mark.is_sale
      and (${ownerOfMark} is not null or exists (select from ${copy}))
      and not exists (select from ${copy}
        and paper.party_id = ${ownerOfMark}
        and paper.changed_in_xero_at >= mark.changed_at
        and (mark.status is null
          or (paper.status = mark.status and paper.currency = mark.currency
            and paper.total_minor = mark.total_minor
            and paper.due_minor + paper.remaining_minor = mark.due_minor)))
    order by mark.kind, mark.xero_id limit ${STALE_MAX}`.execute(tx);
  return rows.map((row) => ({ kind: row.kind, xeroId: row.xero_id }));
}
