import type { World } from '../core/world.ts';
import type { App, ConsentRequest, Grant } from './model.ts';
import { connectionOf, organisationChoices, type Registry } from './registry.ts';
import { isIdentityOnly, isKnownScope } from './scopes.ts';

export const CONSENT_PAGE_MS = 60 * 60_000;
const CHALLENGE_PATTERN = /^[A-Za-z0-9_-]{43,128}$/;
const MAX_STATE_CHARS = 4000;

/** What may become of an authorize address. */
export type AuthorizeOutcome =
  | { readonly kind: 'page'; readonly request: ConsentRequest }
  /** Shown to the person: the address itself cannot be trusted, so nothing is sent there. */
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'redirect'; readonly to: string };

/** Reads the parameters of an authorize address and opens a consent page for it. */
export function openConsent(
  registry: Registry,
  query: Readonly<Record<string, string>>,
): AuthorizeOutcome {
  const app = registry.apps.get(query.client_id ?? '');
  if (!app) return { kind: 'broken', message: 'unauthorized_client: unknown client_id' };
  const redirectUri = query.redirect_uri ?? '';
  if (!isRedirectAllowed(app, redirectUri)) {
    return { kind: 'broken', message: 'Invalid redirect_uri for this client' };
  }
  const refusal = authorizeRefusal(app, query);
  if (refusal) {
    const [error, error_description] = refusal;
    return {
      kind: 'redirect',
      to: backTo(redirectUri, { error, error_description, state: query.state }),
    };
  }
  const request: ConsentRequest = {
    id: registry.ids.token(32),
    appId: app.id,
    redirectUri,
    scopes: scopesOf(query),
    state: query.state,
    nonce: query.nonce,
    challenge: query.code_challenge,
    isBulkAllowed: !/\bbulk_connect:false\b/.test(query.acr_values ?? ''),
    userId: undefined,
    createdAtMs: registry.clock.nowMs(),
  };
  registry.consentRequests.put(request);
  return { kind: 'page', request };
}

function scopesOf(query: Readonly<Record<string, string>>): string[] {
  return [...new Set((query.scope ?? '').split(/\s+/).filter(Boolean))];
}

function authorizeRefusal(
  app: App,
  query: Readonly<Record<string, string>>,
): readonly [error: string, description: string] | undefined {
  const scopes = scopesOf(query);
  if (query.response_type !== 'code')
    return ['unsupported_response_type', 'response_type must be code'];
  if ((query.state?.length ?? 0) > MAX_STATE_CHARS) return ['invalid_request', 'state is too long'];
  if (scopes.length === 0) return ['invalid_scope', 'scope is missing'];
  if (scopes.some((scope) => !isKnownScope(scope, app.allowsBroadScopes))) {
    return ['invalid_scope', 'Invalid scope for client'];
  }
  if (app.allowedScopes && scopes.some((scope) => !app.allowedScopes?.includes(scope))) {
    return ['unauthorized_client', 'Invalid scope for client'];
  }
  if (query.code_challenge === undefined) {
    return app.secret === undefined ? ['invalid_request', 'code challenge required'] : undefined;
  }
  if (query.code_challenge_method !== 'S256' || !CHALLENGE_PATTERN.test(query.code_challenge)) {
    return ['invalid_request', 'Transform algorithm not supported'];
  }
  return undefined;
}

/** https or localhost, exactly as registered; numbers for localhost are refused, as Xero does. */
function isRedirectAllowed(app: App, redirectUri: string): boolean {
  if (app.redirectUris.includes(redirectUri)) return true;
  return (
    app.redirectUris.includes('http://localhost:*') &&
    /^http:\/\/localhost(:\d{1,5})?\/[^\s#]*$/.test(redirectUri) &&
    URL.canParse(redirectUri)
  );
}

/** Remembers who signed in on a consent page. */
export function signIn(
  registry: Registry,
  request: ConsentRequest,
  userId: string,
): ConsentRequest {
  const signedIn = { ...request, userId };
  registry.consentRequests.put(signedIn);
  return signedIn;
}

/** The person said no: back with `access_denied`. */
export function denyConsent(registry: Registry, request: ConsentRequest): string {
  registry.consentRequests.remove(request.id);
  return backTo(request.redirectUri, {
    error: 'access_denied',
    error_description: 'The user denied the request',
    state: request.state,
  });
}

/**
 * The person said yes to these organisations: connections are made, and a code goes back.
 * @throws Error with a plain sentence when an organisation may not be chosen.
 */
export function allowConsent(
  { registry, switches }: Pick<World, 'registry' | 'switches'>,
  request: ConsentRequest,
  userId: string,
  orgIds: readonly string[],
): string {
  const app = registry.apps.get(request.appId);
  if (!app) throw new Error('The app is no longer registered');
  if (!request.isBulkAllowed && orgIds.length > 1) {
    throw new Error('Only one organisation can be chosen here');
  }
  const authEventId = registry.ids.uuid();
  for (const orgId of new Set(orgIds)) {
    // Asked anew for each: the ones before it count towards what the app and its tier may have.
    const choices = organisationChoices(registry, app, userId);
    const choice = choices.find(({ organisation }) => organisation.id === orgId);
    if (!choice) throw new Error('That organisation is not yours');
    if (choice.refusal) throw new Error(choice.refusal);
    const known = connectionOf(registry, app.id, userId, orgId);
    const kept = switches.reconnectKeepsAuthEvent ? known?.authEventId : undefined;
    connect(registry, app.id, userId, orgId, kept ?? authEventId);
  }
  const code = registry.ids.token(43);
  registry.codes.put({
    id: code,
    appId: app.id,
    userId,
    redirectUri: request.redirectUri,
    scopes: request.scopes,
    nonce: request.nonce,
    challenge: request.challenge,
    authEventId,
    createdAtMs: registry.clock.nowMs(),
    isUsed: false,
  });
  registry.consentRequests.remove(request.id);
  return backTo(request.redirectUri, {
    code,
    scope: request.scopes.join(' '),
    state: request.state,
    session_state: registry.ids.token(43),
  });
}

function connect(
  registry: Registry,
  appId: string,
  userId: string,
  orgId: string,
  authEventId: string,
): void {
  const nowMs = registry.clock.nowMs();
  const known = connectionOf(registry, appId, userId, orgId);
  registry.connections.put({
    id: known?.id ?? registry.ids.uuid(),
    appId,
    userId,
    orgId,
    authEventId,
    createdAtMs: known?.createdAtMs ?? nowMs,
    updatedAtMs: nowMs,
  });
}

/** A consent gives the same user and app one token set; scopes add up. */
export function renewGrant(
  { registry, switches }: Pick<World, 'registry' | 'switches'>,
  appId: string,
  { userId, scopes, authEventId }: Pick<Grant, 'userId' | 'scopes' | 'authEventId'>,
): Grant {
  const id = `${appId}:${userId}`;
  const before = registry.grants.get(id);
  // Signing in says who somebody is; what they allowed earlier stays as it was.
  const supersedes = !isIdentityOnly(scopes) || switches.signInSupersedes;
  if (before && !supersedes) return { ...before, scopes };
  for (const token of registry.refreshTokens.find('grant', id)) {
    if (!token.isEnded) registry.refreshTokens.put({ ...token, isEnded: true });
  }
  const grant: Grant = {
    id,
    appId,
    userId,
    scopes: [...new Set([...(before?.scopes ?? []), ...scopes])],
    authEventId,
    sessionId: registry.ids.token(32),
    authTimeMs: registry.clock.nowMs(),
  };
  registry.grants.put(grant);
  return grant;
}

/** The redirect address with these parameters added; undefined ones are left out. */
function backTo(redirectUri: string, params: Readonly<Record<string, string | undefined>>): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.toString();
}
