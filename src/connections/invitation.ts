import {
  type ConnectInvitation,
  INVITATION_ATTEMPTS_MAX,
  INVITATION_DAYS,
  type InvitationState,
} from '#contract/connect-invitations';
import type { ConsentOutcome } from '#contract/connections';
import { DAY_MS } from '#platform/clock';
import type { Scope } from '#platform/scope';

export const INVITATION_LIFE_MS = INVITATION_DAYS * DAY_MS;

/** A link by which somebody else finishes a connection with their own Xero sign-in. */
export interface Invitation {
  id: string;
  /** Whoever made it: what it allows, it allows in their name. */
  scope: Scope;
  joinsOthers: boolean;
  sentTo: string | null;
  /** How many times a browser set out for Xero with it. */
  attempts: number;
  lastOutcome: ConsentOutcome | null;
  lastPerson: string | null;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
  revokedAt: Date | null;
}

/**
 * How a link stands at `now`. What was done with it outlasts its time: one that was used stays
 * used. `spent` means that no browser may set out with it again.
 */
export function stateOf(invitation: Invitation, now: Date): InvitationState {
  if (invitation.usedAt !== null) return 'used';
  if (invitation.revokedAt !== null) return 'revoked';
  if (invitation.expiresAt <= now) return 'expired';
  return invitation.attempts >= INVITATION_ATTEMPTS_MAX ? 'spent' : 'open';
}

/** Whether an answer from Xero may still finish it: the last attempt allowed may, too. */
export function mayFinish(invitation: Invitation, now: Date): boolean {
  const state = stateOf(invitation, now);
  return state === 'open' || state === 'spent';
}

/** A link as the API gives it, without its address: that is told once, when it is made. */
export function presentInvitation(invitation: Invitation, now: Date): ConnectInvitation {
  const { id, sentTo, attempts, lastOutcome, lastPerson } = invitation;
  return {
    id,
    state: stateOf(invitation, now),
    askedBy: invitation.scope.actor.name,
    sentTo,
    attempts,
    lastOutcome,
    lastPerson,
    createdAt: invitation.createdAt.toISOString(),
    expiresAt: invitation.expiresAt.toISOString(),
  };
}
