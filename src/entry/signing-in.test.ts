import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { DAY_MS, MINUTE_MS } from '#platform/clock';
import { ATTEMPTS_PER_ADDRESS, createSignInAttempts } from '#providers/sign-in-attempts';
import { EMAIL, type HttpFixture, startHttpFixture } from './http-app.fixture.ts';

let http: HttpFixture;

beforeAll(async () => {
  http = await startHttpFixture();
});
afterAll(() => http.close());
afterEach(() => {
  vi.useRealTimers();
});

function me(cookie: string) {
  return http.app.inject({ url: '/api/v1/me', headers: { cookie } });
}

describe('signing in', () => {
  test('gives a session that says who is asking', async () => {
    const answer = await http.signIn();
    expect(answer.json()).toEqual({ step: 'signed-in' });
    const [cookie] = answer.cookies;
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    expect(cookie?.secure).toBeFalsy();
    expect((await me(await http.sessionCookie())).json()).toMatchObject({
      kind: 'person',
      name: 'Ana Silva',
      email: EMAIL,
      role: 'owner',
      provider: { id: http.providerId, name: 'Harbour', country: 'AU' },
    });
  });

  test('answers an unknown person and a wrong password alike', async () => {
    const unknown = await http.signIn({ email: 'nobody@example.org' });
    const wrong = await http.signIn({ password: 'not the password' });
    expect(unknown.statusCode).toBe(401);
    expect(unknown.body).toBe(wrong.body);
    expect(unknown.cookies).toEqual([]);
  });

  test('ends with signing out', async () => {
    const cookie = await http.sessionCookie();
    const headers = { cookie, origin: http.origin };
    const out = await http.app.inject({ method: 'DELETE', url: '/api/v1/session', headers });
    expect(out.statusCode).toBe(204);
    expect((await me(cookie)).json()).toMatchObject({ code: 'session.missing' });
  });

  test('stops guessing, whatever header claims another address', async () => {
    const email = 'guessed@example.org';
    const statuses: number[] = [];
    for (let guess = 0; guess < 11; guess += 1) {
      const headers = { 'x-forwarded-for': `198.51.100.${guess}` };
      const answer = await http.signIn({ email, password: 'wrong', headers });
      statuses.push(answer.statusCode);
      if (guess === 10) expect(answer.headers['retry-after']).toBe(String(15 * 60));
    }
    expect(statuses).toEqual([...new Array(10).fill(401), 429]);
    http.clock.advance(15 * MINUTE_MS);
    expect((await http.signIn({ email })).statusCode).toBe(401);
  });
});

describe('a session', () => {
  test('is prolonged while it is used, and ends after a week without', async () => {
    const cookie = await http.sessionCookie();
    const start = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: start + 2 * DAY_MS });
    const used = await me(cookie);
    expect(used.cookies[0]).toMatchObject({ maxAge: (7 * DAY_MS) / 1_000, httpOnly: true });
    vi.setSystemTime(start + 8 * DAY_MS);
    expect((await me(cookie)).statusCode).toBe(200);
    vi.setSystemTime(start + 16 * DAY_MS);
    expect((await me(cookie)).statusCode).toBe(401);
  });

  test('outlives a restart with the same key, and not with another', async () => {
    const cookie = await http.sessionCookie();
    const keys = (byte: number) => `k1:${Buffer.alloc(32, byte).toString('base64')}`;
    for (const [byte, status] of [
      [7, 200],
      [8, 401],
    ] as const) {
      const settings = {
        ENCRYPTION_KEYS: keys(byte),
        DATABASE_URL: http.context.config.databaseUrl,
      };
      const again = await startHttpFixture({ settings });
      const answer = await again.app.inject({ url: '/api/v1/me', headers: { cookie } });
      expect(answer.statusCode).toBe(status);
      await again.close();
    }
  });
});

test('over https, the cookie and the browser stay on https', async () => {
  const settings = { PUBLIC_URL: 'https://bursar.example.org' };
  const secure = await startHttpFixture({ settings });
  try {
    const answer = await secure.signIn();
    expect(answer.cookies[0]).toMatchObject({
      name: '__Host-bursar.session_token',
      secure: true,
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
    });
    expect(answer.cookies[0]).not.toHaveProperty('domain');
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
    const asked = await secure.app.inject({
      url: '/api/v1/me',
      headers: { cookie: await secure.sessionCookie() },
    });
    expect(asked.statusCode).toBe(200);
    const description = await secure.app.inject({ url: '/api/openapi.json' });
    expect(description.json().components.securitySchemes.session).toMatchObject({
      in: 'cookie',
      name: '__Host-bursar.session_token',
    });
  } finally {
    await secure.close();
  }
});

test('over https, a cookie that another host of the domain planted is none of ours', async () => {
  const app = { XERO_CLIENT_ID: 'an-app', XERO_CLIENT_SECRET: 'its-secret' };
  const settings = { PUBLIC_URL: 'https://bursar.example.org', ...app };
  const secure = await startHttpFixture({ settings });
  try {
    const cookie = (await secure.sessionCookie()).replace('__Host-', '');
    const asked = await secure.app.inject({ url: '/api/v1/me', headers: { cookie } });
    expect(asked.statusCode).toBe(401);
    const leaving = await secure.app.inject({ url: '/sign-in/xero' });
    const names = leaving.cookies.map(({ name }) => name);
    expect(names).toEqual(['__Host-bursar.xero_journey']);
  } finally {
    await secure.close();
  }
});

test('behind a proxy that is named, the proxy’s word on the address counts', async () => {
  const behind = await startHttpFixture({ settings: { TRUST_PROXY: '127.0.0.1' } });
  try {
    const address = '198.51.100.7';
    const attempts = createSignInAttempts(behind.context.database, behind.clock);
    for (let guess = 0; guess < ATTEMPTS_PER_ADDRESS; guess += 1) {
      await attempts.reserve({ email: `p${guess}@example.org`, address });
    }
    const guesser = await behind.signIn({ headers: { 'x-forwarded-for': address } });
    expect(guesser.statusCode).toBe(429);
    const headers = { 'x-forwarded-for': '198.51.100.8' };
    expect((await behind.signIn({ headers })).statusCode).toBe(200);
  } finally {
    await behind.close();
  }
});
