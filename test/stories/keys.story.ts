import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { api } from '#contract/api';
import { runCommand } from '#entry/commands/run-command';
import { type Context, createContext } from '#entry/context';
import { MINUTE_MS } from '#platform/clock';
import { silentLogger } from '#platform/logger';
import type { EncryptionKey } from '#platform/secrets';
import { setUpApp } from '../world/authenticator.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { PASSWORD } from '../world/people.ts';

const newKey = { id: 'new', key: randomBytes(32) };
let world: ConnectedWorld;
let oldKeys: readonly EncryptionKey[];

beforeAll(async () => {
  world = await startConnectedWorld();
  oldKeys = world.config.encryptionKeys;
});
afterAll(() => world.close());
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Another process of this Bursar, which holds these keys. */
async function withKeys<T>(
  encryptionKeys: readonly EncryptionKey[],
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const context = await createContext(
    { ...world.config, encryptionKeys },
    { clock: world.clock, logger: silentLogger, poolSize: 3 },
  );
  try {
    return await work(context);
  } finally {
    await context.close();
  }
}

async function rotate(keys: readonly EncryptionKey[]) {
  const out: string[] = [];
  const terminal = { out: (line: string) => out.push(line), err: (line: string) => out.push(line) };
  const code = await withKeys(keys, (context) =>
    runCommand(['keys', 'rotate', '--json'], terminal, async () => ({
      ...context,
      close: async () => undefined,
    })),
  );
  return { code, told: JSON.parse(out.join('\n')) };
}

test('a new key takes over permissions, webhook secrets and second factors, and the old one can go', async () => {
  await setUpApp(world.owner, PASSWORD);
  await world.owner.call(api.addWebhookEndpoint, {
    body: { url: 'http://127.0.0.1:9/hooks', kinds: ['sync.failed'] },
  });
  const { code, told } = await rotate([newKey, ...oldKeys]);
  expect(code).toBe(0);
  expect(told).toMatchObject({
    keyId: 'new',
    isDone: true,
    counts: {
      'grants.sealed_access_token': { resealed: 1, unreadable: 0, left: 0 },
      'grants.sealed_refresh_token': { resealed: 1, unreadable: 0, left: 0 },
      'webhook_endpoints.sealed_secret': { resealed: 1, unreadable: 0, left: 0 },
      'second factors': { resealed: 1, unreadable: 0, left: 0 },
      'permissions beside the database': { resealed: 1, unreadable: 0, left: 0 },
    },
  });
  const folder = join(world.config.dataDir, 'grants');
  for (const name of await readdir(folder)) {
    expect(await readFile(join(folder, name), 'utf8')).toContain('"v1.new.');
  }
  const again = await rotate([newKey]);
  expect(again).toMatchObject({ code: 0, told: { isDone: true } });
  world.clock.advance(29 * MINUTE_MS);
  const name = await withKeys([newKey], async ({ database, connections, xero }) => {
    const scope = {
      providerId: world.people.providerId,
      actor: { kind: 'bursar' as const, name: 'Bursar' as const },
    };
    const [access] = await database.asProvider(scope.providerId, (tx) =>
      connections.active(tx, scope),
    );
    if (!access) throw new Error('Nothing is connected');
    return (await xero.client.forOrg(access).organisation()).Name;
  });
  expect(name).toBe('Harbour Training Pty Ltd');
  const log = await world.owner.call(api.listAudit, { query: { area: 'access' } });
  expect(log.items.map(({ kind }) => kind)).toContain('keys.rotated');
});

test('a key that is missing is told and nothing is lost: with it the rotation goes on', async () => {
  const newest = { id: 'newest', key: randomBytes(32) };
  const { code, told } = await rotate([newest]);
  expect(code).toBe(1);
  expect(told.isDone).toBe(false);
  expect(told.counts['grants.sealed_refresh_token']).toMatchObject({ resealed: 0, unreadable: 1 });
  expect(told.counts['second factors']).toMatchObject({ resealed: 0, unreadable: 1 });
  const copies = told.counts['permissions beside the database'];
  expect(copies).toMatchObject({ resealed: 0, unreadable: 1 });
  expect(await rotate([newest, newKey])).toMatchObject({ code: 0, told: { isDone: true } });
});

test('every sealed column of the database is one that a rotation knows', async () => {
  const { rows } = await world.context.database.connect().then(async (client) => {
    try {
      return await client.query<{ name: string }>(
        `select attrelid::regclass || '.' || attname as name from pg_attribute
            join pg_class on pg_class.oid = attrelid
          where relnamespace = 'public'::regnamespace and relkind = 'r'
            and attname like 'sealed\\_%' and atttypid = 'text'::regtype and not attisdropped`,
      );
    } finally {
      client.release();
    }
  });
  const known = world.context.sealedColumns.map(({ table, column }) => `${table}.${column}`);
  expect(rows.map(({ name }) => name).sort()).toEqual([...known].sort());
});
