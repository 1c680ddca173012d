import { z } from 'zod';
import { PersonId } from './ids.ts';
import { Role } from './permissions.ts';
import { NoContent, route } from './route.ts';
import { NewPassword } from './sign-in.ts';
import { Name } from './text.ts';

export const INVITATION_DAYS = 7;
/** How many people a provider may invite within a day, those taken back included. */
export const INVITATIONS_PER_DAY = 100;

/** An invitation that nobody has accepted yet. */
export const MemberInvitation = z.object({
  id: z.uuid(),
  email: z.string(),
  role: Role,
  invitedBy: z.string(),
  expiresAt: z.iso.datetime(),
  hasEnded: z.boolean(),
});
export type MemberInvitation = z.infer<typeof MemberInvitation>;

const personParams = z.object({ personId: PersonId });
const InvitationToken = z.object({ token: z.string().regex(/^[\w-]{43}$/) });
const tag = 'People';

/**
 * The names of API keys that someone has made whose role changed or who left: what stays is to be
 * looked after by somebody; what may do more than they may now was revoked.
 */
const KeysLeft = z.object({ apiKeys: z.array(z.string()), revokedKeys: z.array(z.string()) });
export type KeysLeft = z.infer<typeof KeysLeft>;

export const peopleRoutes = {
  listInvitations: route({
    method: 'GET',
    path: '/api/v1/people/invitations',
    permission: 'people.manage',
    tag,
    summary: 'Invitations that nobody has accepted yet (at most 100)',
    answer: z.object({ items: z.array(MemberInvitation) }),
  }),
  invitePerson: route({
    method: 'POST',
    path: '/api/v1/people/invitations',
    permission: 'people.manage',
    tag,
    summary: 'Invite someone by e-mail; the link is valid for seven days',
    body: z.object({ email: z.email().max(255), role: Role }),
    answer: z.object({
      invitation: MemberInvitation,
      /**
       * Null: it was mailed, so that whoever accepts has shown that the address is theirs. Where
       * this Bursar sends no mail it is shown here, once, to be passed on by hand.
       */
      link: z.string().nullable(),
    }),
  }),
  revokeMemberInvitation: route({
    method: 'DELETE',
    path: '/api/v1/people/invitations/:memberInvitationId',
    permission: 'people.manage',
    tag,
    summary: 'Take an invitation back',
    params: z.object({ memberInvitationId: z.uuid() }),
    answer: NoContent,
  }),
  changeRole: route({
    method: 'PATCH',
    path: '/api/v1/people/:personId',
    permission: 'people.manage',
    tag,
    summary: 'Change someone’s role; API keys of theirs that may do more are revoked',
    params: personParams,
    body: z.object({ role: Role }),
    answer: KeysLeft,
  }),
  removeMember: route({
    method: 'DELETE',
    path: '/api/v1/people/:personId',
    permission: 'people.manage',
    tag,
    summary:
      'Remove someone; API keys of theirs that may do more than Staff are revoked, others stay',
    params: personParams,
    answer: KeysLeft,
  }),
  leaveProvider: route({
    method: 'POST',
    path: '/api/v1/people/leave',
    permission: 'signed-in',
    tag,
    summary: 'Leave this provider oneself',
    answer: KeysLeft,
  }),
  readMemberInvitation: route({
    method: 'GET',
    path: '/api/v1/invitations/:token',
    permission: 'public',
    tag,
    summary: 'What an invitation offers',
    params: InvitationToken,
    answer: z.object({
      providerName: z.string(),
      email: z.string(),
      role: Role,
      invitedBy: z.string(),
      expiresAt: z.iso.datetime(),
      /** Who has the browser signed in: whom it is for, somebody else, or nobody. */
      reader: z.enum(['invited', 'other', 'nobody']),
      /** The e-mail has an account here: its person signs in first. */
      isKnown: z.boolean(),
    }),
  }),
  acceptInvitation: route({
    method: 'POST',
    path: '/api/v1/invitations/:token',
    permission: 'public',
    tag,
    summary: 'Accept an invitation; someone new gives name and password and is signed in',
    params: InvitationToken,
    body: z.object({
      name: Name.optional(),
      password: NewPassword.optional(),
    }),
    answer: NoContent,
  }),
};
