import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProviderId } from '#contract/ids';
import { createFakeClock, type FakeClock, MINUTE_MS } from '#platform/clock';
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
  app = await buildHttpApp(context, { live, webRoot: null });
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

  test('stops guesses at one account, whatever address and header they come with', async () => {
    const email = 'guessed@example.org';
    for (let guess = 0; guess < 10; guess += 1) {
      const answer = await signIn({ email, address: `198.51.100.${guess}` });
      expect(answer.statusCode).toBe(401);
    }
    const answer = await signIn({ email, address: '198.51.100.99' });
    expect(answer.statusCode).toBe(429);
    expect(answer.json()).toMatchObject({ code: 'session.too-many-attempts' });
    expect(Number(answer.headers['retry-after'])).toBe(15 * 60);
    clock.advance(15 * MINUTE_MS);
    expect((await signIn({ email })).statusCode).toBe(401);
  });

  test('counts guesses sent together', async () => {
    const email = 'stormed@example.org';
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => signIn({ email, address: `192.0.2.${n}` })),
    );
    expect(answers.filter((answer) => answer.statusCode === 401)).toHaveLength(10);
    expect(answers.filter((answer) => answer.statusCode === 429)).toHaveLength(10);
  });

  test('stops guesses from one address at many accounts', async () => {
    const statuses: number[] = [];
    for (let guess = 0; guess < 31; guess += 1) {
      const answer = await signIn({ email: `p${guess}@example.org`, address: '203.0.113.77' });
      statuses.push(answer.statusCode);
    }
    expect(statuses.slice(0, 30)).toEqual(new Array(30).fill(401));
    expect(statuses[30]).toBe(429);
  });
});
