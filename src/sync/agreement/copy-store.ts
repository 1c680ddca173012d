import { type RawBuilder, sql } from 'kysely';
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

/** Whether there is a copy of a mark's paper of which this is true. */
function ofCopy(isTrue: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`coalesce((select ${isTrue} from documents paper
    where paper.provider_id = mark.provider_id and paper.xero_org_id = mark.xero_org_id
      and paper.kind = mark.kind and paper.xero_id = mark.xero_id), false)`;
}

/** Whether the contact of a mark's paper is linked and this is true of the link. */
function ofLink(isTrue: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`coalesce((select ${isTrue} from contact_links link
    where link.provider_id = mark.provider_id and link.xero_org_id = mark.xero_org_id
      and link.contact_id = mark.contact_id), false)`;
}

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
 * left out. Each mark looks all of them up by their keys, in subqueries of one value: joined, as
 * PostgreSQL also does with `exists`, it may go through all papers once for each mark where it
 * expects few.
 */
export async function staleCopies(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<StaleCopy[]> {
  const { rows } = await sql<StaleCopy>`
    select stale.kind, stale.xero_id as "xeroId", stale.changed_at as "changedAt",
      stale.is_unread as "isUnread", coalesce(stale.party_id, own.party_id) as "partyId",
      own.number, own.currency, (own.due_minor + own.remaining_minor)::text as "openMinor"
    from (
      select mark.provider_id, mark.xero_org_id, mark.kind, mark.xero_id, mark.changed_at,
        coalesce(mark.status = ${UNREAD}, false) as is_unread, ${ownerOfMark} as party_id
      from paper_marks mark
      where mark.provider_id = ${scope.providerId} and mark.xero_org_id = ${xeroOrgId}
        and mark.is_sale
        and (${ownerOfMark} is not null or ${ofCopy(sql`true`)})
        and not ${ofCopy(sql`paper.party_id = ${ownerOfMark}
          and paper.changed_in_xero_at >= mark.changed_at
          and (mark.status is null
            or (paper.status = mark.status and paper.currency = mark.currency
              and paper.total_minor = mark.total_minor
              and paper.due_minor + paper.remaining_minor = mark.due_minor))`)}
        and not ${ofLink(sql`link.papers_due`)}
      order by mark.kind, mark.xero_id limit ${STALE_MAX}) as stale
    left join documents own on own.provider_id = stale.provider_id
      and own.xero_org_id = stale.xero_org_id and own.kind = stale.kind
      and own.xero_id = stale.xero_id
    order by stale.kind, stale.xero_id`.execute(tx);
  return rows;
}
