import { afterEach, beforeEach, expect, it } from 'vitest';
import { ProviderId } from '#contract/ids';
import type { LiveMessage } from '#contract/live';
import { createTestDatabase, type TestDatabase } from '../../test/world/database.ts';
import { type DatabaseDoor, openDatabaseDoor } from '../../test/world/database-door.ts';
import { systemClock } from './clock.ts';
import { type Database, openDatabase } from './database.ts';
import { newId } from './ids.ts';
import { announce, listenForUpdates } from './live-updates.ts';
import { silentLogger } from './logger.ts';

let test: TestDatabase;
let door: DatabaseDoor;
let through: Database;
let straight: Database;

beforeEach(async () => {
  test = await createTestDatabase();
  door = await openDatabaseDoor(test.ownerUrl);
  through = openDatabase(door.url, { poolSize: 2 });
  straight = openDatabase(test.ownerUrl, { poolSize: 1 });
});

afterEach(async () => {
  await Promise.all([through.close(), straight.close()]);
  await door.close();
  await test.drop();
});

it('notices that the database is gone without a word, and listens again', async () => {
  const live = await listenForUpdates({
    database: through,
    logger: silentLogger,
    clock: systemClock,
    look: { everyMs: 200, withinMs: 200 },
  });
  const providerId = ProviderId.parse(newId());
  const heard: LiveMessage[] = [];
  live.subscribe(providerId, (message) => heard.push(message));
  door.silence();
  await door.open();
  // Whatever was missed meanwhile may have changed.
  await expect.poll(() => heard.length, { timeout: 10_000 }).toBeGreaterThan(0);
  heard.length = 0;
  await straight.asProvider(providerId, (tx) => announce(tx, providerId, 'learners', []));
  await expect.poll(() => heard, { timeout: 10_000 }).toEqual([{ topic: 'learners', ids: [] }]);
  await live.close();
});
