import type { ConnectionId, LearnerId, XeroOrgId } from '#contract/ids';
import type { LearnerMatch } from '#contract/matching';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { type Lane, lanesOf, wakeLane } from '../lane/lane-store.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { linksOfParties, saveLinks } from '../links/link-store.ts';
import { partyOfLearner } from '../parties/party.ts';
import { availableContact, type Decision } from './decide-proposal.ts';
import { linkedTo } from './match-one-by-one.ts';
import { matchAgainstKept, matchPartyOf } from './match-parties.ts';
import { findMatching, isGateClosed, markMatched } from './matching-store.ts';
import { viewOf } from './present.ts';

/** Contacts of which one may be this learner, as far as a person still has to decide. */
export async function learnerMatch(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  learnerId: LearnerId,
): Promise<LearnerMatch> {
  const learner = await deps.learners.get(tx, scope, learnerId);
  if (!learner) throw new AppError('request.not-found', 'There is no learner at this address.');
  const found = await undecidedLane(tx, scope, learnerId);
  if (!found) return { learnerId, open: null };
  const xeroOrgId = found.xero_org_id as XeroOrgId;
  const asked = [matchPartyOf(partyOfLearner(learner))];
  const { proposals, contacts } = await matchAgainstKept(tx, scope, xeroOrgId, asked);
  const candidates = proposals.get(learnerId)?.candidates ?? [];
  return {
    learnerId,
    open: {
      xeroOrgId,
      connectionId: found.connection_id as ConnectionId,
      organisationName: found.organisation_name,
      candidates: candidates.flatMap((candidate) => viewOf(candidate, contacts) ?? []),
    },
  };
}

/**
 * A person's word on who this learner is in Xero. It is sent at once.
 *
 * @throws AppError `matching.not-open` when it was decided meanwhile or waits for the review of all,
 * `matching.contact-unavailable` when somebody else has the contact
 */
export async function decideLearnerMatch(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  learnerId: LearnerId,
  said: Decision & { decision: 'link' | 'create'; xeroOrgId: XeroOrgId },
): Promise<LearnerMatch> {
  const { xeroOrgId } = said;
  const now = deps.clock.now();
  await wakeLane(tx, scope.providerId, xeroOrgId, now);
  const [link] = await linksOfParties(tx, scope, xeroOrgId, [learnerId]);
  const isOpen = link?.standing === 'undecided' && link.contactId === null;
  if (!link || !isOpen || isGateClosed(await findMatching(tx, scope, xeroOrgId))) {
    throw new AppError('matching.not-open', 'Somebody has decided about this learner meanwhile.');
  }
  const after = await afterDecision(deps, tx, scope, link, said, now);
  await saveLinks(tx, scope, [{ ...after, isUrgent: true }]);
  await markMatched(tx, scope, xeroOrgId, [learnerId]);
  if (after.contactId !== null) {
    const { contactId } = after;
    const how = 'adopted' as const;
    await deps.events.append(tx, scope, {
      kind: 'contact.linked',
      learnerId,
      xeroOrgId,
      contactId,
      how,
    });
  } else {
    await deps.events.append(tx, scope, { kind: 'contact.to-create', learnerId, xeroOrgId });
  }
  await announce(tx, scope.providerId, 'sync', [learnerId]);
  return { learnerId, open: null };
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
    return { ...link, standing: 'waiting', reasons: [], attempts: 0, nextAttemptAt: now };
  }
  const about = { partyId: link.partyId, contactId: said.contactId };
  const contact = await availableContact(deps, tx, scope, said.xeroOrgId, about);
  return linkedTo(link, contact.contactId, said.replaceCode, now);
}

async function undecidedLane(tx: Tx, scope: Scope, learnerId: LearnerId): Promise<Lane | null> {
  for (const lane of await lanesOf(tx, scope)) {
    if (lane.stop_reason === 'disconnected') continue;
    const xeroOrgId = lane.xero_org_id as XeroOrgId;
    const [link] = await linksOfParties(tx, scope, xeroOrgId, [learnerId]);
    if (link?.standing === 'undecided' && link.contactId === null) return lane;
  }
  return null;
}
