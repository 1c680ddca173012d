import { randomBytes } from 'node:crypto';
import {
  type ColleagueLinks,
  type ConnectInvitation,
  LINKS_SENT_PER_DAY,
} from '#contract/connect-invitations';
import { AppError } from '#platform/app-error';
import { DAY_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { announce } from '#platform/live-updates';
import { countMails, dropWaitingMails, queueMail } from '#platform/mail';
import type { Scope } from '#platform/scope';
import { getProvider } from '#providers/index';
import { refuseBarriers } from './begin-consent.ts';
import { xeroManifest } from './catalogue/xero.ts';
import { deleteUnanswered } from './consent-store.ts';
import type { ConnectionsDeps } from './deps.ts';
import { INVITATION_LIFE_MS, type Invitation, presentInvitation, stateOf } from './invitation.ts';
import {
  changeInvitation,
  deleteEndedInvitations,
  insertInvitation,
  isTokenOf,
  listInvitations,
  lockInvitation,
} from './invitation-store.ts';
import { inviteMail } from './invite-mail.ts';

/** What came of a link stays to be read for a while after it ended. */
const ENDED_KEPT_MS = 90 * DAY_MS;
/** What the keys of these mails begin with; the invitation's id and the address follow. */
const MAIL_KEY = 'connect-invitation ';

/**
 * Makes a link by which somebody else connects with their own Xero sign-in, for seven days. The
 * link is told here and never again.
 *
 * @throws AppError as `beginConsent`
 */
export function makeInvitation(
  deps: ConnectionsDeps,
  scope: Scope,
  joinsOthers: boolean,
): Promise<{ invitation: Invitation; url: string; openTo: ColleagueLinks }> {
  const now = deps.clock.now();
  return deps.database.asProvider(scope.providerId, async (tx) => {
    await refuseBarriers(deps, tx, scope, joinsOthers);
    await deleteEndedInvitations(tx, scope, plus(now, -ENDED_KEPT_MS));
    const id = newId();
    const token = randomBytes(32).toString('base64url');
    const wish = { id, token, joinsOthers, expiresAt: plus(now, INVITATION_LIFE_MS) };
    const invitation = await insertInvitation(tx, scope, wish, now);
    await deps.events.append(tx, scope, {
      kind: 'connection.invitation-made',
      invitationId: id,
      app: xeroManifest.key,
    });
    await announce(tx, scope.providerId, 'connections', []);
    return { invitation, url: `${placeOf(deps)}${token}`, openTo: await openTo(tx, scope) };
  });
}

/** Newest first, with what came of them. */
export function showInvitations(
  deps: ConnectionsDeps,
  scope: Scope,
): Promise<{ invitations: ConnectInvitation[]; openTo: ColleagueLinks }> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const all = await listInvitations(tx, scope);
    const now = deps.clock.now();
    const invitations = all.map((invitation) => presentInvitation(invitation, now));
    return { invitations, openTo: await openTo(tx, scope) };
  });
}

async function openTo(tx: Tx, scope: Scope): Promise<ColleagueLinks> {
  return (await getProvider(tx, scope))?.colleagueLinks ?? 'members';
}

/**
 * Sends a link by e-mail; to the same address once.
 * @throws AppError `request.not-found` for a link that is not this invitation's;
 *   `connect-link.ended` when it no longer works; `invitation.too-many`
 */
export function sendInvitation(
  deps: ConnectionsDeps,
  scope: Scope,
  id: string,
  wish: { url: string; email: string },
): Promise<ConnectInvitation> {
  const now = deps.clock.now();
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const invitation = await lockInvitation(tx, scope, id);
    const place = placeOf(deps);
    const token = wish.url.startsWith(place) ? wish.url.slice(place.length) : '';
    const provider = await getProvider(tx, scope);
    if (!invitation || !provider || !(await isTokenOf(tx, scope, id, token))) {
      throw new AppError('request.not-found', 'There is no such link.');
    }
    refuseEnded(invitation, now);
    const sentToday = await countMails(tx, scope.providerId, MAIL_KEY, plus(now, -DAY_MS));
    if (sentToday >= LINKS_SENT_PER_DAY) {
      const detail = `A provider sends at most ${LINKS_SENT_PER_DAY} such mails within 24 hours. The link itself can still be copied and passed on.`;
      throw new AppError('invitation.too-many', detail);
    }
    const { expiresAt } = invitation;
    await queueMail(tx, {
      providerId: scope.providerId,
      to: [wish.email],
      ...inviteMail({ provider, askedBy: scope.actor.name, url: wish.url, expiresAt }),
      onceKey: `${MAIL_KEY}${id} ${wish.email.toLowerCase()}`,
      at: now,
    });
    const sent = await changeInvitation(tx, scope, id, { sentTo: wish.email });
    await deps.events.append(tx, scope, {
      kind: 'connection.invitation-sent',
      invitationId: id,
      to: wish.email,
    });
    await announce(tx, scope.providerId, 'connections', []);
    return presentInvitation(sent, now);
  });
}

/**
 * Takes a link back, also from a browser that is at Xero with it. Repeating it is harmless, and so
 * is taking back one that was used.
 * @throws AppError `request.not-found`
 */
export function revokeInvitation(deps: ConnectionsDeps, scope: Scope, id: string): Promise<void> {
  const now = deps.clock.now();
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const invitation = await lockInvitation(tx, scope, id);
    if (!invitation) throw new AppError('request.not-found', 'There is no such link.');
    if (invitation.usedAt !== null || invitation.revokedAt !== null) return;
    await changeInvitation(tx, scope, id, { revokedAt: now });
    await deleteUnanswered(tx, scope, id);
    await dropWaitingMails(tx, scope.providerId, `${MAIL_KEY}${id} `);
    await deps.events.append(tx, scope, {
      kind: 'connection.invitation-revoked',
      invitationId: id,
    });
    await announce(tx, scope.providerId, 'connections', []);
  });
}

/**
 * Lets nobody go on with a link that was used, taken back, is too old or was tried too often.
 * @throws AppError `connect-link.ended`, saying in which way
 */
export function refuseEnded(invitation: Invitation, now: Date): void {
  const state = stateOf(invitation, now);
  if (state !== 'open') throw new AppError('connect-link.ended', endings[state]);
}

const endings = {
  used: 'It was used: the connection was made with it.',
  revoked: 'It was taken back by the people who made it.',
  expired: 'It was made more than seven days ago.',
  spent: 'It was tried too many times.',
};

function placeOf(deps: Pick<ConnectionsDeps, 'publicUrl'>): string {
  return `${deps.publicUrl}/connect/`;
}
