import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Problem } from '#contract/errors';
import type { ProviderId } from '#contract/ids';
import { route } from '#contract/route';
import { createFakeClock, type FakeClock, MINUTE_MS } from '#platform/clock';
import { endpoint } from '#platform/http';
import { type LiveUpdates, listenForUpdates } from '#platform/live-updates';
import { silentLogger } from '#platform/logger';
import { ownScope } from '#platform/scope';
import { createTestDatabase, type TestDatabase } from '../../test/world/database.ts';
import { type Context, createContext } from './context.ts';
import { buildHttpApp } from './http-app.ts';

const ORIGIN = 'http://localhost:3999';
const PASSWORD = 'correct horse battery';
const EMAIL = 'ana@example.org';

let database: TestDatabase;
let clock: FakeClock;
let context: Context;
let live: LiveUpdates;
let app: FastifyInstance;
let providerId: ProviderId;

beforeAll(async () => {
  database = await createTestDatabase();
  clock = createFakeClock('2026-03-02T00:00:00Z');
  context = await createContext(
    {
      port: 3999,
      publicUrl: ORIGIN,
      dataDir: '/nowhere',
      databaseUrl: database.ownerUrl,
      encryptionKeys: [{ id: 'k1', key: randomBytes(32) }],
      xero: {
        app: null,
        loginUrl: 'http://xero.invalid',
        identityUrl: 'http://xero.invalid',
        apiUrl: 'http://xero.invalid',
      },
      logLevel: 'silent',
      trustedProxies: false,
    },
    { clock, logger: silentLogger },
  );
  live = await listenForUpdates(context.database, silentLogger);
  const probe = endpoint(echo, async ({ body, query }) => {
    if (body.text === 'fault') return { words: 'not of the contract' } as never;
    return { text: body.text.repeat(query.times), secret: 'left out' };
  });
  const probed = { ...context, endpoints: [...context.endpoints, probe] };
  app = await buildHttpApp(probed, { live, webRoot: null });
  const provider = await context.providers.create({ name: 'Harbour', country: 'AU' });
  providerId = provider.id;
  await context.providers.addPerson(ownScope(providerId), {
    email: EMAIL,
    name: 'Ana Silva',
    role: 'owner',
    password: PASSWORD,
  });
});

afterAll(async () => {
  await app.close();
  await live.close();
  await context.close();
  await database.drop();
});

function signIn(given: { email?: string; password?: string; address?: string } = {}) {
  return app.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers: { origin: ORIGIN },
    remoteAddress: given.address ?? '203.0.113.1',
    payload: { email: given.email ?? EMAIL, password: given.password ?? PASSWORD },
  });
}

async function sessionCookie(): Promise<string> {
  const answer = await signIn();
  expect(answer.statusCode).toBe(204);
  const [cookie] = answer.cookies;
  return `${cookie?.name}=${encodeURIComponent(cookie?.value ?? '')}`;
}

describe('signing in', () => {
  test('gives a session that says who is asking', async () => {
    const answer = await signIn();
    expect(answer.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    const me = await app.inject({ url: '/api/v1/me', headers: { cookie: await sessionCookie() } });
    expect(me.json()).toMatchObject({
      kind: 'person',
      name: 'Ana Silva',
      email: EMAIL,
      role: 'owner',
      provider: { id: providerId, name: 'Harbour', country: 'AU' },
    });
  });

  test('answers an unknown person and a wrong password alike', async () => {
    const unknown = await signIn({ email: 'nobody@example.org' });
    const wrong = await signIn({ password: 'not the password' });
    expect(unknown.statusCode).toBe(401);
    expect(unknown.body).toBe(wrong.body);
    expect(unknown.cookies).toEqual([]);
  });

  test('ends with signing out', async () => {
    const cookie = await sessionCookie();
    const out = await app.inject({
      method: 'DELETE',
      url: '/api/v1/session',
      headers: { cookie, origin: ORIGIN },
    });
    expect(out.statusCode).toBe(204);
    const me = await app.inject({ url: '/api/v1/me', headers: { cookie } });
    expect(me.json()).toMatchObject({ code: 'session.missing' });
  });

  test('stops guessing, whatever header claims another address', async () => {
    const email = 'guessed@example.org';
    const statuses: number[] = [];
    for (let guess = 0; guess < 11; guess += 1) {
      const answer = await app.inject({
        method: 'POST',
        url: '/api/v1/session',
        headers: { origin: ORIGIN, 'x-forwarded-for': `198.51.100.${guess}` },
        payload: { email, password: 'wrong' },
      });
      statuses.push(answer.statusCode);
      if (guess === 10) expect(answer.headers['retry-after']).toBe(String(15 * 60));
    }
    expect(statuses).toEqual([...new Array(10).fill(401), 429]);
    clock.advance(15 * MINUTE_MS);
    expect((await signIn({ email })).statusCode).toBe(401);
  });
});

const echo = route({
  method: 'POST',
  path: '/api/v1/echo/:id',
  permission: 'learners.edit',
  tag: 'Test',
  summary: 'Echo',
  params: z.object({ id: z.uuid() }),
  query: z.object({ times: z.coerce.number().int().max(3).default(1) }),
  body: z.object({ text: z.string().max(10) }),
  answer: z.object({ text: z.string() }),
});

const ID = '0190a000-0000-7000-8000-000000000000';

function post(url: string, cookie: string, payload: object | string, headers = {}) {
  return app.inject({
    method: 'POST',
    url,
    headers: { cookie, origin: ORIGIN, 'content-type': 'application/json', ...headers },
    payload,
  });
}

describe('every route', () => {
  test('gets its parts parsed and answers no more than the contract says', async () => {
    const cookie = await sessionCookie();
    const answer = await post(`/api/v1/echo/${ID}?times=2`, cookie, { text: 'ho' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ text: 'hoho' });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('names each wrong field', async () => {
    const cookie = await sessionCookie();
    const answer = await post(`/api/v1/echo/${ID}`, cookie, { text: 'far too long a text' });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({
      code: 'request.invalid',
      fields: [{ field: 'text' }],
    });
  });

  test.each([
    ['an address that is none', '/api/v1/nowhere', '{}', 404, 'request.not-found'],
    ['a broken body', `/api/v1/echo/${ID}`, '{"text":', 400, 'request.invalid'],
    [
      'a body that is too large',
      `/api/v1/echo/${ID}`,
      'x'.repeat(1_100_000),
      413,
      'request.too-large',
    ],
    ['an address that can’t be decoded', '/api/v1/%zz', '{}', 400, 'request.invalid'],
    ['an id that is none', '/api/v1/echo/7', '{"text":"a"}', 400, 'request.invalid'],
  ])('answers %s with a problem document', async (_what, url, body, status, code) => {
    const answer = await post(url, await sessionCookie(), body);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(Problem.parse(answer.json()).code).toBe(code);
  });

  test('answers a fault of ours with a reference and nothing of what went wrong', async () => {
    const answer = await post(`/api/v1/echo/${ID}`, await sessionCookie(), { text: 'fault' });
    expect(answer.statusCode).toBe(500);
    const problem = Problem.parse(answer.json());
    expect(problem).toMatchObject({ code: 'server.unexpected' });
    expect(problem.reference).toBe(answer.headers['x-request-id']);
    expect(answer.body).not.toContain('contract');
  });

  test('refuses a change that another site sends with our cookie', async () => {
    const cookie = await sessionCookie();
    const origin = 'https://evil.example';
    const answer = await post(`/api/v1/echo/${ID}`, cookie, { text: 'a' }, { origin });
    expect(answer.json()).toMatchObject({ code: 'request.wrong-origin' });
  });

  test('looks at rights before it looks at the body', async () => {
    const anonymous = await post(`/api/v1/echo/${ID}`, '', '{"text":');
    expect(anonymous.json()).toMatchObject({ code: 'session.missing' });
    expect(anonymous.headers['www-authenticate']).toBe('Bearer');
  });

  test('carries the headers that keep other sites out', async () => {
    const { headers } = await app.inject({ url: '/api/docs' });
    expect(headers['content-security-policy']).toBe(
      "default-src 'self';img-src 'self' data:;style-src 'self' 'unsafe-inline';" +
        "frame-ancestors 'none';base-uri 'none';form-action 'self';object-src 'none'",
    );
    expect(headers).toMatchObject({
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
  });
});

test('readiness needs the database and a living worker', async () => {
  expect((await app.inject({ url: '/healthz' })).statusCode).toBe(200);
  const answer = await app.inject({ url: '/readyz' });
  expect(answer.statusCode).toBe(503);
  expect(answer.json()).toEqual({ status: 'not ready', database: 'up', worker: 'down' });
});
