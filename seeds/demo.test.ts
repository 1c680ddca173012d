import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { callRoute } from '#entry/call-route';
import { type Context, createContext } from '#entry/context';
import { readConfig } from '#platform/config';
import { silentLogger } from '#platform/logger';
import { ownScope } from '#platform/scope';
import { createTestDatabase, type TestDatabase } from '../test/world/database.ts';
import { demoSignIns, seedDemo } from './demo.ts';

let database: TestDatabase;
let context: Context;

beforeAll(async () => {
  database = await createTestDatabase();
  const config = readConfig({
    DATABASE_URL: database.ownerUrl,
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  });
  await seedDemo(config, null);
  await seedDemo(config, null);
  context = await createContext(config, { logger: silentLogger });
});

afterAll(async () => {
  await context.close();
  await database.drop();
});

test('lays two providers once, though asked twice', async () => {
  const providers = await context.providers.list(10);
  expect(providers.map(({ name }) => name)).toEqual(['Harbour Training', 'Kea Skills Institute']);
});

test('gives the first provider one person of each role and twenty-five learners', async () => {
  const [harbour] = await context.providers.list(1);
  if (!harbour) throw new Error('no provider was laid');
  const scope = ownScope(harbour.id);
  const people = await callRoute(context.endpoints, scope, api.listMembers);
  expect(people.items.map(({ email, role }) => ({ email, role }))).toEqual(
    expect.arrayContaining(demoSignIns.map(({ email, role }) => ({ email, role }))),
  );
  const learners = await callRoute(context.endpoints, scope, api.listLearners, {
    query: { limit: 200 },
  });
  expect(learners.items).toHaveLength(25);
  expect(learners.items.filter(({ isActive }) => !isActive)).toHaveLength(2);
  const amara = learners.items.find(({ name }) => name === 'Amara Okafor');
  if (!amara) throw new Error('Amara is not there');
  const params = { learnerId: amara.id };
  expect(await callRoute(context.endpoints, scope, api.getLearner, { params })).toMatchObject({
    dateOfBirth: '1998-04-17',
    email: 'amara.okafor@learner.example',
    phoneMobile: '0491 570 006',
    phoneHome: null,
    streetAddress: {
      streetNumber: '14',
      streetName: 'Wharf Street',
      suburb: 'Newcastle',
      state: 'NSW',
      postcode: '2300',
      country: 'AU',
    },
  });
});
