import { peopleRoutes } from '#contract/people';
import { type Endpoint, endpoint, publicEndpoint } from '#platform/http';
import { acceptInvitation, readInvitation } from './accept-invitation.ts';
import { listOpenInvitations, presentInvitation } from './invitation-store.ts';
import { type InviteDeps, invitePerson, revokeInvitation } from './invite-person.ts';
import { changeRole, leaveProvider, removeMember } from './manage-members.ts';
import type { OwnAccountDeps } from './own-account.ts';

/** Who works for a provider: invited, accepted, changed, removed. */
export function peopleEndpoints(deps: InviteDeps & OwnAccountDeps): Endpoint[] {
  const { database, clock } = deps;
  return [
    endpoint(peopleRoutes.listInvitations, ({ scope }) =>
      database.asProvider(scope.providerId, async (tx) => ({
        items: (await listOpenInvitations(tx, scope)).map((one) =>
          presentInvitation(one, clock.now()),
        ),
      })),
    ),
    endpoint(peopleRoutes.invitePerson, ({ scope, body }) => invitePerson(deps, scope, body)),
    endpoint(peopleRoutes.revokeMemberInvitation, async ({ scope, params }) => {
      await revokeInvitation(deps, scope, params.memberInvitationId);
      return null;
    }),
    endpoint(peopleRoutes.changeRole, ({ scope, params, body }) =>
      changeRole(deps, scope, params.personId, body.role),
    ),
    endpoint(peopleRoutes.removeMember, ({ scope, params }) =>
      removeMember(deps, scope, params.personId),
    ),
    endpoint(peopleRoutes.leaveProvider, ({ scope }) => leaveProvider(deps, scope)),
    publicEndpoint(peopleRoutes.readMemberInvitation, ({ params, exchange }) =>
      readInvitation(deps, params.token, exchange),
    ),
    publicEndpoint(peopleRoutes.acceptInvitation, async ({ params, body, exchange }) => {
      await acceptInvitation(deps, params.token, body, exchange);
      return null;
    }),
  ];
}
