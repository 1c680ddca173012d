import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ORGANISATION_IDS } from '../seeds/identity.ts';
import type { Emulator } from '../server.ts';
import {
  apiClient,
  authorizeUrl,
  CLIENT_ID,
  jsonOf,
  obtainTokens,
  postToken,
  REDIRECT_URI,
  startEmulator,
} from '../testing.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ADA = 'ada.adviser@example.com';

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

function claimsOf(token: string) {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

async function connections(accessToken: string, query = '') {
  const response = await fetch(`${emulator.url}/connections${query}`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  return { status: response.status, rows: response.ok ? await jsonOf(response) : [] };
}

function refresh(token: string) {
  return postToken(emulator, { grant_type: 'refresh_token', refresh_token: token });
}

describe('consent', () => {
  it('walks the pages from sign-in to the way back', async () => {
    const signIn = await (await fetch(authorizeUrl(emulator))).text();
    expect(signIn).toContain('Ada Adviser');
    const request = /name="request" value="([^"]+)"/.exec(signIn)?.[1] ?? '';
    const user = /value="([^"]+)">\s*Ada Adviser/.exec(signIn)?.[1] ?? '';
    const consent = await fetch(`${emulator.url}/identity/connect/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ request, user }),
    });
    expect(consent.headers.get('x-frame-options')).toBe('DENY');
    const page = await consent.text();
    expect(page).toContain('Harbour Training Pty Ltd');
    expect(page.match(/ checked/g)).toHaveLength(1);
    const form = new URLSearchParams({ request, decision: 'allow' });
    form.append('organisation', ORGANISATION_IDS.au);
    form.append('organisation', ORGANISATION_IDS.nz);
    const back = await fetch(`${emulator.url}/identity/connect/consent`, {
      method: 'POST',
      body: form,
      redirect: 'manual',
    });
    const to = new URL(back.headers.get('location') ?? '');
    expect(to.searchParams.get('state')).toBe('state-1');
    expect(to.searchParams.get('code')).toMatch(/^[\w-]{43}$/);
  });

  it('goes back with access_denied when the person cancels', () => {
    const to = emulator.control.people.consent(authorizeUrl(emulator), {
      user: ADA,
      decision: 'cancel',
    });
    const { searchParams } = new URL(to);
    expect(searchParams.get('error')).toBe('access_denied');
    expect(searchParams.get('state')).toBe('state-1');
  });

  it('gives a user without organisations a code but no connection', async () => {
    const tokens = await obtainTokens(emulator, 'nora.none@example.com');
    expect((await connections(tokens.access_token)).rows).toEqual([]);
  });

  it('does not let a read-only user connect', () => {
    const answer = { user: 'rita.reader@example.com', organisations: [ORGANISATION_IDS.au] };
    expect(() => emulator.control.people.consent(authorizeUrl(emulator), answer)).toThrow(
      'Your role here does not allow connecting apps',
    );
  });

  it.each([
    ['an unknown client', { client_id: 'nobody' }],
    ['an address on a number', { redirect_uri: 'http://127.0.0.1:9/callback' }],
    ['a port that cannot be', { redirect_uri: 'http://localhost:99999/callback', scope: '' }],
    ['an address elsewhere', { redirect_uri: 'https://evil.example/callback' }],
  ])('shows a page and sends nothing back for %s', async (_name, params) => {
    const response = await fetch(authorizeUrl(emulator, params), { redirect: 'manual' });
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
  });

  it('refuses broad and unknown scopes', async () => {
    for (const scope of ['accounting.transactions', 'accounting.everything']) {
      const response = await fetch(authorizeUrl(emulator, { scope }), { redirect: 'manual' });
      expect(response.headers.get('location')).toContain('error=invalid_scope');
    }
  });

  it('allows two uncertified apps an organisation, not three', () => {
    for (const id of ['second-app', 'third-app']) emulator.control.putApp({ id });
    const consent = (client_id: string) =>
      emulator.control.people.consent(authorizeUrl(emulator, { client_id }), {
        user: ADA,
        organisations: [ORGANISATION_IDS.au],
      });
    expect(consent(CLIENT_ID)).toContain('code=');
    expect(consent('second-app')).toContain('code=');
    expect(() => consent('third-app')).toThrow('two uncertified apps');
  });
});

describe('tiers', () => {
  it('cap the organisations that an app may connect', () => {
    const { people } = emulator.control;
    for (let i = 0; i < 5; i++) {
      people.setRole(ADA, people.addOrganisation(`College ${i}`, 'NZ'), 'STANDARD');
    }
    emulator.control.putApp({ id: CLIENT_ID, tier: 'STARTER' });
    const consent = (organisations: readonly string[] | 'all') =>
      people.consent(authorizeUrl(emulator), { user: ADA, organisations });
    expect(() => consent('all')).toThrow('number of connections that its tier allows');
    emulator.control.putApp({ id: CLIENT_ID, tier: 'CORE' });
    expect(consent('all')).toContain('code=');
  });
});

describe('the token endpoint', () => {
  const verifier = 'v'.repeat(43);
  const challenge = createHash('sha256').update(verifier).digest('base64url');

  function codeFor(params: Record<string, string> = {}): string {
    const to = emulator.control.people.consent(authorizeUrl(emulator, params), { user: ADA });
    return new URL(to).searchParams.get('code') ?? '';
  }

  function exchange(code: string, more: Record<string, string> = {}) {
    const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, ...more };
    return postToken(emulator, form);
  }

  it('takes a code once, for five minutes', async () => {
    const code = codeFor();
    expect((await exchange(code)).status).toBe(200);
    const again = await exchange(code);
    expect([again.status, await again.json()]).toEqual([400, { error: 'invalid_grant' }]);
    const late = codeFor();
    emulator.clock.advance(5 * MINUTE_MS + 1);
    expect((await exchange(late)).status).toBe(400);
  });

  it('checks the verifier of an app that has a secret as well', async () => {
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
    expect((await exchange(codeFor(pkce))).status).toBe(400);
    expect((await exchange(codeFor(pkce), { code_verifier: 'w'.repeat(43) })).status).toBe(400);
    expect((await exchange(codeFor(pkce), { code_verifier: verifier })).status).toBe(200);
  });

  it('lets a PKCE app in without a secret, never without a challenge', async () => {
    emulator.control.putApp({ id: 'pkce-app', secret: undefined });
    const bare = await fetch(authorizeUrl(emulator, { client_id: 'pkce-app' }), {
      redirect: 'manual',
    });
    expect(bare.headers.get('location')).toContain('error=invalid_request');
    const code = codeFor({
      client_id: 'pkce-app',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    const response = await fetch(`${emulator.url}/connect/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'pkce-app',
        code,
        redirect_uri: REDIRECT_URI,
        code_verifier: verifier,
      }),
    });
    expect(response.status).toBe(200);
  });

  it('refuses a wrong secret', async () => {
    const response = await fetch(`${emulator.url}/connect/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${CLIENT_ID}:wrong`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x' }),
    });
    expect([response.status, await response.json()]).toEqual([400, { error: 'invalid_client' }]);
  });

  it('puts the recorded claims into the access token', async () => {
    const { access_token } = await obtainTokens(emulator);
    const claims = claimsOf(access_token);
    expect(claims).toMatchObject({ client_id: CLIENT_ID, iss: emulator.url });
    expect(claims.exp - claims.nbf).toBe(1800);
    expect(claims.xero_userid).toMatch(/^b0b0b0b0/);
    const { rows } = await connections(access_token);
    expect(rows[0].authEventId).toBe(claims.authentication_event_id);
  });

  it('rotates at every refresh and takes the token before for half an hour', async () => {
    const { refresh_token: first } = await obtainTokens(emulator);
    const second = (await jsonOf(await refresh(first))).refresh_token;
    expect(second).not.toBe(first);
    emulator.clock.advance(30 * MINUTE_MS);
    expect((await refresh(first)).status).toBe(200);
    emulator.clock.advance(1);
    expect((await refresh(first)).status).toBe(400);
    expect((await refresh(second)).status).toBe(200);
  });

  it('lets an unused refresh token die after sixty days', async () => {
    const { refresh_token } = await obtainTokens(emulator);
    emulator.clock.advance(60 * DAY_MS);
    const { refresh_token: next } = await jsonOf(await refresh(refresh_token));
    emulator.clock.advance(60 * DAY_MS + 1);
    expect((await refresh(next)).status).toBe(400);
  });

  it('supersedes the older token set when the same user consents again', async () => {
    const older = await obtainTokens(emulator);
    const newer = await obtainTokens(emulator);
    expect((await refresh(older.refresh_token)).status).toBe(400);
    expect((await refresh(newer.refresh_token)).status).toBe(200);
  });

  it('adds scopes up over consents', async () => {
    await obtainTokens(emulator);
    const code = codeFor({ scope: 'openid offline_access accounting.settings.read' });
    const { scope } = await jsonOf(await exchange(code));
    expect(scope).toContain('accounting.contacts');
    expect(scope).toContain('accounting.settings.read');
  });

  it('revokes: every connection and token of the user is gone', async () => {
    const tokens = await obtainTokens(emulator);
    const response = await postToken(
      emulator,
      { token: tokens.refresh_token },
      '/connect/revocation',
    );
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect((await connections(tokens.access_token)).rows).toEqual([]);
    expect((await refresh(tokens.refresh_token)).status).toBe(400);
  });
});

describe('connections', () => {
  it('lists old and new ones, told apart by their consent', async () => {
    await obtainTokens(emulator, ADA, [ORGANISATION_IDS.au]);
    emulator.clock.advance(DAY_MS);
    const { access_token } = await obtainTokens(emulator, ADA, [ORGANISATION_IDS.nz]);
    expect((await connections(access_token)).rows).toHaveLength(2);
    const event = claimsOf(access_token).authentication_event_id;
    const { rows } = await connections(access_token, `?authEventId=${event}`);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ tenantId: ORGANISATION_IDS.nz, tenantType: 'ORGANISATION' });
    expect(rows[0].createdDateUtc).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}$/);
  });

  it('keeps its id over a reconnect while the later date moves', async () => {
    const [before] = (await connections((await obtainTokens(emulator)).access_token)).rows;
    emulator.clock.advance(DAY_MS);
    const [after] = (await connections((await obtainTokens(emulator)).access_token)).rows;
    expect(after.id).toBe(before.id);
    expect(after.createdDateUtc).toBe(before.createdDateUtc);
    expect(after.updatedDateUtc).not.toBe(before.updatedDateUtc);
  });

  it('is deleted by its own id, once; then calls are forbidden', async () => {
    const { access_token } = await obtainTokens(emulator);
    const [row] = (await connections(access_token)).rows;
    const remove = () =>
      fetch(`${emulator.url}/connections/${row.id}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${access_token}` },
      });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    emulator.control.switches.unknownConnectionIs401 = true;
    expect((await remove()).status).toBe(401);
    const call = await apiClient(emulator, access_token, row.tenantId)('GET', '/Organisation');
    expect(call.status).toBe(403);
    expect(call.json).toMatchObject({ Title: 'Forbidden', Detail: 'AuthenticationUnsuccessful' });
  });

  it('forbids calls after a disconnect in Xero, and for a user who lost the role', async () => {
    const { access_token } = await obtainTokens(emulator);
    const au = apiClient(emulator, access_token);
    const nz = apiClient(emulator, access_token, ORGANISATION_IDS.nz);
    emulator.control.people.disconnect(ORGANISATION_IDS.au);
    expect((await au('GET', '/Organisation')).status).toBe(403);
    expect((await nz('GET', '/Organisation')).status).toBe(200);
    emulator.control.people.demoteUser(ADA, ORGANISATION_IDS.nz);
    expect((await nz('GET', '/Organisation')).status).toBe(403);
  });

  it('is seen whole by the app’s own token', async () => {
    await obtainTokens(emulator);
    await obtainTokens(emulator, 'sam.single@example.com');
    const response = await postToken(emulator, {
      grant_type: 'client_credentials',
      scope: 'app.connections',
    });
    const { access_token } = await jsonOf(response);
    expect((await connections(access_token)).rows).toHaveLength(3);
  });
});

describe('calls', () => {
  it('say when a token has expired, and when it is none', async () => {
    const { access_token } = await obtainTokens(emulator);
    emulator.clock.advance(30 * MINUTE_MS);
    const expired = await apiClient(emulator, access_token)('GET', '/Organisation');
    expect(expired.status).toBe(401);
    expect(expired.json.Detail).toBe('TokenExpired: token expired at 11/22/2026 09:30:00');
    const wrong = await apiClient(emulator, 'rubbish')('GET', '/Organisation');
    expect(wrong.json).toMatchObject({ Status: 401, Detail: 'AuthenticationUnsuccessful' });
    const forged = `${access_token.slice(0, -4)}AAAA`;
    expect((await apiClient(emulator, forged)('GET', '/Organisation')).status).toBe(401);
  });

  it('need the scope of their path', async () => {
    const to = emulator.control.people.consent(
      authorizeUrl(emulator, { scope: 'accounting.contacts.read offline_access' }),
      { user: ADA },
    );
    const code = new URL(to).searchParams.get('code') ?? '';
    const { access_token } = await jsonOf(
      await postToken(emulator, {
        grant_type: 'authorization_code',
        code,
        redirect_uri: REDIRECT_URI,
      }),
    );
    const api = apiClient(emulator, access_token);
    expect((await api('GET', '/Contacts')).status).toBe(200);
    for (const [method, path] of [
      ['PUT', '/Contacts'],
      ['GET', '/Invoices'],
    ] as const) {
      const refused = await api(method, path, method === 'PUT' ? {} : undefined);
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toContain('insufficient_scope');
    }
    emulator.control.switches.misspelsScopeError = true;
    const misspelt = (await api('GET', '/Invoices')).headers.get('www-authenticate');
    expect(misspelt).toBe('Bearer error="insufficent_scope"');
  });
});

it('lets a stock OpenID client discover it and verify the id_token', async () => {
  const client = await import('openid-client');
  const config = await client.discovery(
    new URL(emulator.url),
    CLIENT_ID,
    'emulator-client-secret',
    undefined,
    {
      execute: [client.allowInsecureRequests],
    },
  );
  const code_verifier = client.randomPKCECodeVerifier();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid email offline_access accounting.settings',
    code_challenge: await client.calculatePKCECodeChallenge(code_verifier),
    code_challenge_method: 'S256',
    state: 'xyz',
    nonce: 'nonce-1',
  });
  emulator.clock.set(new Date());
  const back = emulator.control.people.consent(url.href, { user: ADA });
  const tokens = await client.authorizationCodeGrant(config, new URL(back), {
    pkceCodeVerifier: code_verifier,
    expectedState: 'xyz',
    expectedNonce: 'nonce-1',
    idTokenExpected: true,
  });
  expect(tokens.claims()?.email).toBe(ADA);
});
