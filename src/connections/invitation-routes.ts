import { connectInvitationRoutes as api } from '#contract/connect-invitations';
import { type Endpoint, endpoint } from '#platform/http';
import type { ConnectionsDeps } from './deps.ts';
import { presentInvitation } from './invitation.ts';
import { makeInvitation, revokeInvitation, sendInvitation, showInvitations } from './invite.ts';

/**
 * Links for colleagues on their makers' side; following one stands with the connections' own
 * routes.
 */
export function invitationEndpoints(deps: ConnectionsDeps): Endpoint[] {
  return [
    endpoint(api.listConnectInvitations, ({ scope }) => showInvitations(deps, scope)),

    endpoint(api.makeConnectInvitation, async ({ scope, body }) => {
      const { invitation, ...made } = await makeInvitation(deps, scope, body.another);
      return { invitation: presentInvitation(invitation, deps.clock.now()), ...made };
    }),

    endpoint(api.sendConnectInvitation, ({ scope, params, body }) =>
      sendInvitation(deps, scope, params.invitationId, body),
    ),

    endpoint(api.revokeConnectInvitation, async ({ scope, params }) => {
      await revokeInvitation(deps, scope, params.invitationId);
      return null;
    }),
  ];
}
