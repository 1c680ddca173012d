import { sql } from 'kysely';
import type { LearnerId, XeroOrgId } from '#contract/ids';
import type { Owing } from '#contract/money';
import type { SyncStanding } from '#contract/sync';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

/** What a list shows beside learners: read where it is kept, never copied into learners. */
export interface LearnerFinance {
  standing: Map<string, SyncStanding>;
  /** Null for whoever may not see papers. */
  owing: Map<string, Owing[]> | null;
}

/** Where each learner stands towards Xero; the worst standing when there are several links. */
export async function standingOf(
  tx: Tx,
  scope: Scope,
  ids: readonly LearnerId[],
): Promise<Map<string, SyncStanding>> {
  if (ids.length === 0) return new Map();
  const links = await sql<{ party_id: string; standing: SyncStanding }>`
    select distinct on (party_id) party_id, standing from contact_links
    where provider_id = ${scope.providerId} and party_id = any(${[...ids]}::uuid[])
      and standing is not null
    order by party_id,
      array_position(array['blocked', 'undecided', 'waiting', 'in-step'], standing)`.execute(tx);
  return new Map(links.rows.map((link) => [link.party_id, link.standing]));
}

interface OwingRow {
  party_id: string;
  xero_org_id: XeroOrgId;
  currency: string;
  due: bigint;
}

/**
 * What each learner owes on approved invoices, in minor units: one sum per organisation and
 * currency. What was owed in an organisation that is connected no longer is not known any more.
 */
export async function owingOf(
  tx: Tx,
  scope: Scope,
  ids: readonly LearnerId[],
): Promise<Map<string, Owing[]>> {
  const owing = new Map<string, Owing[]>();
  if (ids.length === 0) return owing;
  const sums = await sql<OwingRow>`
    select party_id, xero_org_id, currency, sum(due_minor)::bigint as due from documents
    where provider_id = ${scope.providerId} and party_id = any(${[...ids]}::uuid[])
      and kind = 'invoice' and status in ('approved', 'part-paid') and due_minor > 0
      and xero_org_id <> all((select former_organisations(${scope.providerId}))::uuid[])
    group by party_id, xero_org_id, currency
    order by party_id, currency, xero_org_id`.execute(tx);
  for (const sum of sums.rows) {
    const { party_id: id, xero_org_id: xeroOrgId, currency } = sum;
    const owed = { xeroOrgId, amountMinor: Number(sum.due), currency };
    owing.set(id, [...(owing.get(id) ?? []), owed]);
  }
  return owing;
}
