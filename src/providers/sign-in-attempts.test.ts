import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFakeClock, type FakeClock, MINUTE_MS } from '#platform/clock';
import { type Database, openDatabase } from '#platform/database';
import { createTestDatabase, type TestDatabase } from '../../test/world/database.ts';
import {
  ATTEMPTS_PER_ACCOUNT,
  ATTEMPTS_PER_ADDRESS,
  createSignInAttempts,
  networkOf,
  type SignInAttempts,
} from './sign-in-attempts.ts';

let own: TestDatabase;
let database: Database;
let clock: FakeClock;
let attempts: SignInAttempts;

beforeAll(async () => {
  own = await createTestDatabase();
  database = openDatabase(own.ownerUrl);
  clock = createFakeClock('2026-03-02T00:00:00Z');
  attempts = createSignInAttempts(database, clock);
});
afterAll(async () => {
  await database.close();
  await own.drop();
});

async function reserveMany(times: number, of: (n: number) => { email: string; address: string }) {
  const waits: (number | null)[] = [];
  for (let n = 0; n < times; n += 1) waits.push(await attempts.reserve(of(n)));
  return waits;
}

describe('guesses at passwords', () => {
  test('are bounded at one account, from whatever addresses they come', async () => {
    const of = (n: number) => ({ email: 'a@example.org', address: `192.0.2.${n}` });
    const waits = await reserveMany(ATTEMPTS_PER_ACCOUNT + 1, of);
    expect(waits.slice(0, -1)).toEqual(new Array(ATTEMPTS_PER_ACCOUNT).fill(null));
    expect(waits.at(-1)).toBe(15 * 60);
    clock.advance(5 * MINUTE_MS);
    expect(await attempts.reserve({ email: ' A@Example.org', address: '192.0.2.99' })).toBe(600);
    clock.advance(10 * MINUTE_MS);
    expect(await attempts.reserve({ email: 'a@example.org', address: '192.0.2.99' })).toBeNull();
  });

  test('are bounded from one address, at whatever accounts', async () => {
    const of = (n: number) => ({ email: `p${n}@example.org`, address: '203.0.113.7' });
    const waits = await reserveMany(ATTEMPTS_PER_ADDRESS + 1, of);
    expect(waits.filter((wait) => wait === null)).toHaveLength(ATTEMPTS_PER_ADDRESS);
    expect(waits.at(-1)).toBe(15 * 60);
  });

  test('are bounded when they come together', async () => {
    const attempt = (n: number) => ({ email: 'storm@example.org', address: `198.51.100.${n}` });
    const waits = await Promise.all(
      Array.from({ length: 3 * ATTEMPTS_PER_ACCOUNT }, (_, n) => attempts.reserve(attempt(n))),
    );
    expect(waits.filter((wait) => wait === null)).toHaveLength(ATTEMPTS_PER_ACCOUNT);
  });

  test('count afresh once the password was right', async () => {
    const attempt = { email: 'right@example.org', address: '198.51.100.200' };
    for (let n = 0; n < 3 * ATTEMPTS_PER_ADDRESS; n += 1) {
      expect(await attempts.reserve(attempt)).toBeNull();
      await attempts.forgive(attempt);
    }
  });

  test('leave nothing behind once they no longer count', async () => {
    clock.advance(60 * MINUTE_MS);
    await attempts.reserve({ email: 'last@example.org', address: '192.0.2.1' });
    const rows = await database.asSystem((tx) =>
      tx.selectFrom('sign_in_attempts').select('key').execute(),
    );
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain('example.org');
  });
});

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('the address %s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
