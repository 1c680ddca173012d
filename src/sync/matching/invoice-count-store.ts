import { sql } from 'kysely';
import type { XeroOrgId } from '#contract/ids';
import { DAY_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { actorMay, type Scope } from '#platform/scope';
import { findMatching } from './matching-store.ts';
import { undecidedProposals } from './proposal-store.ts';

/** Calls that counting may take in one matching: it helps a person, and is not worth more. */
export const COUNT_CALLS_MAX = 10;
/** Proposals that are looked through: whoever decides more than so many by hand has them counted anew. */
const PROPOSALS_MAX = 500;
/** What was counted longer ago is not told: there may be others by now. */
const COUNT_KEPT_MS = 7 * DAY_MS;

/** Whether candidates may have come up since their invoices were counted. */
export async function areInvoicesToCount(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<boolean> {
  const matching = await findMatching(tx, scope, xeroOrgId);
  return (
    matching?.state === 'open' &&
    matching.count_calls < COUNT_CALLS_MAX &&
    matching.counted_version !== matching.version
  );
}

/** What is still to be counted of the proposals of this version. */
export interface CountWish {
  version: number;
  callsLeft: number;
  contactIds: string[];
}

/** Candidates of those about whom a person has to decide, as far as they were not counted yet. */
export async function candidatesToCount(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<CountWish | null> {
  const matching = await findMatching(tx, scope, xeroOrgId);
  if (matching?.state !== 'open') return null;
  const proposals = await undecidedProposals(tx, scope, xeroOrgId, PROPOSALS_MAX);
  const ids = proposals.flatMap(({ candidates }) => candidates.map((one) => one.contactId));
  const rows = await tx
    .selectFrom('xero_contacts')
    .select('contact_id')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('contact_id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('invoices', 'is', null)
    .execute();
  const open = new Set(rows.map((row) => row.contact_id));
  return {
    version: matching.version,
    callsLeft: COUNT_CALLS_MAX - matching.count_calls,
    // In the order in which people meet them.
    contactIds: [...new Set(ids)].filter((id) => open.has(id)),
  };
}

/** Keeps what was counted, and the calls that it took. */
export async function keepCounts(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  counted: { invoices: ReadonlyMap<string, number>; calls: number; now: Date },
): Promise<void> {
  const { invoices, calls, now } = counted;
  await sql`
    update xero_contacts set invoices = counted.invoices, invoices_at = ${now}::timestamptz
    from unnest(${[...invoices.keys()]}::uuid[], ${[...invoices.values()]}::integer[])
      as counted (contact_id, invoices)
    where xero_contacts.provider_id = ${scope.providerId}
      and xero_contacts.xero_org_id = ${xeroOrgId}
      and xero_contacts.contact_id = counted.contact_id`.execute(tx);
  await tx
    .updateTable('matchings')
    .set({ count_calls: sql<number>`count_calls + ${calls}::integer` })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
}

/** All that can be counted of the proposals of this version is. */
export async function endCounting(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  version: number,
): Promise<void> {
  await tx
    .updateTable('matchings')
    .set({ counted_version: version })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
}

/**
 * How many invoices contacts have, by their ids; one that was not counted lately is missing, and for
 * those who may not see invoices all are.
 */
export async function invoicesOfContacts(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  { ids, now }: { ids: readonly string[]; now: Date },
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0 || !actorMay(scope, 'documents.view')) return new Map();
  const rows = await tx
    .selectFrom('xero_contacts')
    .select(['contact_id', 'invoices'])
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('contact_id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .where('invoices_at', '>', plus(now, -COUNT_KEPT_MS))
    .execute();
  return new Map(
    rows.flatMap((row) => (row.invoices === null ? [] : [[row.contact_id, row.invoices]])),
  );
}
