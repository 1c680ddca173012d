import pg from 'pg';
import { SERVER_VARIABLE } from '../../world/database.ts';
import type { BenchWorld } from './bench-world.ts';

const NAME = 'bench_backup';

/** Keeps the whole database as it is now. */
export function takeBackup(world: BenchWorld): Promise<void> {
  return asAdmin(world, async (admin, database) => {
    await admin.query(`drop database if exists ${NAME} with (force)`);
    await admin.query(`create database ${NAME} template ${database}`);
  });
}

/** Puts the kept database in the place of the present one, as after a disaster, and lets it go. */
export function restoreBackup(world: BenchWorld): Promise<void> {
  return asAdmin(world, async (admin, database) => {
    await admin.query(`drop database ${database} with (force)`);
    await admin.query(`create database ${database} template ${NAME}`);
    await admin.query(`drop database ${NAME} with (force)`);
  });
}

/** Works while nobody else is in the world's database; all nodes come back by themselves. */
async function asAdmin(
  { config }: BenchWorld,
  work: (admin: pg.Client, database: string) => Promise<void>,
): Promise<void> {
  const database = new URL(config.databaseUrl).pathname.slice(1);
  const admin = new pg.Client({ connectionString: process.env[SERVER_VARIABLE] });
  await admin.connect();
  try {
    await admin.query(`alter database ${database} allow_connections false`);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
      database,
    ]);
    await work(admin, database);
  } finally {
    await admin.query(`alter database ${database} allow_connections true`);
    await admin.end();
  }
}
