import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { LIVE_PATH } from '#contract/live';
import { STREAMS_PER_CALLER } from '#entry/http/live-routes';
import { ownScope } from '#platform/scope';
import { createClient } from '../world/client.ts';
import { openLive } from '../world/live-stream.ts';
import { PASSWORD } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ heartbeatMs: 200 });
});
afterAll(() => world.close());

test('an open page hears what a colleague changes, and nothing of another provider', async () => {
  const staff = await world.people.staff();
  const live = await openLive(staff, `?provider=${world.people.providerId}`);
  const neighbour = await world.neighbours.owner();
  const admin = await world.people.admin();
  const theirs = await neighbour.call(api.addLearner, { body: { lastName: 'Ngata' } });
  const ours = await admin.call(api.addLearner, { body: { lastName: 'Tran' } });
  const message = await live.until(({ ids }) => ids.includes(ours.id));
  expect(message.topic).toBe('learners');
  expect(live.heard.some(({ ids }) => ids.includes(theirs.id))).toBe(false);
  live.close();
});

test('a page that opens just after a change hears of it, as its data may be older', async () => {
  const staff = await world.people.staff();
  const early = await openLive(staff);
  const neighbour = await world.neighbours.owner();
  await neighbour.call(api.addWorkplace, { body: { name: 'Kauri Builders' } });
  const admin = await world.people.admin();
  const { id } = await admin.call(api.addLearner, { body: { lastName: 'Okafor' } });
  await early.until(({ ids }) => ids.includes(id));
  const late = await openLive(staff);
  await late.until(({ topic, ids }) => topic === 'learners' && ids.length === 0);
  expect(late.heard.map(({ topic }) => topic)).not.toContain('workplaces');
  early.close();
  late.close();
});

test('a stream ends with the key that opened it', async () => {
  const owner = await world.people.owner();
  const { key, apiKey } = await owner.call(api.createApiKey, {
    body: { name: 'Listener', role: 'staff' },
  });
  const live = await openLive(createClient(world.url, { key }));
  await owner.call(api.revokeApiKey, { params: { apiKeyId: apiKey.id } });
  await live.ended;
});

test('a stream ends with the membership it was opened for, though the person has another', async () => {
  const { providers, database } = world.context;
  const finance = await world.people.finance();
  const neighbours = ownScope(world.neighbours.providerId);
  const { email, name } = finance;
  await providers.addPerson(neighbours, { email, name, role: 'owner', password: PASSWORD });
  const browser = createClient(world.url, { jar: finance.jar });
  const live = await openLive(browser);
  await database.asSystem((tx) =>
    tx
      .deleteFrom('members')
      .where('person_id', '=', finance.personId)
      .where('provider_id', '=', world.people.providerId)
      .execute(),
  );
  await live.ended;
});

test('a caller may have only so many streams, and gets each one back', async () => {
  const program = await world.apiClient('staff');
  const streams = await Promise.all(
    Array.from({ length: STREAMS_PER_CALLER }, () => openLive(program)),
  );
  const refused = await program.fetch(LIVE_PATH);
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ code: 'request.too-many' });
  for (const stream of streams) stream.close();
  await expect
    .poll(async () => {
      const stream = await openLive(program).catch(() => null);
      stream?.close();
      return stream !== null;
    })
    .toBe(true);
});

test('nobody listens without being known, or to a provider that is not theirs', async () => {
  expect((await world.visitor().fetch(LIVE_PATH)).status).toBe(401);
  const staff = await world.people.staff();
  const path = `${LIVE_PATH}?provider=${world.neighbours.providerId}`;
  const answer = await fetch(`${world.url}${path}`, {
    headers: { cookie: staff.jar.headerFor(world.url) },
  });
  expect(answer.status).toBe(403);
});
