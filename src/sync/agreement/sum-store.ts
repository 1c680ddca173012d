import { sql } from 'kysely';
import type { DocumentKind, DocumentStatus } from '#contract/billing';
import type { PartyId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { Check } from './check-store.ts';

/**
 * Adds both sides up by learner, kind, state and currency: ours over all copies, theirs over those
 * papers that this check has read in Xero. Says how many lines differ.
 */
export async function addSums(
  tx: Tx,
  scope: Scope,
  check: Pick<Check, 'id' | 'xeroOrgId' | 'begunAt'>,
): Promise<number> {
  const { rows } = await sql<{ differing: number }>`
    with sums as (
      insert into agreement_sums (provider_id, check_id, party_id, kind, status, currency,
        ours_count, ours_total_minor, ours_due_minor,
        theirs_count, theirs_total_minor, theirs_due_minor)
      select paper.provider_id, ${check.id}::uuid, paper.party_id, paper.kind, paper.status,
        paper.currency,
        count(*), sum(paper.total_minor), sum(paper.due_minor + paper.remaining_minor),
        count(mark.xero_id),
        coalesce(sum(paper.total_minor) filter (where mark.xero_id is not null), 0),
        coalesce(
          sum(paper.due_minor + paper.remaining_minor) filter (where mark.xero_id is not null), 0)
      from documents paper left join paper_marks mark
        on mark.provider_id = paper.provider_id and mark.xero_org_id = paper.xero_org_id
        and mark.kind = paper.kind and mark.xero_id = paper.xero_id
        and mark.read_at >= ${check.begunAt}::timestamptz
      where paper.provider_id = ${scope.providerId} and paper.xero_org_id = ${check.xeroOrgId}
        and paper.party_id is not null
      group by paper.provider_id, paper.party_id, paper.kind, paper.status, paper.currency
      returning *)
    select count(*)::int as differing from sums
    where (ours_count, ours_total_minor, ours_due_minor)
      <> (theirs_count, theirs_total_minor, theirs_due_minor)`.execute(tx);
  return rows[0]?.differing ?? 0;
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

/** A check's sums, those of one learner together, from after the line that a page ended with. */
export async function listSums(
  tx: Tx,
  scope: Scope,
  checkId: string,
  page: { after: string | null; limit: number },
): Promise<{ key: string; row: SumRow }[]> {
  const key = sql<string>`party_id || ' ' || kind || ' ' || status || ' ' || currency`;
  let query = tx
    .selectFrom('agreement_sums')
    .selectAll()
    .select(key.as('key'))
    .where('provider_id', '=', scope.providerId)
    .where('check_id', '=', checkId);
  if (page.after !== null) query = query.where(key, '>', page.after);
  const rows = await query.orderBy(key).limit(page.limit).execute();
  return rows.map((row) => ({
    key: row.key,
    row: {
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
    },
  }));
}
