import { errorTexts } from '#contract/errors';
import type { ConnectionId, PartyId, PartyKind, XeroOrgId } from '#contract/ids';
import { wantedOrganisation } from '#contract/organisations';
import type { LearnerSync } from '#contract/sync';
import { AppError } from '#platform/app-error';
import { plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { driftReason } from '../drift/drift-words.ts';
import { asideOf, readingsAmong } from '../lane/aside.ts';
import type { SyncDeps } from '../lane/lane-run.ts';
import { type Lane, lanesOf, wakeLane } from '../lane/lane-store.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { linksOfParties, linksWithPapersFor, saveLinks } from '../links/link-store.ts';
import { findMatching, isGateClosed } from '../matching/matching-store.ts';
import type { Party } from '../parties/party.ts';
import { CLOCK_DOUBT_MS } from '../pull/cursor-store.ts';
import { storeNotices } from '../pull/notice-store.ts';
import { arePapersToCome } from '../pull/read-linked-papers.ts';
import { contactUrl, shortCodeOf } from './contact-url.ts';
import { nameInXero } from './name-in-xero.ts';

/** One party as an address names it. */
export interface WhichParty {
  kind: PartyKind;
  id: PartyId;
}

/** Where a party stands towards Xero. */
export type PartySync = Omit<LearnerSync, 'learnerId'>;

/** Where a party stands towards Xero, and why. `request.not-found` for one of nobody here. */
export async function partySync(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  which: WhichParty,
): Promise<PartySync> {
  const party = await requireParty(deps, tx, scope, which);
  return present(deps, tx, scope, party);
}

/**
 * Tries again at once because somebody asks: sends what waits or is blocked, looks at the contact,
 * and reads its papers. While Xero makes us wait the wish is kept.
 */
export async function syncPartyNow(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  which: WhichParty,
): Promise<PartySync> {
  const party = await requireParty(deps, tx, scope, which);
  const now = deps.clock.now();
  for (const lane of await lanesOf(tx, scope)) {
    const xeroOrgId = lane.xero_org_id as XeroOrgId;
    if (!(await wakeLane(tx, scope.providerId, xeroOrgId, now))) continue;
    const links = await linksOfParties(tx, scope, xeroOrgId, [party.id]);
    // Papers of learners who were merged into this one; their contacts get nothing from here.
    const further = await linksWithPapersFor(tx, scope, xeroOrgId, party.id);
    await saveLinks(tx, scope, [
      ...links.map((link) => askedFor(link, now)),
      ...further.map((link): ContactLink => ({ ...link, papersDue: true })),
    ]);
    // Dated ahead of any doubt about clocks, so that it counts as news of the contact.
    const eventAt = plus(now, CLOCK_DOUBT_MS);
    const notices = links.flatMap(({ contactId }) =>
      contactId ? [{ kind: 'contact' as const, resourceId: contactId, eventAt }] : [],
    );
    await storeNotices(tx, scope.providerId, xeroOrgId, notices, now);
  }
  await announce(tx, scope.providerId, 'sync', [party.id]);
  return present(deps, tx, scope, party);
}

function askedFor(link: ContactLink, now: Date): ContactLink {
  const asked = { ...link, isUrgent: true, papersDue: link.contactId !== null };
  if (link.standing !== 'blocked' && link.standing !== 'waiting') return asked;
  return { ...asked, standing: 'waiting', reasons: [], nextAttemptAt: now };
}

/** `request.not-found` where there is none of that id, or it is of the other kind. */
export async function requireParty(
  deps: Pick<SyncDeps, 'parties'>,
  tx: Tx,
  scope: Scope,
  { kind, id }: WhichParty,
): Promise<Party> {
  const party = await deps.parties.get(tx, scope, id);
  if (party?.kind === kind) return party;
  throw new AppError('request.not-found', `There is no ${kind} at this address.`);
}

async function present(deps: SyncDeps, tx: Tx, scope: Scope, party: Party): Promise<PartySync> {
  const { syncToXero } = party;
  const lanes = await lanesOf(tx, scope);
  const organisation = await organisationOf(deps, tx, scope, party, lanes);
  for (const lane of lanes) {
    if (lane.stop_reason === 'disconnected') continue;
    const xeroOrgId = lane.xero_org_id as XeroOrgId;
    const [link] = await linksOfParties(tx, scope, xeroOrgId, [party.id]);
    if (!link || link.standing === null) continue;
    const shortCode = await shortCodeOf(deps, tx, scope, xeroOrgId);
    const isReviewed = isGateClosed(await findMatching(tx, scope, xeroOrgId));
    const reasons = reasonsOf(lane, link, deps.clock.now());
    return {
      syncToXero,
      organisation,
      link: {
        xeroOrgId,
        organisationName: lane.organisation_name,
        standing: link.standing,
        reasons: isReviewed && link.standing === 'waiting' ? [...reasons, reviewWords] : reasons,
        connectionId: lane.connection_id as ConnectionId,
        contactId: link.contactId,
        contactUrl: contactUrl(deps.xeroPagesUrl, shortCode, link.contactId),
        nameInXero: await nameInXero(deps, tx, scope, { party, link }),
        lastPushedAt: link.lastPushedAt?.toISOString() ?? null,
        nextAttemptAt: nextAttemptAt(lane, link)?.toISOString() ?? null,
        wantedRevision: link.wantedRevision,
        pushedRevision: link.pushedRevision,
        isReading: arePapersToCome(lane, link) && mayRead(lane, deps.clock.now()),
        arePapersHeld: arePapersHeld(lane),
        reviewOf: isReviewed ? (lane.connection_id as ConnectionId) : null,
      },
    };
  }
  return { syncToXero, organisation, link: null };
}

/** Where a party belongs by the rules; one that was disconnected is named as it was then. */
export async function organisationOf(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  party: Party,
  lanes: readonly Lane[],
): Promise<PartySync['organisation']> {
  const { rules, connected } = await deps.connections.routing(tx, scope);
  const xeroOrgId = wantedOrganisation(party, rules);
  const lane = lanes.find((one) => one.xero_org_id === xeroOrgId);
  if (xeroOrgId === null || !lane) return null;
  return { xeroOrgId, name: lane.organisation_name, isConnected: connected.has(xeroOrgId) };
}

const reviewWords = 'Matches are to be reviewed first.';

/** What the link says, and for one that waits what the whole organisation waits for. */
function reasonsOf(lane: Lane, link: ContactLink, now: Date): string[] {
  const differs = driftReason(link.drift);
  const reasons = differs === null ? link.reasons : [...link.reasons, differs];
  return link.standing === 'waiting' ? [...reasons, ...waitingFor(lane, now)] : reasons;
}

function arePapersHeld(lane: Lane): boolean {
  return Object.keys(readingsAmong(asideOf(lane), { alsoContacts: false })).length > 0;
}

function mayRead(lane: Lane, now: Date): boolean {
  return lane.state === 'running' && (lane.paused_until === null || lane.paused_until <= now);
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
