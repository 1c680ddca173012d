import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askDatabase } from '../world/ask.ts';
import { createEmptyDatabase, type TestDatabase } from '../world/database.ts';
import { fastestFolder } from '../world/memory-folder.ts';
import { type Ended, runToEnd } from './product.ts';

const ENCRYPTION_KEYS = `k:${Buffer.alloc(32).toString('base64')}`;

let database: TestDatabase;
let dataDir: string;

beforeAll(async () => {
  database = await createEmptyDatabase();
  dataDir = await mkdtemp(join(fastestFolder(), 'bursar-commands-'));
});
afterAll(async () => {
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

function bursar(...args: string[]): Promise<Ended> {
  return at(database.ownerUrl, ...args);
}

function at(url: string, ...args: string[]): Promise<Ended> {
  const settings = { DATA_DIR: dataDir, DATABASE_URL: url, ENCRYPTION_KEYS };
  return runToEnd('bin/bursar.mjs', args, settings);
}

const ask = (query: string) => askDatabase(database.ownerUrl, query);

const applied = () => ask('select name, applied_at from schema_migrations order by name');

it('help and mistypings need no database', async () => {
  const nowhere = 'postgresql://nobody@127.0.0.1:1/none';
  const help = await at(nowhere, '--help');
  expect(help).toMatchObject({ code: 0, err: '' });
  expect(help.out).toContain('provider create');
  const detail = await at(nowhere, 'provider', 'create', '--help');
  expect(detail).toMatchObject({ code: 0, err: '' });
  expect(await at(nowhere, 'fly', 'away')).toMatchObject({ code: 2 });
  const list = await at(nowhere, 'provider', 'list');
  expect(list.code).toBe(1);
  expect(list.err).toMatch(/^The database cannot be reached .*\n$/);
});

it('a command changes no schema: on an empty database it says how to make it ready', async () => {
  const told = await bursar('provider', 'list');
  expect(told).toMatchObject({ code: 1, out: '' });
  expect(told.err).toMatch(/^This database holds no Bursar yet.*database migrate.*\n$/);
  expect(await ask(`select to_regclass('schema_migrations') as found`)).toEqual([{ found: null }]);
});

it('one command makes it ready, and may be repeated', async () => {
  expect(await bursar('database', 'migrate')).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringContaining('The database is as this Bursar needs it'),
  });
  const before = await applied();
  expect(await bursar('database', 'migrate')).toMatchObject({ code: 0, err: '' });
  expect(await applied()).toEqual(before);
  expect(await bursar('provider', 'list')).toMatchObject({
    code: 0,
    err: '',
    out: 'There is no provider yet.\n',
  });
});

it('a command of a newer Bursar leaves an older database as it is', async () => {
  const isNewest = 'name = (select max(name) from schema_migrations)';
  await ask(`create table set_aside as select * from schema_migrations where ${isNewest}`);
  await ask(`delete from schema_migrations where ${isNewest}`);
  const before = await applied();
  const told = await bursar('provider', 'list');
  expect(told).toMatchObject({ code: 1, out: '' });
  expect(told.err).toMatch(/^This database is not yet as this Bursar needs it.*\n$/);
  expect(await applied()).toEqual(before);
  await ask('insert into schema_migrations select * from set_aside');
  await ask('drop table set_aside');
});

it('a command of an older Bursar leaves a newer database alone', async () => {
  await ask(`insert into schema_migrations (name, checksum) values ('9999_newer.sql', '')`);
  const told = await bursar('provider', 'create', '--name', 'Tide', '--country', 'NZ');
  expect(told).toMatchObject({ code: 1, out: '' });
  expect(told.err).toMatch(/^This database was used by a newer Bursar .*9999_newer\.sql.*\n$/);
  expect(await ask('select from providers')).toEqual([]);
});
