import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMigrations as migrateQueue, Logger as QueueLogger } from 'graphile-worker';
import pg from 'pg';
import { SetupError } from './setup-error.ts';

/** The project's own migrations. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations/', import.meta.url));

/** One SQL file: `NNNN_what.sql`. */
export interface Migration {
  readonly name: string;
  readonly text: string;
  /** SHA-256 of the text, in hex. */
  readonly checksum: string;
}

/** What a run of `migrate` did. */
export interface MigrateOutcome {
  /** Names of the migrations that were applied now, in order. */
  readonly applied: readonly string[];
}

const LOCK = 0x62757273;

/** Reads the migrations of a folder in the order of their names. */
export async function readMigrations(folder: string = MIGRATIONS_FOLDER): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      if (!/^\d{4}_[a-z0-9_]+\.sql$/.test(name)) {
        throw new SetupError('migration_name', `A migration is not named 0001_like_this: ${name}`);
      }
      const text = await readFile(join(folder, name), 'utf8');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/** One fingerprint of all migrations and of the queue library whose tables they lean on. */
export function fingerprintOf(migrations: readonly Migration[]): string {
  const all = migrations.map(({ name, checksum }) => `${name} ${checksum}`).join('\n');
  return createHash('sha256').update(all).digest('hex').slice(0, 16);
}

/**
 * Brings the database at `ownerUrl` to the newest schema: the queue library's tables, then ours,
 * one transaction a file. Several processes may call it at once; one works and the others wait.
 *
 * @throws SetupError when the database cannot be reached, an applied migration was changed since,
 *   or a migration fails (that one is rolled back whole; those before it stay).
 */
export async function migrate(
  ownerUrl: string,
  options: { folder?: string } = {},
): Promise<MigrateOutcome> {
  const migrations = await readMigrations(options.folder);
  const client = new pg.Client({
    connectionString: ownerUrl,
    application_name: 'bursar-migrate',
  });
  client.on('error', () => undefined);
  await client.connect().catch(unreachable);
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    return await migrateAlone(ownerUrl, client, migrations);
  } finally {
    // Ending the session frees the lock.
    await client.end();
  }
}

async function migrateAlone(
  ownerUrl: string,
  client: pg.Client,
  migrations: readonly Migration[],
): Promise<MigrateOutcome> {
  await client.query('set client_min_messages to warning');
  await client.query(`
    create table if not exists public.schema_migrations (
      name text primary key,
      checksum text not null,
      applied_at timestamptz not null default clock_timestamp()
    )`);
  await migrateQueue({
    connectionString: ownerUrl,
    logger: new QueueLogger(() => () => undefined),
  });
  const known = await readApplied(client);
  const pending = migrations.filter((migration) => isPending(migration, known));
  refuseUnknown(migrations, known);
  for (const migration of pending) await apply(client, migration);
  return { applied: pending.map(({ name }) => name) };
}

async function readApplied(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from public.schema_migrations',
  );
  return new Map(rows.map((row) => [row.name, row.checksum]));
}

function isPending(migration: Migration, applied: ReadonlyMap<string, string>): boolean {
  const checksum = applied.get(migration.name);
  if (checksum === undefined) return true;
  if (checksum === migration.checksum) return false;
  throw new SetupError(
    'migration_changed',
    `The migration ${migration.name} was changed after this database had applied it; put the file back as it was and write the change as a new migration.`,
  );
}

function refuseUnknown(migrations: readonly Migration[], applied: ReadonlyMap<string, string>) {
  const names = new Set(migrations.map(({ name }) => name));
  const stranger = [...applied.keys()].find((name) => !names.has(name));
  if (stranger === undefined) return;
  throw new SetupError(
    'database_newer',
    `This database was used by a newer Bursar (it has applied ${stranger}, which is not known here); start that version, or point DATA_DIR or DATABASE_URL at another database.`,
  );
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(migration.text);
    await client.query('insert into public.schema_migrations (name, checksum) values ($1, $2)', [
      migration.name,
      migration.checksum,
    ]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback');
    throw new SetupError(
      'migration_failed',
      `The migration ${migration.name} failed and was rolled back: ${describe(cause, migration)}`,
      { cause },
    );
  }
}

function describe(cause: unknown, migration: Migration): string {
  if (!(cause instanceof pg.DatabaseError)) return String(cause);
  const position = Number(cause.position);
  if (!position) return cause.message;
  return `${cause.message} (line ${migration.text.slice(0, position).split('\n').length})`;
}

function unreachable(cause: unknown): never {
  const said = cause instanceof Error ? cause.message || String(cause) : String(cause);
  throw new SetupError(
    'database_unreachable',
    `The database cannot be reached (${said}); see that PostgreSQL runs and DATABASE_URL is right.`,
    { cause },
  );
}
