import { randomBytes } from 'node:crypto';
import { INVITATION_DAYS, INVITATIONS_PER_DAY, type MemberInvitation } from '#contract/people';
import { type Role, roleNames } from '#contract/permissions';
import type { EventLog } from '#events/index';
import { AppError } from '#platform/app-error';
import { type Clock, DAY_MS, plus } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { dropWaitingMails, queueMail } from '#platform/mail';
import type { Scope } from '#platform/scope';
import {
  countInvitations,
  endInvitation,
  INVITATIONS_MAX,
  type Invitation,
  insertInvitation,
  listOpenInvitations,
  presentInvitation,
} from './invitation-store.ts';
import { lockMembersFor } from './permission.ts';
import { getProvider } from './provider-store.ts';

export interface InviteDeps {
  database: Database;
  clock: Clock;
  events: EventLog;
  publicUrl: string;
  sendsMail: boolean;
}

/**
 * Invites someone to work for the provider. The link is in the mail alone, so that nobody opens an
 * account in another's name; where no mail is sent it is in this answer. An earlier one for the
 * same e-mail ends.
 * @throws AppError `member.known`, `invitation.too-many`, `permission.missing` for who may invite no
 *   more, `request.invalid` when too many are open
 */
export async function invitePerson(
  deps: InviteDeps,
  scope: Scope,
  wish: { email: string; role: Role },
): Promise<{ invitation: MemberInvitation; link: string | null }> {
  const { database, clock, events } = deps;
  const email = wish.email.trim().toLowerCase();
  const at = clock.now();
  const token = randomBytes(32).toString('base64url');
  const link = `${deps.publicUrl}/invitation/${token}`;
  const invitation = {
    id: newId(),
    email,
    role: wish.role,
    invitedBy: scope.actor.name,
    expiresAt: plus(at, INVITATION_DAYS * DAY_MS),
    wasMailed: deps.sendsMail,
  };
  await database.asProvider(scope.providerId, async (tx) => {
    // Held, so that of two invitations of one person at once the second ends the first.
    const { members } = await lockMembersFor(tx, scope, 'people.manage');
    if (members.some((member) => member.email === email)) throw new AppError('member.known');
    const open = await listOpenInvitations(tx, scope);
    if (open.filter((one) => one.email !== email).length >= INVITATIONS_MAX) {
      const detail = `There are ${INVITATIONS_MAX} invitations already; take one back first.`;
      throw new AppError('request.invalid', detail);
    }
    if ((await countInvitations(tx, scope, plus(at, -DAY_MS))) >= INVITATIONS_PER_DAY) {
      const detail = `A provider invites at most ${INVITATIONS_PER_DAY} people within 24 hours, those taken back included.`;
      throw new AppError('invitation.too-many', detail);
    }
    for (const earlier of open.filter((one) => one.email === email)) {
      await dropWaitingMails(tx, scope.providerId, mailKey(earlier.id));
    }
    await insertInvitation(tx, scope, { ...invitation, token, at });
    const event = { kind: 'member.invited', invitationId: invitation.id, email } as const;
    await events.append(tx, scope, { ...event, role: wish.role });
    if (!deps.sendsMail) return;
    const provider = await getProvider(tx, scope);
    await queueMail(tx, {
      providerId: scope.providerId,
      to: [email],
      subject: `${invitation.invitedBy} invites you to ${provider?.name ?? 'Bursar'}`,
      text: inviteText(provider?.name ?? 'Bursar', invitation, link),
      onceKey: mailKey(invitation.id),
      isConfidential: true,
      at,
    });
  });
  const shown = presentInvitation({ ...invitation, ...scope, endedAt: null }, at);
  return { invitation: shown, link: deps.sendsMail ? null : link };
}

/**
 * Takes an invitation back: its link stops working, its mail isn't sent any more.
 * @throws AppError `request.not-found`
 */
export async function revokeInvitation(deps: InviteDeps, scope: Scope, id: string): Promise<void> {
  await deps.database.asProvider(scope.providerId, async (tx) => {
    const ended = await endInvitation(tx, scope, id, deps.clock.now());
    if (!ended) throw new AppError('request.not-found');
    await followEnded(deps, tx, scope, ended);
  });
}

/** What goes with an invitation that was ended: its mail is dropped, and the log tells of it. */
export async function followEnded(
  { events }: Pick<InviteDeps, 'events'>,
  tx: Tx,
  scope: Scope,
  { id, email }: Invitation,
): Promise<void> {
  await dropWaitingMails(tx, scope.providerId, mailKey(id));
  await events.append(tx, scope, { kind: 'member.invitation-revoked', invitationId: id, email });
}

function mailKey(invitationId: string): string {
  return `member-invitation:${invitationId}`;
}

function inviteText(
  providerName: string,
  { invitedBy, role }: { invitedBy: string; role: Role },
  link: string,
): string {
  return `Hello,

${invitedBy} invites you to work for ${providerName} in Bursar, as ${roleNames[role]}.

Open this address within ${INVITATION_DAYS} days to accept:

${link}

If you did not expect this, there is nothing to do.
`;
}
