import { z } from 'zod';
import { ConsentApp, ConsentOutcome } from './connections.ts';
import { NoContent, route } from './route.ts';

/** How long a link to connect may be opened, in days. */
export const INVITATION_DAYS = 7;
/** How many mails with such links a provider may send within a day. */
export const LINKS_SENT_PER_DAY = 50;
/** How many times a browser may set out for Xero with one link. */
export const INVITATION_ATTEMPTS_MAX = 10;

/** Who may follow a link: anybody who has it, or members of the provider alone, signed in. */
export const ColleagueLinks = z.enum(['anybody', 'members']);
export type ColleagueLinks = z.infer<typeof ColleagueLinks>;

/** `spent`: opened too often without success. */
export const InvitationState = z.enum(['open', 'used', 'expired', 'revoked', 'spent']);
export type InvitationState = z.infer<typeof InvitationState>;

/** A link by which somebody else finishes a connection, as those who made it see it. */
export const ConnectInvitation = z.object({
  id: z.uuid(),
  state: InvitationState,
  askedBy: z.string(),
  /** Where it was sent by e-mail, if it was. */
  sentTo: z.string().nullable(),
  attempts: z.int(),
  /** How the last attempt ended; null while nobody has come back from Xero. */
  lastOutcome: ConsentOutcome.nullable(),
  /** Who signed in to Xero at that attempt, as Xero named them. */
  lastPerson: z.string().nullable(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type ConnectInvitation = z.infer<typeof ConnectInvitation>;

const oneInvitation = z.object({ invitationId: z.uuid().toLowerCase() });

export const connectInvitationRoutes = {
  listConnectInvitations: route({
    method: 'GET',
    path: '/api/v1/connect-invitations',
    permission: 'connections.manage',
    tag: 'Connected apps',
    summary: 'Links by which a colleague can connect, newest first, with what came of them',
    answer: z.object({ invitations: z.array(ConnectInvitation), openTo: ColleagueLinks }),
  }),
  /** `url` is told once, here: only a hash of it is kept. */
  makeConnectInvitation: route({
    method: 'POST',
    path: '/api/v1/connect-invitations',
    permission: 'connections.manage',
    tag: 'Connected apps',
    summary: 'Make a link by which a colleague connects with their own Xero sign-in',
    body: z.object({ app: ConsentApp, another: z.boolean().default(false) }),
    answer: z.object({ invitation: ConnectInvitation, url: z.url(), openTo: ColleagueLinks }),
  }),
  sendConnectInvitation: route({
    method: 'POST',
    path: '/api/v1/connect-invitations/:invitationId/send',
    permission: 'connections.manage',
    tag: 'Connected apps',
    summary: 'Send a link to a colleague by e-mail',
    params: oneInvitation,
    body: z.object({ url: z.url().max(500), email: z.email().max(255) }),
    answer: ConnectInvitation,
  }),
  revokeConnectInvitation: route({
    method: 'DELETE',
    path: '/api/v1/connect-invitations/:invitationId',
    permission: 'connections.manage',
    tag: 'Connected apps',
    summary: 'Take a link back; repeating it is harmless',
    params: oneInvitation,
    answer: NoContent,
  }),
};
