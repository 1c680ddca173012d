import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { MIGRATIONS_FOLDER, migrate, readMigrations } from '#platform/migrate';
import { createEmptyDatabase } from './database.ts';

/** A database as it was right before a migration, and the way to carry that one out. */
export interface BeforeMigration {
  readonly client: pg.Client;
  migrate(): Promise<void>;
  close(): Promise<void>;
}

export async function databaseBefore(migration: string): Promise<BeforeMigration> {
  const database = await createEmptyDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'bursar-migrations-'));
  const client = new pg.Client({ connectionString: database.ownerUrl });
  const add = (file: string) => cp(join(MIGRATIONS_FOLDER, file), join(folder, file));
  for (const { name } of await readMigrations()) if (name < migration) await add(name);
  await migrate(database.ownerUrl, { folder });
  await client.connect();
  return {
    client,
    async migrate() {
      await add(migration);
      await migrate(database.ownerUrl, { folder });
    },
    async close() {
      await client.end();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}
