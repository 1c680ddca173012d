import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/world/database.ts';
import { type DatabaseDoor, openDatabaseDoor } from '../../test/world/database-door.ts';
import { openAuthDatabase } from './auth-database.ts';
import { openDatabase } from './database.ts';
import { isDatabaseAway, openPool } from './pool.ts';

const ANSWER_WITHIN_MS = 500;

let test: TestDatabase;
let door: DatabaseDoor;
let pool: pg.Pool;

beforeEach(async () => {
  test = await createTestDatabase();
  door = await openDatabaseDoor(test.ownerUrl);
  pool = openPool(door.url, { size: 1, name: 'test', answerWithinMs: ANSWER_WITHIN_MS });
});

afterEach(async () => {
  await pool.end();
  await door.close();
  await test.drop();
});

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'nothing failed',
    (error: unknown) => error,
  );
}

describe('a database that goes away', () => {
  it('ends a connection between two statements and not the process; the next one works', async () => {
    const client = await pool.connect();
    await client.query('begin');
    await door.shut();
    const failure = await failureOf(client.query('select 1'));
    expect(isDatabaseAway(failure)).toBe(true);
    client.release();
    const refused = await failureOf(pool.query('select 1'));
    expect(isDatabaseAway(refused)).toBe(true);
    await door.open();
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('without a word is given up after a while, and its connection not used again', async () => {
    const client = await pool.connect();
    await client.query('select 1');
    door.silence();
    const failure = await failureOf(client.query('select 2'));
    expect(isDatabaseAway(failure)).toBe(true);
    // As whoever takes a connection for one statement gives it back.
    client.release();
    await door.open();
    expect((await pool.query('select 3 as three')).rows).toEqual([{ three: 3 }]);
  });

  it('is told apart from one that refuses', async () => {
    expect(isDatabaseAway(await failureOf(pool.query('select 1 / 0')))).toBe(false);
    const elsewhere = new URL(test.ownerUrl);
    elsewhere.pathname = '/no-such-database';
    const other = openPool(elsewhere.href, { size: 1, name: 'test' });
    expect(isDatabaseAway(await failureOf(other.query('select 1')))).toBe(false);
    await other.end();
    expect(isDatabaseAway(Object.assign(new Error('no file'), { code: 'ENOENT' }))).toBe(false);
  });
});

describe('the wall between providers', () => {
  // As a pooler does that drops start-up options on the way.
  const dropped = (): string => {
    const url = new URL(test.ownerUrl);
    url.searchParams.set('options', '-c jit=off');
    return url.href;
  };

  it('stands before the first statement, or there is none', async () => {
    const database = openDatabase(dropped(), { poolSize: 1 });
    const looked = database.asSystem((tx) => tx.selectFrom('learners').selectAll().execute());
    expect(await failureOf(looked)).toMatchObject({
      code: 'database_role',
      message: expect.stringMatching(/not as bursar_app/),
    });
    await database.close();
  });

  it('stands around the sign-in library too', async () => {
    const database = openAuthDatabase(dropped());
    expect(await failureOf(database.reach())).toMatchObject({ code: 'database_role' });
    await database.close();
    const sound = openAuthDatabase(test.ownerUrl);
    await sound.reach();
    await sound.close();
  });
});
