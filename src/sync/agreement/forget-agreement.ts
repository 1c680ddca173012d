import type { XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

/**
 * Forgets which papers were seen in books that are no more, and ends the comparison with them that
 * is on: what Xero has from now on is counted from nothing. What earlier comparisons found stays.
 */
export async function forgetAgreement(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<void> {
  for (const table of ['paper_marks', 'paper_coverage'] as const) {
    await tx
      .deleteFrom(table)
      .where('provider_id', '=', scope.providerId)
      .where('xero_org_id', '=', xeroOrgId)
      .execute();
  }
  await tx
    .deleteFrom('agreement_checks')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('finished_at', 'is', null)
    .execute();
}
