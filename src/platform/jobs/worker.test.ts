import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../../test/world/database.ts';
import { readConfig } from '../config.ts';
import { type Database, openDatabase } from '../database.ts';
import { silentLogger } from '../logger.ts';
import { defineJob, enqueue } from './job.ts';
import { handlerOf, startWorker } from './worker.ts';

const AT_ONCE = 20;
/** What is not set stands as it does by itself. */
const settings = {
  DATABASE_URL: 'postgresql://localhost/bursar',
  ENCRYPTION_KEYS: `k:${Buffer.alloc(32).toString('base64')}`,
};
const meet = defineJob('meet', z.object({ seat: z.int() }));

let test: TestDatabase;
let database: Database;

beforeEach(async () => {
  test = await createTestDatabase();
  database = openDatabase(test.ownerUrl, { poolSize: 2 });
});

afterEach(async () => {
  await database.close();
  await test.drop();
});

describe('the queue', () => {
  const placeOf = async (key: string) => {
    const { rows } = await asOwner((owner) =>
      owner.query('select run_at, attempts from graphile_worker._private_jobs where key = $1', [
        key,
      ]),
    );
    return rows[0];
  };
  const put = () => database.asSystem((tx) => enqueue(tx, meet, { seat: 1 }, 'one'));

  it('leaves a job that is asked for again in its place', async () => {
    await put();
    const before = await placeOf('meet:one');
    await put();
    expect(await placeOf('meet:one')).toEqual(before);
  });

  it('has one that waits after a failure tried at once when it is asked for again', async () => {
    await put();
    await asOwner((owner) =>
      owner.query(`update graphile_worker._private_jobs
        set attempts = 3, run_at = now() + interval '1 hour'`),
    );
    await put();
    const after = await placeOf('meet:one');
    expect(after.attempts).toBe(0);
    expect(after.run_at.getTime()).toBeLessThanOrEqual(Date.now() + 1_000);
  });
});

describe('a worker', () => {
  it('has twenty jobs wait for Xero together and not in a line', async () => {
    const everybody = Promise.withResolvers<void>();
    let present = 0;
    const arrive = () => {
      present += 1;
      if (present === AT_ONCE) everybody.resolve();
      return everybody.promise;
    };
    await database.asSystem(async (tx) => {
      for (let seat = 0; seat < AT_ONCE; seat += 1) await enqueue(tx, meet, { seat });
    });
    const worker = await startWorker({
      ownerUrl: test.ownerUrl,
      handlers: [handlerOf(meet, arrive)],
      concurrency: readConfig(settings).workerJobs,
      logger: silentLogger,
    });
    try {
      await everybody.promise;
      expect(present).toBe(AT_ONCE);
    } finally {
      everybody.resolve();
      await worker.stop();
    }
  });

  it('takes up again what the database gave it and it never heard of', async () => {
    const arrived = Promise.withResolvers<number>();
    const worker = await startWorker({
      ownerUrl: test.ownerUrl,
      handlers: [handlerOf(meet, async ({ seat }) => arrived.resolve(seat))],
      concurrency: 2,
      logger: silentLogger,
    });
    try {
      await asOwner(async (owner) => {
        // As it is after the answer to a worker that took the job was lost on the way.
        await owner.query('begin');
        await owner.query(`select graphile_worker.add_job('meet', '{"seat":7}')`);
        await owner.query(`update graphile_worker._private_jobs
          set locked_by = (select id from workers), locked_at = now() - interval '2 minutes'`);
        await owner.query('commit');
        const { rows } = await owner.query('select locked_by from graphile_worker._private_jobs');
        expect(rows).toEqual([{ locked_by: expect.stringMatching(/^pool-/) }]);
      });
      expect(await arrived.promise).toBe(7);
    } finally {
      await worker.stop();
    }
  });

  it('says so when its queue ends by itself, in the place of living on without one', async () => {
    const worker = await startWorker({
      ownerUrl: test.ownerUrl,
      handlers: [],
      concurrency: 2,
      logger: silentLogger,
    });
    let words = '';
    worker.ended.catch((error: Error) => {
      words = error.message;
    });
    // What a newer queue library tells the older ones that still run; ours may not listen yet.
    const tell = (owner: pg.Client) =>
      owner.query(`select pg_notify('worker:migrate', '{"breaking":true,"migrationNumber":99}')`);
    const tellUntilOver = async () => {
      if (words === '') await asOwner(tell);
      return words;
    };
    try {
      await expect
        .poll(tellUntilOver, { timeout: 15_000 })
        .toBe('The queue has stopped working by itself.');
    } finally {
      await worker.stop();
      // The library has set it, for the process that it takes to be its own.
      process.exitCode = undefined;
    }
  });
});

async function asOwner<T>(work: (owner: pg.Client) => Promise<T>): Promise<T> {
  const owner = new pg.Client({ connectionString: test.ownerUrl });
  await owner.connect();
  try {
    return await work(owner);
  } finally {
    await owner.end();
  }
}
