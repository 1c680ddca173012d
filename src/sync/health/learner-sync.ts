import { errorTexts } from '#contract/errors';
import type { ConnectionId, LearnerId, XeroOrgId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import { wantedOrganisation } from '#contract/organisations';
import type { LearnerSync } from '#contract/sync';
import { AppError } from '#platform/app-error';
import { plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { type Lane, lanesOf, wakeLane } from '../lane/lane-store.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { linksOfParties, saveLinks } from '../links/link-store.ts';
import { findMatching, isGateClosed } from '../matching/matching-store.ts';
import { CLOCK_DOUBT_MS } from '../pull/cursor-store.ts';
import { storeNotices } from '../pull/notice-store.ts';
import { contactUrl, shortCodeOf } from './contact-url.ts';

/** Where a learner stands towards Xero, and why. `request.not-found` for a learner of nobody here. */
export async function learnerSync(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  learnerId: LearnerId,
): Promise<LearnerSync> {
  const learner = await requireLearner(deps, tx, scope, learnerId);
  return present(deps, tx, scope, learner);
}

/**
 * Tries again at once because somebody asks: sends what waits or is blocked, looks at the contact,
 * and reads its papers. While Xero makes us wait the wish is kept.
 */
export async function syncLearnerNow(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  learnerId: LearnerId,
): Promise<LearnerSync> {
  const learner = await requireLearner(deps, tx, scope, learnerId);
  const now = deps.clock.now();
  for (const lane of await lanesOf(tx, scope)) {
    const xeroOrgId = lane.xero_org_id as XeroOrgId;
    if (!(await wakeLane(tx, scope.providerId, xeroOrgId, now))) continue;
    const links = await linksOfParties(tx, scope, xeroOrgId, [learnerId]);
    await saveLinks(
      tx,
      scope,
      links.map((link) => askedFor(link, now)),
    );
    // Dated ahead of any doubt about clocks, so that it counts as news of the contact.
    const eventAt = plus(now, CLOCK_DOUBT_MS);
    const notices = links.flatMap(({ contactId }) =>
      contactId ? [{ kind: 'contact' as const, resourceId: contactId, eventAt }] : [],
    );
    await storeNotices(tx, scope.providerId, xeroOrgId, notices, now);
  }
  await announce(tx, scope.providerId, 'sync', [learnerId]);
  return present(deps, tx, scope, learner);
}

function askedFor(link: ContactLink, now: Date): ContactLink {
  const asked = { ...link, isUrgent: true, papersDue: link.contactId !== null };
  if (link.standing !== 'blocked' && link.standing !== 'waiting') return asked;
  return { ...asked, standing: 'waiting', reasons: [], nextAttemptAt: now };
}

async function requireLearner(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  learnerId: LearnerId,
): Promise<Learner> {
  const learner = await deps.learners.get(tx, scope, learnerId);
  if (learner) return learner;
  throw new AppError('request.not-found', 'There is no learner at this address.');
}

async function present(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  learner: Learner,
): Promise<LearnerSync> {
  const { id: learnerId, syncToXero } = learner;
  const lanes = await lanesOf(tx, scope);
  const organisation = await organisationOf(deps, tx, scope, learner, lanes);
  for (const lane of lanes) {
    if (lane.stop_reason === 'disconnected') continue;
    const xeroOrgId = lane.xero_org_id as XeroOrgId;
    const [link] = await linksOfParties(tx, scope, xeroOrgId, [learnerId]);
    if (!link || link.standing === null) continue;
    const shortCode = await shortCodeOf(deps, tx, scope, xeroOrgId);
    const isReviewed = isGateClosed(await findMatching(tx, scope, xeroOrgId));
    const reasons = reasonsOf(lane, link, deps.clock.now());
    return {
      learnerId,
      syncToXero,
      organisation,
      link: {
        xeroOrgId,
        organisationName: lane.organisation_name,
        standing: link.standing,
        reasons: isReviewed && link.standing === 'waiting' ? [...reasons, reviewWords] : reasons,
        contactId: link.contactId,
        contactUrl: contactUrl(deps.xeroPagesUrl, shortCode, link.contactId),
        lastPushedAt: link.lastPushedAt?.toISOString() ?? null,
        nextAttemptAt: nextAttemptAt(lane, link)?.toISOString() ?? null,
        wantedRevision: link.wantedRevision,
        pushedRevision: link.pushedRevision,
        reviewOf: isReviewed ? (lane.connection_id as ConnectionId) : null,
      },
    };
  }
  return { learnerId, syncToXero, organisation, link: null };
}

/** Where a learner belongs by the rules; one that was disconnected is named as it was then. */
async function organisationOf(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  learner: Learner,
  lanes: readonly Lane[],
): Promise<LearnerSync['organisation']> {
  const { rules, connected } = await deps.connections.routing(tx, scope);
  const xeroOrgId = wantedOrganisation(learner, rules);
  const lane = lanes.find((one) => one.xero_org_id === xeroOrgId);
  if (xeroOrgId === null || !lane) return null;
  return { xeroOrgId, name: lane.organisation_name, isConnected: connected.has(xeroOrgId) };
}

const reviewWords = 'Matches are to be reviewed first.';

/** What the link says, and for one that waits what the whole organisation waits for. */
function reasonsOf(lane: Lane, link: ContactLink, now: Date): string[] {
  if (link.standing !== 'waiting') return link.reasons;
  return [...link.reasons, ...waitingFor(lane, now)];
}

function waitingFor(lane: Lane, now: Date): string[] {
  if (lane.stop_reason === 'consent-lost') {
    const { title, way } = errorTexts['xero.consent-lost'];
    return [`${title}. ${way}`];
  }
  if (lane.stop_reason === 'paused') {
    const { title, way } = errorTexts['connection.paused'];
    return [`${title}. ${way}`];
  }
  if (lane.paused_until !== null && lane.paused_until > now) {
    return [`${lane.pause_reason ?? errorTexts['xero.busy'].title} It goes on by itself.`];
  }
  if (lane.contacts_known_at === null) {
    return ['First we look who is in Xero already, so that nobody is put there twice.'];
  }
  return [];
}

function nextAttemptAt(lane: Lane, link: ContactLink): Date | null {
  if (link.standing !== 'waiting' || lane.state !== 'running') return null;
  const { paused_until: pausedUntil } = lane;
  return pausedUntil && pausedUntil > link.nextAttemptAt ? pausedUntil : link.nextAttemptAt;
}
