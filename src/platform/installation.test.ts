import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/world/database.ts';
import { createFakeClock } from './clock.ts';
import { type Database, openDatabase } from './database.ts';
import { createInstallation, heldWords, type Installation } from './installation.ts';

const clock = createFakeClock('2026-03-02T01:00:00.000Z');
const PRODUCT = 'https://bursar.example.org';
let own: TestDatabase;
let database: Database;

beforeEach(async () => {
  own = await createTestDatabase();
  database = openDatabase(own.ownerUrl);
});
afterEach(async () => {
  await database.close();
  await own.drop();
});

function at(publicUrl: string, isHeld = false): Installation {
  return createInstallation({ database, clock, config: { publicUrl, isHeld } });
}

test('the first address that others can reach is where it works', async () => {
  expect(await at('http://localhost:3000').whyHeld()).toBeNull();
  expect(await at('http://127.0.0.1:4000').whyHeld()).toBeNull();
  expect(await at(PRODUCT).whyHeld()).toBeNull();
  expect(await at(PRODUCT).whyHeld()).toBeNull();
  expect(await at('http://bursar.example.org').whyHeld()).toBeNull();
});

test.each(['https://staging.example.org', `${PRODUCT}:8443`, 'http://localhost:3000'])(
  'a copy at %s is held until it is said to be the one that moved',
  async (copy) => {
    expect(await at(PRODUCT).whyHeld()).toBeNull();
    const there = at(copy);
    const held = { because: 'address', worksAt: PRODUCT } as const;
    expect(await there.whyHeld()).toEqual(held);
    expect(await at(PRODUCT).whyHeld()).toBeNull();
    expect(heldWords(held, copy)).toContain(`at ${PRODUCT}. If that one has moved to ${copy}, run`);
    await there.adopt();
    expect(await there.whyHeld()).toBeNull();
    expect(await at(copy).whyHeld()).toBeNull();
  },
);

test('after a move the address before is another one', async () => {
  await at(PRODUCT).whyHeld();
  await at('https://new.example.org').adopt();
  expect(await at(PRODUCT).whyHeld()).toMatchObject({ worksAt: 'https://new.example.org' });
});

test('the setting holds at any address, and notes none', async () => {
  expect(await at('https://copy.example.org', true).whyHeld()).toEqual({ because: 'setting' });
  expect(await at(PRODUCT).whyHeld()).toBeNull();
  expect(await at(PRODUCT, true).whyHeld()).toEqual({ because: 'setting' });
  expect(heldWords({ because: 'setting' }, PRODUCT)).toMatch(/since HOLD is on\.$/);
});
