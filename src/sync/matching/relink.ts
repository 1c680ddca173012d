import { sql } from 'kysely';
import type { DocumentKind } from '#contract/billing';
import type { XeroOrgId } from '#contract/ids';
import { aboutParty } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { requireParty, type WhichParty } from '../health/party-sync.ts';
import type { SyncDeps } from '../lane/lane-run.ts';
import { wakeLane } from '../lane/lane-store.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { leaveToGiver } from '../links/handover-store.ts';
import { linksOfParties, saveLinks } from '../links/link-store.ts';
import { availableContact } from './decide-proposal.ts';
import { linkedTo } from './match-one-by-one.ts';
import { findMatching, isGateClosed } from './matching-store.ts';

/** Another contact than the one that is linked. */
export interface Relinking {
  xeroOrgId: XeroOrgId;
  contactId: string;
  replaceCode: boolean;
}

/**
 * Links a party to another contact than now, because a person says that the present one is somebody
 * else. Nothing of the former contact is changed in Xero; its papers leave the party here, and
 * those of the new one come home. The same the other way round undoes it.
 *
 * @throws AppError `matching.not-open` when there is no link to change, its contact is just being
 *   made, or matches wait for their review; `matching.contact-unavailable` when somebody else has
 *   the contact
 */
export async function relinkParty(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  which: WhichParty,
  wanted: Relinking,
): Promise<void> {
  const { xeroOrgId } = wanted;
  const { id: partyId } = await requireParty(deps, tx, scope, which);
  const now = deps.clock.now();
  await wakeLane(tx, scope.providerId, xeroOrgId, now);
  const [link] = await linksOfParties(tx, scope, xeroOrgId, [partyId]);
  const isReviewed = isGateClosed(await findMatching(tx, scope, xeroOrgId));
  if (!link?.contactId || link.uncertainSince !== null || isReviewed) {
    throw new AppError('matching.not-open', 'There is no link to a contact that could be changed.');
  }
  const about = { partyId, contactId: wanted.contactId };
  const contact = await availableContact(deps, tx, scope, xeroOrgId, about);
  if (contact.contactId === link.contactId) return;
  const after = anew(linkedTo(link, contact.contactId, wanted.replaceCode, now), link.standing);
  await saveLinks(tx, scope, [after]);
  await leaveToGiver(tx, scope, xeroOrgId, partyId, link.contactId);
  const left = await papersOfContact(tx, scope, xeroOrgId, link.contactId);
  await deps.billing.drop(tx, scope, left);
  await deps.events.append(tx, scope, {
    kind: 'contact.relinked',
    ...aboutParty(link),
    xeroOrgId,
    contactId: contact.contactId,
    formerContactId: link.contactId,
    changes: [{ field: 'contact', from: link.seen?.name ?? null, to: contact.name }],
  });
  await announce(tx, scope.providerId, 'sync', [partyId]);
}

/** Nothing that was known of the former contact holds for the new one. */
function anew(link: ContactLink, standing: ContactLink['standing']): ContactLink {
  return {
    ...link,
    // With Sync to Xero off nothing is sent to the new contact either.
    standing: standing === null ? null : link.standing,
    contactChangedAt: null,
    bearsNumber: false,
    isUrgent: true,
    papersFor: null,
    accepted: {},
    drift: [],
    driftSince: null,
    driftWeighed: null,
  };
}

async function papersOfContact(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId, contactId: string) {
  const { rows } = await sql<{ kind: DocumentKind; xero_id: string }>`
    select kind, xero_id from documents
    where provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}
      and contact_id = ${contactId}`.execute(tx);
  return rows.map((row) => ({ xeroOrgId, kind: row.kind, xeroId: row.xero_id }));
}
