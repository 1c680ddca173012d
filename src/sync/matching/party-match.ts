import type { ConnectionId, PartyId, XeroOrgId } from '#contract/ids';
import type { LearnerMatch } from '#contract/matching';
import { aboutParty } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { requireParty, type WhichParty } from '../health/party-sync.ts';
import type { SyncDeps } from '../lane/lane-run.ts';
import { type Lane, lanesOf, wakeLane } from '../lane/lane-store.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { linksOfParties, saveLinks } from '../links/link-store.ts';
import { availableContact, type Decision } from './decide-proposal.ts';
import { linkedTo } from './match-one-by-one.ts';
import { matchAgainstKept, matchPartyOf } from './match-parties.ts';
import { findMatching, isGateClosed, markMatched } from './matching-store.ts';
import { viewOf, withInvoices } from './present.ts';

type PartyMatch = Omit<LearnerMatch, 'learnerId'>;

/** Contacts of which one may be this party, as far as a person still has to decide. */
export async function partyMatch(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  which: WhichParty,
): Promise<PartyMatch> {
  const party = await requireParty(deps, tx, scope, which);
  const found = await undecidedLane(tx, scope, party.id);
  if (!found) return { open: null };
  const xeroOrgId = found.xero_org_id as XeroOrgId;
  const asked = [matchPartyOf(party)];
  const { proposals, contacts } = await matchAgainstKept(tx, scope, xeroOrgId, asked);
  const candidates = proposals.get(party.id)?.candidates ?? [];
  const seen = await withInvoices(deps, tx, scope, xeroOrgId, contacts);
  return {
    open: {
      xeroOrgId,
      connectionId: found.connection_id as ConnectionId,
      organisationName: found.organisation_name,
      candidates: candidates.flatMap((candidate) => viewOf(candidate, seen) ?? []),
    },
  };
}

/**
 * A person's word on who this party is in Xero. It is sent at once.
 *
 * @throws AppError `matching.not-open` when it was decided meanwhile or waits for the review of all,
 * `matching.contact-unavailable` when somebody else has the contact
 */
export async function decidePartyMatch(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  which: WhichParty,
  said: Decision & { decision: 'link' | 'create'; xeroOrgId: XeroOrgId },
): Promise<PartyMatch> {
  const { xeroOrgId } = said;
  const { id: partyId } = await requireParty(deps, tx, scope, which);
  const now = deps.clock.now();
  await wakeLane(tx, scope.providerId, xeroOrgId, now);
  const [link] = await linksOfParties(tx, scope, xeroOrgId, [partyId]);
  const isOpen = link?.standing === 'undecided' && link.contactId === null;
  if (!link || !isOpen || isGateClosed(await findMatching(tx, scope, xeroOrgId))) {
    throw new AppError('matching.not-open', 'Somebody has decided about this meanwhile.');
  }
  const after = await afterDecision(deps, tx, scope, link, said, now);
  await saveLinks(tx, scope, [{ ...after, isUrgent: true }]);
  await markMatched(tx, scope, xeroOrgId, [partyId]);
  if (after.contactId !== null) {
    const { contactId } = after;
    const how = 'adopted' as const;
    await deps.events.append(tx, scope, {
      kind: 'contact.linked',
      ...aboutParty(after),
      xeroOrgId,
      contactId,
      how,
    });
  } else {
    await deps.events.append(tx, scope, {
      kind: 'contact.to-create',
      ...aboutParty(after),
      xeroOrgId,
    });
  }
  await announce(tx, scope.providerId, 'sync', [partyId]);
  return { open: null };
}

async function afterDecision(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  link: ContactLink,
  said: Decision & { xeroOrgId: XeroOrgId },
  now: Date,
): Promise<ContactLink> {
  if (said.decision === 'create') {
    const waiting = { standing: 'waiting' as const, reasons: [], attempts: 0, nextAttemptAt: now };
    return { ...link, ...waiting, wantsNew: true };
  }
  const about = { partyId: link.partyId, contactId: said.contactId };
  const contact = await availableContact(deps, tx, scope, said.xeroOrgId, about);
  return linkedTo(link, contact.contactId, said.replaceCode, now);
}

async function undecidedLane(tx: Tx, scope: Scope, partyId: PartyId): Promise<Lane | null> {
  for (const lane of await lanesOf(tx, scope)) {
    if (lane.stop_reason === 'disconnected') continue;
    const xeroOrgId = lane.xero_org_id as XeroOrgId;
    const [link] = await linksOfParties(tx, scope, xeroOrgId, [partyId]);
    if (link?.standing === 'undecided' && link.contactId === null) return lane;
  }
  return null;
}
