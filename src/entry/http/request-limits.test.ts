import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AppError } from '#platform/app-error';
import { createFakeClock } from '#platform/clock';
import type { Caller } from '#providers/index';
import { createRequestLimits } from './request-limits.ts';

const PER_ADDRESS = 3;
const PER_CALLER = 5;
const OFFICE = '203.0.113.9';

let app: FastifyInstance;
/** Whose session or key it is; what is not here belongs to nobody. */
const personOf = new Map<string, string>();
let lookUps = 0;

beforeEach(() => {
  personOf.clear();
  lookUps = 0;
  app = Fastify() as unknown as FastifyInstance;
  app.setErrorHandler((error, _request, reply) =>
    reply.code(error instanceof AppError ? error.status : 500).send(),
  );
  const limits = createRequestLimits(
    { perAddress: PER_ADDRESS, perAddressOutside: PER_ADDRESS, perCaller: PER_CALLER },
    createFakeClock('2026-03-02T01:00:00.000Z'),
  );
  const { checkAddress, checkOutside } = limits;
  app.get('/ours', { onRequest: checkAddress }, async () => null);
  app.get('/outside', { onRequest: checkOutside }, async () => null);
  app.get('/right', { onRequest: checkOutside }, async (request) => limits.pardon(request));
  app.get('/known', async (request) => {
    const brought = request.headers.cookie ?? '';
    await limits.count(request, brought, async () => {
      lookUps += 1;
      const personId = personOf.get(brought);
      if (personId) return { actor: { kind: 'person', personId } } as unknown as Caller;
      throw new AppError('session.missing');
    });
    return null;
  });
});
afterEach(() => app.close());

async function statusFrom(url: string, remoteAddress: string, cookie = ''): Promise<number> {
  return (await app.inject({ url, remoteAddress, headers: { cookie } })).statusCode;
}

async function statusesFrom(times: number, url: string, cookie = ''): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < times; n += 1) statuses.push(await statusFrom(url, OFFICE, cookie));
  return statuses;
}

it.each(['/ours', '/outside'])(
  'counts the addresses of one IPv6 network together: %s',
  async (url) => {
    for (let n = 1; n <= PER_ADDRESS; n += 1) {
      expect(await statusFrom(url, `2001:db8:1:2::${n}`)).toBe(200);
    }
    expect(await statusFrom(url, '2001:db8:1:2:ffff::9')).toBe(429);
    expect(await statusFrom(url, '2001:db8:1:3::1')).toBe(200);
  },
);

it('counts each IPv4 address by itself, however it is written', async () => {
  expect(await statusesFrom(PER_ADDRESS, '/ours')).toEqual([200, 200, 200]);
  expect(await statusFrom('/ours', `::ffff:${OFFICE}`)).toBe(429);
  expect(await statusFrom('/ours', '203.0.113.10')).toBe(200);
});

it('counts what another program sends only until it has proved to be in the right', async () => {
  expect(await statusesFrom(2 * PER_ADDRESS, '/right')).not.toContain(429);
  expect(await statusesFrom(PER_ADDRESS + 1, '/outside')).toEqual([200, 200, 200, 429]);
});

it('counts whoever is known by themselves, however many share an address', async () => {
  for (const name of ['Ana', 'Ben', 'Chi', 'Dov', 'Eva', 'Fay']) {
    personOf.set(name, name);
    expect(await statusesFrom(2, '/known', name)).toEqual([200, 200]);
  }
  expect(await statusFrom('/ours', OFFICE)).toBe(200);
});

it('counts all sessions of one person together, and looks nobody up above their limit', async () => {
  for (const session of ['desk', 'laptop']) personOf.set(session, 'Ana');
  expect(await statusesFrom(PER_CALLER, '/known', 'desk')).not.toContain(429);
  expect(await statusFrom('/known', OFFICE, 'laptop')).toBe(429);
  expect(lookUps).toBe(PER_CALLER + 1);
  expect(await statusesFrom(2, '/known', 'laptop')).toEqual([429, 429]);
  expect(await statusesFrom(2, '/known', 'desk')).toEqual([429, 429]);
  expect(lookUps).toBe(PER_CALLER + 1);
});

it('looks up no more bad cookies of an address than its limit, be each another one', async () => {
  for (let n = 0; n < PER_ADDRESS; n += 1) {
    expect(await statusFrom('/known', OFFICE, `guess ${n}`)).toBe(401);
  }
  expect(await statusFrom('/known', OFFICE, 'one more')).toBe(429);
  expect(lookUps).toBe(PER_ADDRESS);
});

it('lets those pass who were known before a flood came from their address', async () => {
  personOf.set('Ana', 'Ana');
  expect(await statusFrom('/known', OFFICE, 'Ana')).toBe(200);
  expect(await statusesFrom(PER_ADDRESS + 1, '/known', 'bad')).toContain(429);
  expect(await statusFrom('/known', OFFICE, 'Ana')).toBe(200);
});

it('counts a session that has ended at its address again', async () => {
  personOf.set('Ana', 'Ana');
  expect(await statusFrom('/known', OFFICE, 'Ana')).toBe(200);
  personOf.clear();
  const statuses = await statusesFrom(PER_ADDRESS + 2, '/known', 'Ana');
  expect(statuses).toEqual([401, 401, 401, 401, 429]);
});
