import { sql } from 'kysely';
import type { SyncRules } from '#contract/drift';
import type { XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { lanesOf, wakeLane } from '../lane/lane-store.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { toLink } from '../links/link-row.ts';
import { rulesOf } from './rules.ts';

/** Who wins each field, as the provider has set it. */
export async function readRules(tx: Tx, scope: Scope): Promise<SyncRules> {
  const rows = await tx
    .selectFrom('sync_rules')
    .select(['field', 'winner'])
    .where('provider_id', '=', scope.providerId)
    .execute();
  return rulesOf(rows);
}

/** Sets the rules, and lets every lane weigh what is open anew: its row is locked and called. */
export async function writeRules(tx: Tx, scope: Scope, rules: SyncRules, now: Date): Promise<void> {
  const rows = Object.entries(rules).map(([field, winner]) => ({
    provider_id: scope.providerId,
    field,
    winner,
  }));
  await tx
    .insertInto('sync_rules')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['provider_id', 'field'])
        .doUpdateSet((row) => ({ winner: row.ref('excluded.winner') })),
    )
    .execute();
  // One by one: a statement about all of them would lock them in whatever order it finds them.
  for (const { xero_org_id: xeroOrgId } of await lanesOf(tx, scope)) {
    await tx
      .updateTable('lanes')
      .set({ drift_rules: sql<number>`drift_rules + 1` })
      .where('provider_id', '=', scope.providerId)
      .where('xero_org_id', '=', xeroOrgId)
      .execute();
    await wakeLane(tx, scope.providerId, xeroOrgId as XeroOrgId, now);
  }
}

/** Contacts that rest or are being erased are left alone, and so is whoever is no longer sent. */
const canBeSettled = sql<boolean>`drift <> '{}' and contact_status = 'active'
  and standing in ('in-step', 'waiting')`;

/** Links with a drift that was not weighed under the present rules. */
export async function driftsToWeigh(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  { rules, limit }: { rules: number; limit: number },
): Promise<ContactLink[]> {
  const rows = await tx
    .selectFrom('contact_links')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where(canBeSettled)
    .where(sql<boolean>`drift_weighed is distinct from ${rules}`)
    .orderBy('party_id')
    .limit(limit)
    .execute();
  return rows.map(toLink);
}

/**
 * Whether `driftsToWeigh` would find anything under these rules. Part of every look of a lane, so
 * it is asked in such a way that an index answers.
 */
export async function isDriftDue(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  rules: number,
): Promise<boolean> {
  // `is distinct from`, told as an index can find it.
  const unweighed = [sql`is null`, sql`< ${rules}`, sql`> ${rules}`].map(
    (weighed) => sql`exists (select from contact_links
      where provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId} and ${canBeSettled}
        and drift_weighed ${weighed})`,
  );
  const isDue = sql<{ due: boolean }>`select ${sql.join(unweighed, sql` or `)} as due`;
  const { rows } = await isDue.execute(tx);
  return rows[0]?.due ?? false;
}

/** How many learners and workplaces have a field that waits for a decision. */
export async function countOpenDrifts(tx: Tx, scope: Scope): Promise<number> {
  const row = await tx
    .selectFrom('contact_links')
    .select(sql<number>`count(*)::int`.as('open'))
    .where('provider_id', '=', scope.providerId)
    .where(sql<boolean>`drift <> '{}' and standing is not null`)
    .executeTakeFirstOrThrow();
  return row.open;
}
