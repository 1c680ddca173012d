import type { LearnerId, XeroOrgId } from '#contract/ids';
import type { FurtherContact } from '#contract/merges';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { lanesOf } from '../lane/lane-store.ts';
import { linksWithPapersFor } from '../links/link-store.ts';
import { contactUrl, shortCodeOf } from './contact-url.ts';

/**
 * Contacts of learners who were merged into this one, as long as they stand beside the learner's
 * own in Xero. `request.not-found` for a learner of nobody here.
 */
export async function furtherContacts(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  learnerId: LearnerId,
): Promise<FurtherContact[]> {
  if (!(await deps.learners.get(tx, scope, learnerId))) {
    throw new AppError('request.not-found', 'There is no learner at this address.');
  }
  const contacts: FurtherContact[] = [];
  for (const lane of await lanesOf(tx, scope)) {
    const xeroOrgId = lane.xero_org_id as XeroOrgId;
    const links = await linksWithPapersFor(tx, scope, xeroOrgId, learnerId);
    const apart = links.filter((link) => link.contactStatus !== 'merged');
    if (apart.length === 0) continue;
    const shortCode = await shortCodeOf(deps, tx, scope, xeroOrgId);
    for (const { contactId, seen } of apart) {
      if (contactId === null) continue;
      contacts.push({
        xeroOrgId,
        organisationName: lane.organisation_name,
        name: seen?.name ?? 'Contact',
        contactId,
        contactUrl: contactUrl(deps.xeroPagesUrl, shortCode, contactId),
      });
    }
  }
  return contacts;
}
