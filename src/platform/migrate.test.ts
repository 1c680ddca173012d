import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmptyDatabase, type TestDatabase } from '../../test/world/database.ts';
import { migrate, readMigrations } from './migrate.ts';

let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await createEmptyDatabase();
  folder = await mkdtemp(join(tmpdir(), 'bursar-migrate-'));
});

afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

function put(name: string, text: string): Promise<void> {
  return writeFile(join(folder, name), text);
}

async function ask(query: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    return (await client.query(query)).rows;
  } finally {
    await client.end();
  }
}

describe('migrate', () => {
  it('applies the project’s own migrations once', async () => {
    const names = (await readMigrations()).map(({ name }) => name);
    expect((await migrate(database.ownerUrl)).applied).toEqual(names);
    expect((await migrate(database.ownerUrl)).applied).toEqual([]);
  });

  it('lets one of several at once do the work', async () => {
    await put('0001_a.sql', 'create table a (id int)');
    const runs = [1, 2, 3, 4].map(() => migrate(database.ownerUrl, { folder }));
    const outcomes = await Promise.all(runs);
    expect(outcomes.flatMap(({ applied }) => applied)).toEqual(['0001_a.sql']);
  });

  it('refuses a migration that was changed after it was applied', async () => {
    await put('0001_a.sql', 'create table a (id int)');
    await migrate(database.ownerUrl, { folder });
    await put('0001_a.sql', 'create table a (id bigint)');
    await expect(migrate(database.ownerUrl, { folder })).rejects.toMatchObject({
      code: 'migration_changed',
      message: expect.stringContaining('0001_a.sql'),
    });
  });

  it('refuses a database that a newer version has used', async () => {
    await put('0001_a.sql', 'create table a (id int)');
    await migrate(database.ownerUrl, { folder });
    await rm(join(folder, '0001_a.sql'));
    await expect(migrate(database.ownerUrl, { folder })).rejects.toMatchObject({
      code: 'database_newer',
    });
  });

  it('rolls a failing migration back whole and names its line', async () => {
    await put('0001_a.sql', 'create table a (id int)');
    await put('0002_b.sql', 'create table b (id int);\nselect nonsense;');
    await expect(migrate(database.ownerUrl, { folder })).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringContaining('(line 2)'),
    });
    expect(await ask(`select to_regclass('a') is not null as a, to_regclass('b') as b`)).toEqual([
      { a: true, b: null },
    ]);
  });

  it('says in a sentence that there is no database', async () => {
    await expect(migrate('postgresql://nobody@127.0.0.1:1/none')).rejects.toMatchObject({
      code: 'database_unreachable',
    });
  });
});
