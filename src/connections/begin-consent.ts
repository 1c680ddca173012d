import { randomBytes } from 'node:crypto';
import { AppError } from '#platform/app-error';
import { DAY_MS, MINUTE_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Scope } from '#platform/scope';
import { hasLicence } from '#providers/index';
import { xeroManifest } from './catalogue/xero.ts';
import { connectionCan, LIVE_STATES } from './connection.ts';
import { listConnections } from './connection-store.ts';
import { type Departure, deleteEnded, insertConsent } from './consent-store.ts';
import type { ConnectionsDeps } from './deps.ts';
import { makeInvitation } from './invite.ts';

/** From setting out for Xero to its answer. */
export const CONSENT_LIFE_MS = 10 * MINUTE_MS;
const ENDED_KEPT_MS = 1 * DAY_MS;

/** A browser's own secret, by which the answer from Xero is known to be for it. */
const BINDING = /^[\w-]{43}$/;

export interface Begun {
  /** Where the person's browser goes; null for an API key, which has no browser. */
  authorizeUrl: string | null;
  /** A page of ours that any browser opens to carry on; null for a person. */
  startUrl: string | null;
  expiresAt: Date;
  /** What the browser must keep until it comes back; null for an API key. */
  binding: string | null;
}

/**
 * Begins to connect: stores what will prove that Xero's answer belongs here. An API key has no
 * browser and gets a link instead. `another`: beside what is connected already.
 *
 * @throws AppError `connection.not-licensed`, `connection.not-configured`,
 *   `connection.on-hold`, `connection.already-connected`
 */
export async function beginConsent(
  deps: ConnectionsDeps,
  scope: Scope,
  another: boolean,
  presentBinding: string | undefined,
): Promise<Begun> {
  if (scope.actor.kind !== 'person') {
    const { invitation, url } = await makeInvitation(deps, scope, another);
    const { expiresAt } = invitation;
    return { authorizeUrl: null, startUrl: url, expiresAt, binding: null };
  }
  return deps.database.asProvider(scope.providerId, async (tx) => {
    await refuseBarriers(deps, tx, scope, another);
    await deleteEnded(tx, scope, plus(deps.clock.now(), -ENDED_KEPT_MS));
    await deps.events.append(tx, scope, {
      kind: 'connection.consent-begun',
      app: xeroManifest.key,
    });
    return setOut(deps, tx, scope, { invitationId: null, joinsOthers: another }, presentBinding);
  });
}

/** Lets the browser at hand set out for Xero, for ten minutes from now. */
export async function setOut(
  deps: ConnectionsDeps,
  tx: Tx,
  scope: Scope,
  wish: { invitationId: string | null; joinsOthers: boolean },
  presentBinding: string | undefined,
): Promise<Begun & { authorizeUrl: string; binding: string }> {
  const id = newId();
  const { departure, authorizeUrl } = newDeparture(deps, id, presentBinding);
  await insertConsent(tx, scope, { id, ...wish, ...departure }, deps.clock.now());
  const { expiresAt, binding } = departure;
  return { authorizeUrl, startUrl: null, expiresAt, binding };
}

/** Refuses to begin while something stands in the way, before anybody is sent to Xero for nothing. */
export async function refuseBarriers(
  deps: ConnectionsDeps,
  tx: Tx,
  scope: Scope,
  another: boolean,
): Promise<void> {
  if (!(await hasLicence(tx, scope, xeroManifest.product))) {
    throw new AppError('connection.not-licensed');
  }
  if (!deps.xero.isConfigured) throw new AppError('connection.not-configured');
  if (await deps.isHeld()) throw new AppError('connection.on-hold');
  if (another) return;
  const connections = await listConnections(tx, scope, xeroManifest.key);
  if (connections.some(({ state }) => connectionCan(state).reconnect)) return;
  const present = connections.find(({ state }) =>
    (LIVE_STATES as readonly string[]).includes(state),
  );
  if (!present) return;
  const name = present.organisation?.name;
  throw new AppError('connection.already-connected', name && `It is connected to ${name}.`);
}

function newDeparture(
  deps: ConnectionsDeps,
  id: string,
  presentBinding: string | undefined,
): { departure: Departure; authorizeUrl: string } {
  const secrets = deps.xero.oauth.newSecrets();
  // One binding serves all tabs of a browser, so that a second Connect does not undo the first.
  const isUsable = presentBinding !== undefined && BINDING.test(presentBinding);
  return {
    authorizeUrl: deps.xero.oauth.authorizeUrl(secrets),
    departure: {
      state: secrets.state,
      binding: isUsable ? presentBinding : randomBytes(32).toString('base64url'),
      sealedVerifier: deps.secrets.seal(secrets.verifier, verifierPlace(id)),
      expiresAt: plus(deps.clock.now(), CONSENT_LIFE_MS),
    },
  };
}

/** Binds a sealed verifier to its consent: moved to another it does not open. */
export function verifierPlace(consentId: string): string {
  return `consents/${consentId}/verifier`;
}
