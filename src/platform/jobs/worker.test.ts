import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../../test/world/database.ts';
import { type Database, openDatabase } from '../database.ts';
import { silentLogger } from '../logger.ts';
import { defineJob, enqueue } from './job.ts';
import { handlerOf, startWorker } from './worker.ts';

const AT_ONCE = 20;
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
      database,
      handlers: [handlerOf(meet, arrive)],
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
});
