import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '#platform/config';
import { countLiveWorkers } from '#platform/jobs/worker';
import { silentLogger } from '#platform/logger';
import { createTestDatabase, type TestDatabase } from '../../test/world/database.ts';
import { type Context, createContext } from './context.ts';
import { startWorkerProcess, type WorkerProcess } from './worker.ts';

const SOON = { timeout: 15_000 };

let database: TestDatabase;
let owner: pg.Client;
let context: Context;
const said: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const config = readConfig({
    DATABASE_URL: database.ownerUrl,
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  });
  const logger = Object.create(silentLogger);
  logger.error = (_fields: object, sentence: string) => said.push(sentence);
  context = await createContext(config, { logger, poolSize: 3 });
});
afterAll(async () => {
  await context.close();
  await owner.end();
  await database.drop();
});

const liveWorkers = () => countLiveWorkers(context.database);
const applyNewer = () =>
  owner.query(`insert into schema_migrations (name, checksum) values ('9999_newer.sql', '')`);
const forgetNewer = () => owner.query(`delete from schema_migrations where name like '9999%'`);

async function working(during: (worker: WorkerProcess) => Promise<void>): Promise<void> {
  const worker = await startWorkerProcess(context);
  try {
    await during(worker);
  } finally {
    await worker.close();
  }
}

test('a worker takes no jobs while a newer Bursar has the database, says so once, and goes on after', async () => {
  await working(async () => {
    expect(await liveWorkers()).toBe(1);
    await applyNewer();
    await expect.poll(liveWorkers, SOON).toBe(0);
    expect(said).toEqual([
      expect.stringMatching(/newer Bursar.*9999_newer\.sql.*No jobs are taken/),
    ]);
    await forgetNewer();
    await expect.poll(liveWorkers, SOON).toBe(1);
  });
  expect(await liveWorkers()).toBe(0);
}, 60_000);

test('a worker that starts on a newer database takes none from the beginning', async () => {
  await applyNewer();
  said.length = 0;
  await working(async () => {
    await expect.poll(() => said, SOON).toHaveLength(1);
    expect(await liveWorkers()).toBe(0);
  });
  await forgetNewer();
}, 60_000);

test('a worker of a newer Bursar takes none while the database is older', async () => {
  const { rows } = await owner.query(
    'delete from schema_migrations where name = (select max(name) from schema_migrations) returning *',
  );
  said.length = 0;
  await working(async () => {
    await expect.poll(() => said, SOON).toEqual([expect.stringContaining('is missing')]);
    expect(await liveWorkers()).toBe(0);
  });
  const [{ name, checksum }] = rows;
  await owner.query('insert into schema_migrations (name, checksum) values ($1, $2)', [
    name,
    checksum,
  ]);
}, 60_000);
