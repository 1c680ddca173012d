import { connectionRoutes as api } from '#contract/connections';
import { SECOND_MS } from '#platform/clock';
import { type Endpoint, type Exchange, endpoint, publicEndpoint } from '#platform/http';
import { continueConsent, readInvitation } from './accept-invitation.ts';
import { beginConsent, CONSENT_LIFE_MS } from './begin-consent.ts';
import { chooseOrganisation, readChoices } from './choose-organisation.ts';
import type { ConnectionsDeps } from './deps.ts';
import { disconnect } from './disconnect.ts';
import { listApps, showConnection } from './list-apps.ts';

/** Holds the browser's own secret between Connect and the way back from Xero. */
export const BINDING_COOKIE = 'bursar_consent';

/**
 * The list of apps, connecting, choosing and disconnecting. Two are public: whoever follows a link
 * for colleagues may be unknown here, and their browser is told from others by its cookies.
 */
export function connectionEndpoints(deps: ConnectionsDeps): Endpoint[] {
  return [
    endpoint(api.listApps, async ({ scope }) => ({ apps: await listApps(deps, scope) })),

    endpoint(api.getConnection, ({ scope, params }) =>
      showConnection(deps, scope, params.connectionId),
    ),

    endpoint(api.beginConsent, async ({ scope, body, exchange }) => {
      const present = exchange.cookie(BINDING_COOKIE);
      const begun = await beginConsent(deps, scope, body.another, present);
      if (begun.binding !== null) keepBinding(exchange, begun.binding);
      const { authorizeUrl, startUrl, expiresAt } = begun;
      return { authorizeUrl, startUrl, expiresAt: expiresAt.toISOString() };
    }),

    publicEndpoint(api.getInvitation, async ({ params, exchange }) => {
      const browser = browserOf(deps, exchange);
      const { expiresAt, ...invitation } = await readInvitation(deps, params.token, browser);
      return { ...invitation, expiresAt: expiresAt.toISOString() };
    }),

    publicEndpoint(api.continueConsent, async ({ params, exchange }) => {
      const browser = browserOf(deps, exchange);
      const { authorizeUrl, binding } = await continueConsent(deps, params.token, browser);
      keepBinding(exchange, binding);
      return { authorizeUrl };
    }),

    endpoint(api.listChoices, ({ scope, params }) => readChoices(deps, scope, params.connectionId)),

    endpoint(api.chooseOrganisation, async ({ scope, params, body }) => {
      const id = await chooseOrganisation(deps, scope, params.connectionId, body);
      return showConnection(deps, scope, id);
    }),

    endpoint(api.disconnect, async ({ scope, params }) => {
      await disconnect(deps, scope, params.connectionId);
      return null;
    }),
  ];
}

function browserOf({ providers }: ConnectionsDeps, exchange: Exchange) {
  return {
    sessionCookie: exchange.cookie(providers.sessionCookieName),
    binding: exchange.cookie(BINDING_COOKIE),
  };
}

function keepBinding(exchange: Exchange, binding: string): void {
  exchange.setCookie(BINDING_COOKIE, binding, { maxAgeSeconds: CONSENT_LIFE_MS / SECOND_MS });
}
