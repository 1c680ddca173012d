import { sql } from 'kysely';
import type { DocumentKind } from '#contract/billing';
import type { PartyId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { UNREAD } from './mark-store.ts';

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

/** A paper on which our own records differ from each other. */
export interface StaleCopy extends Copy {
  changedAt: Date;
  /** Xero told it in a form or state that is new to us. */
  isUnread: boolean;
  /** What is open by our copy; null without one. */
  openMinor: string | null;
  currency: string | null;
}

/**
 * Papers whose copy is missing, older than what was seen of them, on somebody else than their
 * contact says, of nobody here at all, or comes to something else than Xero said: our own records
 * differ from each other, whatever Xero says. Papers that are about to be read for their contact are
 * left out. All marks are held against all copies at once: before its tables are analysed PostgreSQL
 * expects few rows, and would go through all copies once for each mark if it might.
 */
export async function staleCopies(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<StaleCopy[]> {
  await sql`select set_config('enable_nestloop', 'off', true)`.execute(tx);
  const { rows } = await sql<StaleCopy>`
    select * from (
      select mark.kind, mark.xero_id as "xeroId", mark.changed_at as "changedAt",
        coalesce(mark.status = ${UNREAD}, false) as "isUnread",
        coalesce(link.papers_for, link.party_id, copy.party_id) as "partyId",
        copy.number, copy.currency, (copy.due_minor + copy.remaining_minor)::text as "openMinor"
      from paper_marks mark
      left join contact_links link on link.provider_id = mark.provider_id
        and link.xero_org_id = mark.xero_org_id and link.contact_id = mark.contact_id
      left join documents copy on copy.provider_id = mark.provider_id
        and copy.xero_org_id = mark.xero_org_id and copy.kind = mark.kind
        and copy.xero_id = mark.xero_id
      where mark.provider_id = ${scope.providerId} and mark.xero_org_id = ${xeroOrgId}
        and mark.is_sale
        and (link.party_id is not null or copy.xero_id is not null)
        and not coalesce(copy.party_id = coalesce(link.papers_for, link.party_id)
          and copy.changed_in_xero_at >= mark.changed_at
          and (mark.status is null
            or (copy.status = mark.status and copy.currency = mark.currency
              and copy.total_minor = mark.total_minor
              and copy.due_minor + copy.remaining_minor = mark.due_minor)), false)
        and not coalesce(link.papers_due, false)
      offset 0) as stale
    order by kind, "xeroId" limit ${STALE_MAX}`.execute(tx);
  await sql`select set_config('enable_nestloop', 'on', true)`.execute(tx);
  return rows;
}

/** A paper of somebody here that Xero told in a form or state that is new to us. */
export interface UnreadPaper {
  kind: DocumentKind;
  xeroId: string;
  xeroOrgId: XeroOrgId;
  partyId: PartyId;
  /** By our copy of how it was before, if there is one. */
  number: string | null;
  changedAt: Date;
}

/** Such papers of organisations that were not disconnected, the oldest first: of very many a part. */
export async function unreadPapers(
  tx: Tx,
  { providerId }: Scope,
  { partyId = null, limit }: { partyId?: PartyId | null; limit: number },
): Promise<UnreadPaper[]> {
  const { rows } = await sql<UnreadPaper>`
    select mark.kind, mark.xero_id as "xeroId", mark.xero_org_id as "xeroOrgId",
      coalesce(link.papers_for, link.party_id, copy.party_id) as "partyId",
      copy.number, mark.changed_at as "changedAt"
    from paper_marks mark
    join lanes lane on lane.provider_id = mark.provider_id and lane.xero_org_id = mark.xero_org_id
    left join contact_links link on link.provider_id = mark.provider_id
      and link.xero_org_id = mark.xero_org_id and link.contact_id = mark.contact_id
    left join documents copy on copy.provider_id = mark.provider_id
      and copy.xero_org_id = mark.xero_org_id and copy.kind = mark.kind
      and copy.xero_id = mark.xero_id
    where mark.provider_id = ${providerId} and mark.status = ${sql.lit(UNREAD)} and mark.is_sale
      and lane.stop_reason is distinct from 'disconnected'
      and coalesce(link.papers_for, link.party_id, copy.party_id) is not null
      and (${partyId}::uuid is null
        or coalesce(link.papers_for, link.party_id, copy.party_id) = ${partyId})
    order by mark.changed_at, mark.xero_id limit ${limit}`.execute(tx);
  return rows;
}
