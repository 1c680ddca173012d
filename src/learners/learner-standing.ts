import { sql } from 'kysely';
import type { LearnerId } from '#contract/ids';
import type { Money } from '#contract/money';
import type { SyncStanding } from '#contract/sync';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

/** What a list shows beside learners: read where it is kept, never copied into learners. */
export interface LearnerFinance {
  standing: Map<string, SyncStanding>;
  owing: Map<string, Money[]>;
}

/** Where each learner stands towards Xero; the worst standing when there are several links. */
export async function standingOf(
  tx: Tx,
  scope: Scope,
  ids: readonly LearnerId[],
): Promise<Map<string, SyncStanding>> {
  if (ids.length === 0) return new Map();
  const links = await sql<{ learner_id: string; standing: SyncStanding }>`
    select distinct on (learner_id) learner_id, standing from contact_links
    where provider_id = ${scope.providerId} and learner_id = any(${[...ids]}::uuid[])
      and standing is not null
    order by learner_id,
      array_position(array['blocked', 'undecided', 'waiting', 'in-step'], standing)`.execute(tx);
  return new Map(links.rows.map((link) => [link.learner_id, link.standing]));
}

/**
 * What each learner owes on approved invoices, in minor units: one sum per organisation and
 * currency. What was owed in an organisation that is connected no longer is not known any more.
 */
export async function owingOf(
  tx: Tx,
  scope: Scope,
  ids: readonly LearnerId[],
): Promise<Map<string, Money[]>> {
  const owing = new Map<string, Money[]>();
  if (ids.length === 0) return owing;
  const sums = await sql<{ learner_id: string; currency: string; due: bigint }>`
    select learner_id, xero_org_id, currency, sum(due_minor)::bigint as due from documents
    where provider_id = ${scope.providerId} and learner_id = any(${[...ids]}::uuid[])
      and kind = 'invoice' and status in ('approved', 'part-paid') and due_minor > 0
      and xero_org_id <> all((select former_organisations(${scope.providerId}))::uuid[])
    group by learner_id, xero_org_id, currency
    order by learner_id, currency, xero_org_id`.execute(tx);
  for (const sum of sums.rows) {
    const money = { amountMinor: Number(sum.due), currency: sum.currency };
    owing.set(sum.learner_id, [...(owing.get(sum.learner_id) ?? []), money]);
  }
  return owing;
}
