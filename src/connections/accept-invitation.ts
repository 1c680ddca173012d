import { AppError } from '#platform/app-error';
import { getProvider, stillMay } from '#providers/index';
import { invitationOfToken } from './across-providers.ts';
import { refuseBarriers, setOut } from './begin-consent.ts';
import { xeroManifest } from './catalogue/xero.ts';
import { deleteUnanswered } from './consent-store.ts';
import type { ConnectionsDeps } from './deps.ts';
import type { Invitation } from './invitation.ts';
import { changeInvitation, lockInvitation } from './invitation-store.ts';
import { refuseEnded } from './invite.ts';

/** What the page behind a link says: who asks whom to connect what. */
export interface InvitationPage {
  providerName: string;
  askedBy: string;
  appName: string;
  expiresAt: Date;
}

/** @throws AppError `request.not-found`, `connect-link.ended` */
export async function readInvitation(
  deps: ConnectionsDeps,
  token: string,
): Promise<InvitationPage> {
  const { scope, expiresAt } = await openInvitation(deps, token);
  const provider = await deps.database.asProvider(scope.providerId, (tx) => getProvider(tx, scope));
  if (!provider) throw new AppError('request.not-found');
  const askedBy = scope.actor.name;
  return { providerName: provider.name, askedBy, appName: xeroManifest.name, expiresAt };
}

/**
 * Lets the browser at hand set out for Xero with a link, for ten minutes from now. A browser that
 * set out with it before is overtaken: only one answer can finish it.
 *
 * @throws AppError `request.not-found`, `connect-link.ended`, and as `beginConsent`
 */
export async function continueConsent(
  deps: ConnectionsDeps,
  token: string,
  presentBinding: string | undefined,
): Promise<{ authorizeUrl: string; binding: string }> {
  const { id, scope } = await openInvitation(deps, token);
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const invitation = await lockInvitation(tx, scope, id);
    if (!invitation) throw new AppError('request.not-found');
    refuseEnded(invitation, deps.clock.now());
    const { joinsOthers, attempts } = invitation;
    await refuseBarriers(deps, tx, scope, joinsOthers);
    await deleteUnanswered(tx, scope, id);
    await changeInvitation(tx, scope, id, { attempts: attempts + 1 });
    return setOut(deps, tx, scope, { invitationId: id, joinsOthers }, presentBinding);
  });
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
