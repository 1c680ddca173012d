import { AppError } from '#platform/app-error';
import type { Scope } from '#platform/scope';
import { getProvider, type Provider, stillMay } from '#providers/index';
import { invitationOfToken } from './across-providers.ts';
import { refuseBarriers, setOut } from './begin-consent.ts';
import { xeroManifest } from './catalogue/xero.ts';
import { deleteUnanswered } from './consent-store.ts';
import type { ConnectionsDeps } from './deps.ts';
import type { Invitation } from './invitation.ts';
import { changeInvitation, lockInvitation } from './invitation-store.ts';
import { refuseEnded } from './invite.ts';
import { isMemberAtHand } from './member-at-hand.ts';

/** What the page behind a link says: who asks whom to connect what. */
export interface InvitationPage {
  providerName: string;
  askedBy: string;
  appName: string;
  expiresAt: Date;
  /** It is for members of the provider, and none is signed in in this browser. */
  mustSignIn: boolean;
}

/** What a browser brings along. */
interface Browser {
  sessionCookie: string | undefined;
  /** The secret of a browser that set out before. */
  binding: string | undefined;
}

/**
 * What whoever opens a link sees before they set out; nothing is changed by it, so that programs
 * which look links up for somebody use none up.
 * @throws AppError `request.not-found`, `connect-link.ended`
 */
export async function readInvitation(
  deps: ConnectionsDeps,
  token: string,
  { sessionCookie }: Pick<Browser, 'sessionCookie'>,
): Promise<InvitationPage> {
  const { scope, expiresAt } = await openInvitation(deps, token);
  const provider = await providerOf(deps, scope);
  return {
    providerName: provider.name,
    askedBy: scope.actor.name,
    appName: xeroManifest.name,
    expiresAt,
    mustSignIn: !(await mayFollow(deps, provider, sessionCookie)),
  };
}

/**
 * Lets the browser at hand set out for Xero with a link, for ten minutes from now. A browser that
 * set out with it before is overtaken: only one answer can finish it.
 *
 * @throws AppError `request.not-found`, `connect-link.ended`, `connect-link.members-only`, and as
 *   `beginConsent`
 */
export async function continueConsent(
  deps: ConnectionsDeps,
  token: string,
  { sessionCookie, binding }: Browser,
): Promise<{ authorizeUrl: string; binding: string }> {
  const { id, scope } = await openInvitation(deps, token);
  const provider = await providerOf(deps, scope);
  if (!(await mayFollow(deps, provider, sessionCookie))) {
    throw new AppError('connect-link.members-only', `It is for people of ${provider.name}.`);
  }
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const invitation = await lockInvitation(tx, scope, id);
    if (!invitation) throw new AppError('request.not-found');
    refuseEnded(invitation, deps.clock.now());
    const { joinsOthers, attempts } = invitation;
    await refuseBarriers(deps, tx, scope, joinsOthers);
    await deleteUnanswered(tx, scope, id);
    await changeInvitation(tx, scope, id, { attempts: attempts + 1 });
    return setOut(deps, tx, scope, { invitationId: id, joinsOthers }, binding);
  });
}

async function providerOf({ database }: ConnectionsDeps, scope: Scope): Promise<Provider> {
  const provider = await database.asProvider(scope.providerId, (tx) => getProvider(tx, scope));
  if (!provider) throw new AppError('request.not-found');
  return provider;
}

/** A provider may keep its links to its own people (decision 043). */
async function mayFollow(
  deps: ConnectionsDeps,
  { id, colleagueLinks }: Provider,
  sessionCookie: string | undefined,
): Promise<boolean> {
  return colleagueLinks === 'anybody' || isMemberAtHand(deps, sessionCookie, id);
}

/** A link that works, made by someone who may still connect. */
async function openInvitation(deps: ConnectionsDeps, token: string): Promise<Invitation> {
  const invitation = await invitationOfToken(deps.database, token);
  if (!invitation) throw new AppError('request.not-found');
  refuseEnded(invitation, deps.clock.now());
  const { scope } = invitation;
  const isBacked = await deps.database.asProvider(scope.providerId, (tx) =>
    stillMay(tx, scope, 'connections.manage'),
  );
  if (!isBacked) {
    const who = scope.actor.name;
    throw new AppError('connect-link.ended', `${who}, who made it, may no longer connect apps.`);
  }
  return invitation;
}
