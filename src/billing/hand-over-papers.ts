import { sql } from 'kysely';
import type { LearnerId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

/** Whose papers go to whom: all of them, or those that stand on certain contacts. */
export interface Handover {
  from: readonly LearnerId[];
  to: LearnerId;
  only?: { xeroOrgId: XeroOrgId; contactIds: readonly string[] };
}

/** Names another learner on papers; the papers themselves stay as they are. */
export async function handOverPapers(tx: Tx, scope: Scope, handover: Handover): Promise<void> {
  const { from, to, only } = handover;
  let update = tx
    .updateTable('documents')
    .set({ party_id: to })
    .where('provider_id', '=', scope.providerId)
    .where('party_id', '=', sql<string>`any(${[...from]}::uuid[])`);
  if (only) {
    update = update
      .where('xero_org_id', '=', only.xeroOrgId)
      .where('contact_id', '=', sql<string>`any(${[...only.contactIds]}::uuid[])`);
  }
  await update.execute();
}
