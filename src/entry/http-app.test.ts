import { once } from 'node:events';
import { connect } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Problem } from '#contract/errors';
import { route } from '#contract/route';
import { endpoint, publicEndpoint } from '#platform/http';
import { type HttpFixture, startHttpFixture } from './http-app.fixture.ts';

const ID = '0190a000-0000-7000-8000-000000000000';

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

const echoEndpoint = endpoint(echo, async ({ body, query }) => {
  if (body.text === 'fault') return { words: 'not of the contract' } as never;
  return { text: body.text.repeat(query.times), secret: 'left out' };
});

let http: HttpFixture;
let cookie: string;

beforeAll(async () => {
  http = await startHttpFixture({ endpoints: [echoEndpoint] });
  cookie = await http.sessionCookie();
});
afterAll(() => http.close());

function post(url: string, payload: object | string, headers: Record<string, string> = {}) {
  return http.app.inject({
    method: 'POST',
    url,
    headers: { cookie, origin: http.origin, 'content-type': 'application/json', ...headers },
    payload,
  });
}

describe('every route', () => {
  test('gets its parts parsed and answers no more than the contract says', async () => {
    const answer = await post(`/api/v1/echo/${ID}?times=2`, { text: 'ho' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ text: 'hoho' });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('names each wrong field', async () => {
    const answer = await post(`/api/v1/echo/${ID}`, { text: 'far too long a text' });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'request.invalid', fields: [{ field: 'text' }] });
  });

  test.each([
    ['an address that is none', '/api/v1/nowhere', '{}', 404, 'request.not-found'],
    ['a broken body', `/api/v1/echo/${ID}`, '{"text":', 400, 'request.invalid'],
    ['too large a body', `/api/v1/echo/${ID}`, 'x'.repeat(1_100_000), 413, 'request.too-large'],
    ['an address that can’t be decoded', '/api/v1/%zz', '{}', 400, 'request.invalid'],
    ['an id that is none', '/api/v1/echo/7', '{"text":"a"}', 400, 'request.invalid'],
  ])('answers %s with a problem document', async (_what, url, body, status, code) => {
    const answer = await post(url, body);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(Problem.parse(answer.json()).code).toBe(code);
  });

  test('answers a fault of ours with a reference and nothing of what went wrong', async () => {
    const answer = await post(`/api/v1/echo/${ID}`, { text: 'fault' });
    expect(answer.statusCode).toBe(500);
    const problem = Problem.parse(answer.json());
    expect(problem).toMatchObject({ code: 'server.unexpected' });
    expect(problem.reference).toBe(answer.headers['x-request-id']);
    expect(answer.body).not.toContain('contract');
  });

  test('refuses a change that another site sends with our cookie', async () => {
    const headers = { origin: 'https://evil.example' };
    const answer = await post(`/api/v1/echo/${ID}`, { text: 'a' }, headers);
    expect(answer.json()).toMatchObject({ code: 'request.wrong-origin' });
  });

  test('looks at rights before it looks at the body', async () => {
    const answer = await post(`/api/v1/echo/${ID}`, '{"text":', { cookie: '' });
    expect(answer.json()).toMatchObject({ code: 'session.missing' });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  test('carries the headers that keep other sites out', async () => {
    const { headers } = await http.app.inject({ url: '/api/docs' });
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

describe('a caller who asks without pause', () => {
  test('is told to wait, and nobody else is', async () => {
    const limited = await startHttpFixture({
      limits: { perAddress: 1_000, perAddressOutside: 6_000, perCaller: 3 },
    });
    try {
      const { providers } = limited.context;
      const scope = { providerId: limited.providerId, actor: { kind: 'bursar', name: 'Bursar' } };
      const keyed = async (name: string) => {
        const wish = { name, role: 'staff' as const };
        const { key } = await providers.createApiKey(scope as never, wish);
        return { authorization: `Bearer ${key}` };
      };
      const [one, other] = [await keyed('one'), await keyed('other')];
      const ask = (headers: Record<string, string>) =>
        limited.app.inject({ url: '/api/v1/me', headers });
      const statuses = [];
      for (let n = 0; n < 4; n += 1) statuses.push((await ask(one)).statusCode);
      expect(statuses).toEqual([200, 200, 200, 429]);
      const refused = await ask(one);
      expect(refused.json()).toMatchObject({ code: 'request.too-many' });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect((await ask(other)).statusCode).toBe(200);
    } finally {
      await limited.close();
    }
  });
});

test('closing answers what is under way, and nothing else holds it up', async () => {
  const arrived = Promise.withResolvers<void>();
  const slow = route({
    method: 'GET',
    path: '/api/v1/slow',
    permission: 'public',
    tag: 'Test',
    summary: 'Slow',
    answer: z.object({ done: z.boolean() }),
  });
  const release = Promise.withResolvers<void>();
  const slowEndpoint = publicEndpoint(slow, async () => {
    arrived.resolve();
    await release.promise;
    return { done: true };
  });
  const closing = await startHttpFixture({ endpoints: [slowEndpoint] });
  const url = await closing.app.listen({ port: 0, host: '127.0.0.1' });
  const headers = { cookie: await closing.sessionCookie() };
  const stream = await fetch(`${url}/api/v1/live`, { headers });
  const silent = connect(Number(new URL(url).port), '127.0.0.1');
  await once(silent, 'connect');
  const answer = fetch(`${url}/api/v1/slow`);
  await arrived.promise;
  const closed = closing.close();
  expect(await stream.text()).toContain(':');
  release.resolve();
  expect(await (await answer).json()).toEqual({ done: true });
  await closed;
  silent.destroy();
});

test('readiness is a matter of the database; a worker that is missing is told', async () => {
  expect((await http.app.inject({ url: '/healthz' })).statusCode).toBe(200);
  const answer = await http.app.inject({ url: '/readyz' });
  expect(answer.statusCode).toBe(200);
  const said = { status: 'ready', database: 'up', schema: 'known', worker: 'down' };
  expect(answer.json()).toEqual(said);
});

test('it is lost while a newer Bursar has the database', async () => {
  const owner = new pg.Client({ connectionString: http.context.config.databaseUrl });
  await owner.connect();
  const asked = async () => {
    const answer = await http.app.inject({ url: '/readyz' });
    return [answer.statusCode, answer.json().schema];
  };
  expect(await asked()).toEqual([200, 'known']);
  await owner.query(`insert into schema_migrations (name, checksum) values ('9999_newer.sql', '')`);
  expect(await asked()).toEqual([503, 'database_newer']);
  await owner.query(`delete from schema_migrations where name = '9999_newer.sql'`);
  await owner.end();
});

test('a copy that is on hold says so to whoever watches and to whoever looks', async () => {
  const copy = await startHttpFixture({
    settings: {
      PUBLIC_URL: 'https://copy.example.org',
      XERO_CLIENT_ID: 'id',
      XERO_CLIENT_SECRET: 'secret',
    },
  });
  const row = { public_url: 'https://bursar.example.org', noted_at: copy.clock.now() };
  await copy.context.database.asSystem((tx) => tx.insertInto('installation').values(row).execute());
  const ready = await copy.app.inject({ url: '/readyz' });
  expect(ready.statusCode).toBe(200);
  const said = { status: 'ready', database: 'up', schema: 'known', worker: 'on hold' };
  expect(ready.json()).toEqual(said);
  const headers = { cookie: await copy.sessionCookie() };
  const news = await copy.app.inject({ url: '/api/v1/connection-news', headers });
  expect(news.json()).toEqual({ news: [], isOnHold: true });
  const begun = await copy.app.inject({
    method: 'POST',
    url: '/api/v1/connections',
    headers: { ...headers, origin: copy.origin },
    payload: { app: 'xero' },
  });
  expect(begun.json()).toMatchObject({ code: 'connection.on-hold' });
  await copy.close();
});
