import { sql } from 'kysely';
import type { XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { countPapersDue } from '../links/link-store.ts';
import { PAPER_RESOURCES, readAnew } from '../pull/cursor-store.ts';

/** Up to here the papers of linked contacts are asked for by contact, 50 a call. */
const LINKED_BY_CONTACT_MAX = 500;

/**
 * How the papers of contacts that were there before us come home once their links were approved.
 * Few are asked for by contact, which `papers_due` says already. For many it is cheaper to walk all
 * papers of the organisation once: those read before the approval belonged to nobody yet.
 */
export async function firstReadingAfterMatching(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  now: Date,
): Promise<void> {
  if ((await countPapersDue(tx, scope, xeroOrgId)) <= LINKED_BY_CONTACT_MAX) return;
  await readAnew(tx, scope, xeroOrgId, PAPER_RESOURCES, now);
  await sql`
    update contact_links set papers_due = false
    where provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId} and papers_due`.execute(
    tx,
  );
}
