import pg from 'pg';
import { SERVER_VARIABLE } from './database.ts';
import type { World } from './world.ts';

type WithDatabase = Pick<World, 'config'>;

/** Keeps the whole database as it is now. */
export function takeBackup(world: WithDatabase): Promise<void> {
  return asAdmin(world, async (admin, database, backup) => {
    await admin.query(`drop database if exists ${backup} with (force)`);
    await admin.query(`create database ${backup} template ${database}`);
  });
}

/** Puts the kept database in the place of the present one, as after a disaster, and lets it go. */
export function restoreBackup(world: WithDatabase): Promise<void> {
  return asAdmin(world, async (admin, database, backup) => {
    await admin.query(`drop database ${database} with (force)`);
    await admin.query(`create database ${database} template ${backup}`);
    await admin.query(`drop database ${backup} with (force)`);
  });
}

/** Works while nobody else is in the world's database; all nodes come back by themselves. */
async function asAdmin(
  { config }: WithDatabase,
  work: (admin: pg.Client, database: string, backup: string) => Promise<void>,
): Promise<void> {
  const database = new URL(config.databaseUrl).pathname.slice(1);
  const admin = new pg.Client({ connectionString: process.env[SERVER_VARIABLE] });
  await admin.connect();
  try {
    await admin.query(`alter database ${database} allow_connections false`);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
      database,
    ]);
    await work(admin, database, `${database}_backup`);
  } finally {
    await admin.query(`alter database ${database} allow_connections true`);
    await admin.end();
  }
}
