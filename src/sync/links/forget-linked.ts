import type { XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

/**
 * Unties all links of an organisation that was emptied, so that their learners are put there anew.
 * What is wanted stays wanted.
 */
export async function forgetLinked(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('contact_links')
    .set({
      contact_id: null,
      contact_status: null,
      contact_changed_at: null,
      base: null,
      seen: null,
      offered: null,
      accepted: '{}',
      drift: [],
      pushed_revision: null,
      uncertain_since: null,
      contact_from: null,
      had_contact: null,
      papers_due: false,
      wants_new: false,
      reasons: '[]',
      attempts: 0,
      next_attempt_at: now,
    })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
  await tx
    .updateTable('contact_links')
    .set({ standing: 'waiting' })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('standing', 'is not', null)
    .execute();
  await tx
    .deleteFrom('notices')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
  await tx
    .updateTable('cursors')
    .set({
      read_until: null,
      walking: false,
      position: null,
      page: 1,
      next_at: now,
      walked_at: null,
    })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
  // A reading of papers that is on asks for contacts of before.
  await tx
    .updateTable('lanes')
    .set({ paper_reading: null })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
}
