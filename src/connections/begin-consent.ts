import { randomBytes } from 'node:crypto';
import { AppError } from '#platform/app-error';
import { DAY_MS, MINUTE_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Scope } from '#platform/scope';
import { getProvider, hasLicence } from '#providers/index';
import { consentOfInvitation } from './across-providers.ts';
import { xeroManifest } from './catalogue/xero.ts';
import { listConnections } from './connection-store.ts';
import {
  type Consent,
  type Departure,
  deleteEnded,
  depart,
  insertConsent,
} from './consent-store.ts';
import type { ConnectionsDeps } from './deps.ts';

/** From Connect to Xero's answer, and from an API key's wish to someone opening its page. */
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

export interface Invitation {
  providerName: string;
  askedBy: string;
  appName: string;
  expiresAt: Date;
}

/**
 * Begins to connect: stores what will prove that Xero's answer belongs here.
 *
 * @throws AppError `connection.not-licensed`, `connection.not-configured`,
 *   `connection.already-connected`
 */
export function beginConsent(
  deps: ConnectionsDeps,
  scope: Scope,
  presentBinding: string | undefined,
): Promise<Begun> {
  const { database, clock, events } = deps;
  const now = clock.now();
  return database.asProvider(scope.providerId, async (tx) => {
    await refuseBarriers(deps, tx, scope);
    await deleteEnded(tx, scope, plus(now, -ENDED_KEPT_MS));
    await events.append(tx, scope, { kind: 'connection.consent-begun', app: xeroManifest.key });
    const id = newId();
    const expiresAt = plus(now, CONSENT_LIFE_MS);
    if (scope.actor.kind !== 'person') {
      const invitation = randomBytes(32).toString('base64url');
      await insertConsent(tx, scope, { id, invitation, expiresAt }, now);
      const startUrl = `${deps.publicUrl}/connect/${invitation}`;
      return { authorizeUrl: null, startUrl, expiresAt, binding: null };
    }
    const { departure, authorizeUrl } = newDeparture(deps, id, presentBinding);
    await insertConsent(tx, scope, { id, ...departure }, now);
    return { authorizeUrl, startUrl: null, expiresAt, binding: departure.binding };
  });
}

/** @throws AppError `request.not-found`, `consent.expired` */
export async function readInvitation(deps: ConnectionsDeps, token: string): Promise<Invitation> {
  const consent = await openInvitation(deps, token);
  const { scope } = consent;
  const provider = await deps.database.asProvider(scope.providerId, (tx) => getProvider(tx, scope));
  if (!provider) throw new AppError('request.not-found');
  return {
    providerName: provider.name,
    askedBy: scope.actor.name,
    appName: xeroManifest.name,
    expiresAt: consent.expiresAt,
  };
}

/**
 * Lets the browser at hand set out for Xero with an invitation, for ten minutes from now.
 * @throws AppError `request.not-found`, `consent.expired`, and as `beginConsent`
 */
export async function continueConsent(
  deps: ConnectionsDeps,
  token: string,
  presentBinding: string | undefined,
): Promise<{ authorizeUrl: string; binding: string }> {
  const { id, scope } = await openInvitation(deps, token);
  return deps.database.asProvider(scope.providerId, async (tx) => {
    await refuseBarriers(deps, tx, scope);
    const { departure, authorizeUrl } = newDeparture(deps, id, presentBinding);
    await depart(tx, scope, id, departure);
    return { authorizeUrl, binding: departure.binding };
  });
}

async function openInvitation(deps: ConnectionsDeps, token: string): Promise<Consent> {
  const consent = await consentOfInvitation(deps.database, token);
  if (!consent) throw new AppError('request.not-found');
  if (consent.usedAt !== null || consent.expiresAt <= deps.clock.now()) {
    throw new AppError('consent.expired');
  }
  return consent;
}

async function refuseBarriers(deps: ConnectionsDeps, tx: Tx, scope: Scope): Promise<void> {
  if (!(await hasLicence(tx, scope, xeroManifest.product))) {
    throw new AppError('connection.not-licensed');
  }
  if (!deps.xero.isConfigured) throw new AppError('connection.not-configured');
  const connections = await listConnections(tx, scope, xeroManifest.key);
  const present = connections.find(({ state }) => state === 'active' || state === 'paused');
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
