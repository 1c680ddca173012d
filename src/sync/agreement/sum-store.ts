import { type RawBuilder, sql } from 'kysely';
import type { DocumentKind, DocumentStatus } from '#contract/billing';
import type { PartyId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { Check } from './check-store.ts';
import { ownerOfMark } from './copy-store.ts';

/** Checks of one organisation whose sums are kept; verdicts and differences are kept for ever. */
const CHECKS_WITH_SUMS = 10;

/**
 * Adds both sides up by learner, kind, state and currency: ours over our copies, theirs over what
 * Xero said of each paper when it was last read, of all of them or of those read since an instant.
 * Whose a paper is each side says by itself: ours by the copy, theirs by the contact. Whoever's papers
 * are still to be read, since they were linked just now, is on neither side. Says how many lines
 * differ. What an earlier try to end the same check has added up is let go, and so
 * are sums of old checks.
 */
export async function addSums(
  tx: Tx,
  scope: Scope,
  check: Pick<Check, 'id' | 'xeroOrgId'>,
  readSince: Date | null,
): Promise<number> {
  const { id, xeroOrgId } = check;
  await tx
    .deleteFrom('agreement_sums')
    .where('provider_id', '=', scope.providerId)
    .where('check_id', '=', id)
    .execute();
  await sql`
    insert into agreement_sums (provider_id, check_id, party_id, kind, status, currency,
      ours_count, ours_total_minor, ours_due_minor)
    select provider_id, ${id}::uuid, party_id, kind, status, currency,
      count(*), sum(total_minor), sum(due_minor + remaining_minor)
    from documents
    where provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}
      and party_id is not null
      and not ${arePapersToCome(scope, xeroOrgId, sql.ref('documents.party_id'))}
    group by provider_id, party_id, kind, status, currency`.execute(tx);
  await sql`
    insert into agreement_sums (provider_id, check_id, party_id, kind, status, currency,
      theirs_count, theirs_total_minor, theirs_due_minor)
    select provider_id, ${id}::uuid, party_id, kind, status, currency,
      count(*), sum(total_minor), sum(due_minor)
    from (
      select mark.provider_id, mark.kind, mark.status, mark.currency, mark.total_minor,
        mark.due_minor,
        ${ownerOfMark} as party_id
      from paper_marks mark
      where mark.provider_id = ${scope.providerId} and mark.xero_org_id = ${xeroOrgId}
        and mark.is_sale and mark.currency is not null
        and mark.read_at >= coalesce(${readSince}::timestamptz, '-infinity')) as said
    where party_id is not null
      and not ${arePapersToCome(scope, xeroOrgId, sql.ref('said.party_id'))}
    group by provider_id, party_id, kind, status, currency
    on conflict (provider_id, check_id, party_id, kind, status, currency) do update set
      theirs_count = excluded.theirs_count, theirs_total_minor = excluded.theirs_total_minor,
      theirs_due_minor = excluded.theirs_due_minor`.execute(tx);
  const { rows } = await sql<{ differing: number }>`
    select count(*)::int as differing from agreement_sums
    where provider_id = ${scope.providerId} and check_id = ${id}
      and (ours_count <> theirs_count or ours_total_minor <> theirs_total_minor
        or ours_due_minor <> theirs_due_minor)`.execute(tx);
  await letOldSumsGo(tx, scope, xeroOrgId);
  return rows[0]?.differing ?? 0;
}

/** Whether papers of a contact of the party are about to be read. */
function arePapersToCome(
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyId: RawBuilder<unknown>,
): RawBuilder<boolean> {
  return sql<boolean>`exists (select from contact_links due
    where due.provider_id = ${scope.providerId} and due.xero_org_id = ${xeroOrgId}
      and due.papers_due and due.contact_id is not null
      and coalesce(due.papers_for, due.party_id) = ${partyId})`;
}

async function letOldSumsGo(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<void> {
  const checks = await tx
    .selectFrom('agreement_checks')
    .select('id')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .orderBy('begun_at', 'desc')
    .offset(CHECKS_WITH_SUMS)
    .limit(CHECKS_WITH_SUMS)
    .execute();
  const ids = checks.map(({ id }) => id);
  if (ids.length === 0) return;
  await tx
    .deleteFrom('agreement_sums')
    .where('provider_id', '=', scope.providerId)
    .where('check_id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute();
}

/** One line of a check's sums. */
export interface SumRow {
  partyId: PartyId;
  kind: DocumentKind;
  status: DocumentStatus;
  currency: string;
  ours: { count: number; totalMinor: bigint; dueMinor: bigint };
  theirs: { count: number; totalMinor: bigint; dueMinor: bigint };
}

/** Where a line stands among the sums of its check. */
export type SumPlace = Pick<SumRow, 'partyId' | 'kind' | 'status' | 'currency'>;

/** A check's sums, those of one learner together, from after the line that a page ended with. */
export async function listSums(
  tx: Tx,
  scope: Scope,
  checkId: string,
  page: { after: SumPlace | null; limit: number },
): Promise<SumRow[]> {
  let query = tx
    .selectFrom('agreement_sums')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('check_id', '=', checkId);
  if (page.after) {
    const { partyId, kind, status, currency } = page.after;
    // Compared as the primary key has them, so that each page is read from its place on.
    query = query.where(sql<boolean>`(party_id, kind, status, currency)
      > (${partyId}::uuid, ${kind}::text, ${status}::text, ${currency}::text)`);
  }
  const rows = await query
    .orderBy('party_id')
    .orderBy('kind')
    .orderBy('status')
    .orderBy('currency')
    .limit(page.limit)
    .execute();
  return rows.map((row) => ({
    partyId: row.party_id as PartyId,
    kind: row.kind as DocumentKind,
    status: row.status as DocumentStatus,
    currency: row.currency,
    ours: {
      count: row.ours_count,
      totalMinor: row.ours_total_minor,
      dueMinor: row.ours_due_minor,
    },
    theirs: {
      count: row.theirs_count,
      totalMinor: row.theirs_total_minor,
      dueMinor: row.theirs_due_minor,
    },
  }));
}
