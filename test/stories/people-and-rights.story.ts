import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { ApiKeyId, LearnerId, ProviderId } from '#contract/ids';
import { PERMISSIONS, ROLES, type Role, roleMay } from '#contract/permissions';
import type { Route } from '#contract/route';
import { ownScope } from '#platform/scope';
import { addressOf, createClient } from '../world/client.ts';
import { PASSWORD } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const NOWHERE = '0190a000-0000-7000-8000-000000000000';
const UNKNOWN_TOKEN = 'x'.repeat(43);

/** An address of the route whose ids exist nowhere. */
function addressWithUnknownIds(route: Route): string {
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => String(name));
  return addressOf(
    route.path,
    Object.fromEntries(names.map((name) => [name, name === 'token' ? UNKNOWN_TOKEN : NOWHERE])),
  );
}

const guarded = Object.entries(api).filter(
  ([, route]) => route.permission !== 'public' && route.permission !== 'signed-in',
) as [string, Route][];

describe('a role', () => {
  test.each(ROLES)('%s sees who they are and what they may do', async (role) => {
    const me = await (await world.people[role]()).call(api.me);
    expect(me).toMatchObject({ kind: 'person', role, provider: { name: 'Harbour Training' } });
    expect(me.permissions).toEqual(PERMISSIONS.filter((one) => roleMay(role, one)));
  });

  test.each(ROLES)('%s passes exactly the routes of their permissions', async (role) => {
    const client = await world.people[role]();
    for (const [name, route] of guarded) {
      // Nothing is sent along: whoever passes is refused for another reason, or gets a list.
      const answer = await client.fetch(addressWithUnknownIds(route), { method: route.method });
      const may = roleMay(role, route.permission as (typeof PERMISSIONS)[number]);
      expect([name, answer.status === 403]).toEqual([name, !may]);
    }
  });

  test('is told the rule and who here may', async () => {
    await world.people.owner();
    await world.people.admin();
    const problem = await (await world.people.staff()).refusal(api.listApiKeys);
    expect(problem).toMatchObject({
      status: 403,
      code: 'permission.missing',
      detail: 'Only an Owner or Admin may make and revoke API keys.',
      whoMay: expect.arrayContaining([
        { name: 'Odile Marchand', role: 'Owner' },
        { name: 'Arjun Mehta', role: 'Admin' },
      ]),
    });
    expect(problem.whoMay).toHaveLength(2);
  });
});

describe('somebody who is not signed in', () => {
  test.each(guarded)('is refused at %s', async (_name, route) => {
    const answer = await world.visitor().fetch(addressWithUnknownIds(route), {
      method: route.method,
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'session.missing' });
  });

  test('is refused with an altered or invented session', async () => {
    const staff = await world.people.staff();
    const cookie = staff.jar.headerFor(world.url);
    for (const forged of [
      cookie.slice(0, -3),
      cookie.replace(/=.{4}/, '=AAAA'),
      'bursar.session_token=x.y',
    ]) {
      const answer = await fetch(`${world.url}/api/v1/me`, { headers: { cookie: forged } });
      expect(answer.status).toBe(401);
    }
  });
});

describe('one provider’s people', () => {
  test('never see another provider’s learner, whatever they do with its id', async () => {
    const neighbour = await world.neighbours.owner();
    const theirs = await neighbour.call(api.addLearner, {
      body: { firstName: 'Aroha', lastName: 'Ngata' },
    });
    const owner = await world.people.owner();
    const known = { learnerId: theirs.id };
    const unknown = { learnerId: NOWHERE as LearnerId };
    const change = { revision: 1, firstName: 'Mine' };
    for (const params of [known, unknown]) {
      expect(await owner.refusal(api.getLearner, { params })).toMatchObject({ status: 404 });
      expect(await owner.refusal(api.editLearner, { params, body: change })).toMatchObject({
        status: 404,
      });
      const ticked = { params, body: { syncToXero: true } };
      expect(await owner.refusal(api.setLearnerSync, ticked)).toMatchObject({ status: 404 });
    }
    expect(await neighbour.call(api.getLearner, { params: known })).toMatchObject({
      firstName: 'Aroha',
      revision: 1,
    });
    const list = await owner.call(api.listLearners, { query: { search: 'Aroha' } });
    expect(list.items).toEqual([]);
  });

  test('see who works there, and nobody else', async () => {
    for (const cast of [world.people, world.neighbours]) {
      const owner = await cast.owner();
      const { items } = await owner.call(api.listMembers);
      const me = items.find(({ personId }) => personId === owner.personId);
      expect(me).toEqual({
        personId: owner.personId,
        name: owner.name,
        email: owner.email,
        role: 'owner',
      });
      const domains = new Set(items.map(({ email }) => email.split('@')[1]));
      expect(domains).toEqual(new Set([owner.email.split('@')[1]]));
    }
  });

  test('can’t work for a provider they do not belong to', async () => {
    const owner = await world.people.owner();
    for (const provider of [world.neighbours.providerId, NOWHERE as ProviderId, 'nonsense']) {
      const problem = await owner.workingFor(provider).refusal(api.me);
      expect(problem).toMatchObject({ status: 403, code: 'session.no-provider' });
    }
  });

  test('work for each of their own providers with the role they have there', async () => {
    const { providers } = world.context;
    const email = 'both@harbour.example';
    for (const [cast, role] of [
      [world.people, 'admin'],
      [world.neighbours, 'staff'],
    ] as const) {
      const scope = ownScope(cast.providerId);
      await providers.addPerson(scope, { email, name: 'Bo Both', role, password: PASSWORD });
      world.clock.advance(1_000);
    }
    const both = createClient(world.url);
    await both.signIn(email, PASSWORD);
    const first = await both.call(api.me);
    expect(first).toMatchObject({ role: 'admin', provider: { id: world.people.providerId } });
    expect(first.memberships.map(({ role }) => role)).toEqual(['admin', 'staff']);
    const there = both.workingFor(world.neighbours.providerId);
    expect(await there.call(api.me)).toMatchObject({ role: 'staff' });
    expect(await there.refusal(api.listApiKeys)).toMatchObject({ code: 'permission.missing' });
  });
});

describe('an API key', () => {
  test.each(ROLES)('of the role %s may what the role may', async (role) => {
    const program = await world.apiClient(role);
    const me = await program.call(api.me);
    expect(me).toMatchObject({ kind: 'api-key', role, email: null });
    const asked = program.fetch(api.listApiKeys.path);
    expect((await asked).status).toBe(roleMay(role, 'api-keys.manage') ? 200 : 403);
  });

  test('is shown once, listed without its text, and dead at once when revoked', async () => {
    const owner = await world.people.owner();
    const wish = { name: 'Timetable', role: 'staff' as Role };
    const { key, apiKey } = await owner.call(api.createApiKey, { body: wish });
    const program = createClient(world.url, { key });
    expect(await program.call(api.me)).toMatchObject({ name: 'Timetable' });
    const listed = await owner.call(api.listApiKeys);
    const shown = listed.items.find(({ id }) => id === apiKey.id);
    expect(shown).toMatchObject({ ...wish, prefix: key.slice(0, 10) });
    expect(shown?.lastUsedAt).not.toBeNull();
    expect(JSON.stringify(listed)).not.toContain(key);
    await owner.call(api.revokeApiKey, { params: { apiKeyId: apiKey.id } });
    expect(await program.refusal(api.me)).toMatchObject({ status: 401, code: 'api-key.invalid' });
    const again = await owner.refusal(api.revokeApiKey, { params: { apiKeyId: apiKey.id } });
    expect(again).toMatchObject({ code: 'request.not-found' });
  });

  test('that is unknown is refused rather than passed over for a cookie', async () => {
    const owner = await world.people.owner();
    const headers = { authorization: `Bearer bur_${'A'.repeat(43)}` };
    const answer = await owner.fetch('/api/v1/me', { headers });
    expect(await answer.json()).toMatchObject({ code: 'api-key.invalid' });
  });

  test('stays with its own provider', async () => {
    const neighbour = await world.neighbours.owner();
    const { apiKey } = await neighbour.call(api.createApiKey, {
      body: { name: 'Theirs', role: 'owner' },
    });
    const program = await world.apiClient('owner');
    const params = { apiKeyId: apiKey.id };
    expect(await program.refusal(api.revokeApiKey, { params })).toMatchObject({ status: 404 });
    const unknown = { apiKeyId: NOWHERE as ApiKeyId };
    expect(await program.refusal(api.revokeApiKey, { params: unknown })).toMatchObject({
      status: 404,
    });
    const headers = { 'x-bursar-provider': world.neighbours.providerId };
    const answer = await program.fetch('/api/v1/me', { headers });
    expect(await answer.json()).toMatchObject({ code: 'session.no-provider' });
  });

  test.each(['a\u0000b', 'a\ud83d'])('has no name that can’t be written down', async (name) => {
    const owner = await world.people.owner();
    const problem = await owner.refusal(api.createApiKey, { body: { name, role: 'staff' } });
    expect(problem).toMatchObject({ code: 'request.invalid', fields: [{ field: 'name' }] });
  });

  test('can’t be made for more than its maker may', async () => {
    const admin = await world.people.admin();
    const wish = { name: 'Ladder', role: 'owner' as Role };
    expect(await admin.refusal(api.createApiKey, { body: wish })).toMatchObject({
      code: 'permission.missing',
    });
  });
});

describe('another site’s page', () => {
  test.each([
    ['POST', '/api/v1/learners'],
    ['POST', '/api/v1/api-keys'],
    ['DELETE', '/api/v1/session'],
  ])('can’t %s %s with a visitor’s session', async (method, path) => {
    const owner = await world.people.owner();
    const answer = await owner.fetch(path, {
      method,
      headers: { origin: 'https://evil.example', 'content-type': 'text/plain' },
      ...(method === 'POST' ? { body: '{"firstName":"X","name":"X","role":"owner"}' } : {}),
    });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'request.wrong-origin' });
    expect(await owner.call(api.me)).toMatchObject({ kind: 'person' });
  });
});

test('a session ends everywhere when its person signs out', async () => {
  const client = createClient(world.url);
  const { email } = await world.people.finance();
  await client.signIn(email, PASSWORD);
  const stolen = client.jar.headerFor(world.url);
  await client.call(api.signOut);
  expect(client.jar.has('bursar.session_token')).toBe(false);
  const answer = await fetch(`${world.url}/api/v1/me`, { headers: { cookie: stolen } });
  expect(answer.status).toBe(401);
});

test('a guesser is stopped while the same person keeps working where signed in', async () => {
  const finance = await world.people.finance();
  const guesser = world.visitor();
  const guess = () =>
    guesser.refusal(api.signIn, { body: { email: finance.email, password: 'guess' } });
  for (let n = 0; n < 10; n += 1) expect(await guess()).toMatchObject({ status: 401 });
  const stopped = await guess();
  expect(stopped).toMatchObject({ code: 'session.too-many-attempts', retryAfterSeconds: 900 });
  const right = { email: finance.email, password: PASSWORD };
  expect(await guesser.refusal(api.signIn, { body: right })).toMatchObject({ status: 429 });
  expect(await finance.call(api.me)).toMatchObject({ role: 'finance' });
  world.clock.advance(15 * 60_000);
  await guesser.call(api.signIn, { body: right });
});
