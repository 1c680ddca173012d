import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askDatabase } from '../../test/world/ask.ts';
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

const ask = (query: string) => askDatabase(database.ownerUrl, query);

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

  describe('while somebody holds a table that it needs', () => {
    let holder: pg.Client;

    beforeEach(async () => {
      await put('0001_a.sql', 'create table a (id int)');
      await migrate(database.ownerUrl, { folder });
      await put('0002_b.sql', 'alter table a add column b int');
      holder = new pg.Client({ connectionString: database.ownerUrl });
      await holder.connect();
      await holder.query('begin');
      await holder.query('select from a');
    });
    afterEach(() => holder.end());

    it('gives up after a while, in a sentence, and nothing is changed', async () => {
      const patience = { lockMs: 50, attempts: 3, restMs: 10 };
      await expect(migrate(database.ownerUrl, { folder, patience })).rejects.toMatchObject({
        code: 'migration_blocked',
        message: expect.stringMatching(/0002_b\.sql .*stop every other Bursar/),
      });
      expect(await ask('select * from schema_migrations')).toHaveLength(1);
      // Nobody queues behind it any more.
      expect(await ask('select count(*)::int as rows from a')).toEqual([{ rows: 0 }]);
    });

    it('stands aside so that others go on, and works once it is let', async () => {
      const patience = { lockMs: 200, attempts: 1_000, restMs: 20 };
      const migrating = migrate(database.ownerUrl, { folder, patience });
      await expect
        .poll(() => ask(`select from pg_locks where relation = 'a'::regclass and not granted`))
        .toHaveLength(1);
      // Whoever comes after it waits for as long as it tries, and no longer.
      expect(await ask('select count(*)::int as rows from a')).toEqual([{ rows: 0 }]);
      await holder.query('commit');
      expect((await migrating).applied).toEqual(['0002_b.sql']);
    });
  });

  it('says in a sentence that there is no database', async () => {
    await expect(migrate('postgresql://nobody@127.0.0.1:1/none')).rejects.toMatchObject({
      code: 'database_unreachable',
    });
  });
});
