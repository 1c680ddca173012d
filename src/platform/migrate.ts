import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runMigrations as migrateQueue, Logger as QueueLogger } from 'graphile-worker';
import pg from 'pg';
import { SECOND_MS } from './clock.ts';
import { ensureRoles, refuseOldPostgres } from './roles.ts';
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

/** How long a migration waits for others to let go of a table, and how often it tries. */
export interface Patience {
  readonly lockMs: number;
  readonly attempts: number;
  /** Between two attempts, in which those who queued behind it go on. */
  readonly restMs: number;
}

const LOCK = 0x62757273;
const PATIENCE: Patience = { lockMs: 5 * SECOND_MS, attempts: 12, restMs: 5 * SECOND_MS };
const LOCK_NOT_AVAILABLE = '55P03';

/** Names of the migrations of a folder, in their order. */
export async function readMigrationNames(folder: string = MIGRATIONS_FOLDER): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const wrong = names.find((name) => !/^\d{4}_[a-z0-9_]+\.sql$/.test(name));
  if (wrong === undefined) return names;
  throw new SetupError('migration_name', `A migration is not named 0001_like_this: ${wrong}`);
}

/** Reads the migrations of a folder in the order of their names. */
export async function readMigrations(folder: string = MIGRATIONS_FOLDER): Promise<Migration[]> {
  return Promise.all(
    (await readMigrationNames(folder)).map(async (name) => {
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
 * Brings the database at `ownerUrl` to the newest schema: the roles, the queue library's tables,
 * then ours, one transaction a file. Several processes may call it at once; one works and the
 * others wait. Where somebody holds a table that a migration needs, it stands aside again and
 * again, so that nobody queues behind it for long.
 *
 * @throws SetupError when the database cannot be reached or is too old, its roles are not right, an
 *   applied migration was changed since, or a migration fails or finds no moment in which nobody
 *   holds its tables (that one is rolled back whole; those before it stay).
 */
export async function migrate(
  ownerUrl: string,
  options: { folder?: string; patience?: Patience } = {},
): Promise<MigrateOutcome> {
  const migrations = await readMigrations(options.folder);
  const client = await connectAsOwner(ownerUrl);
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    return await migrateAlone(ownerUrl, client, migrations, options.patience ?? PATIENCE);
  } finally {
    // Ending the session frees the lock.
    await client.end();
  }
}

/** A connection as the owner, to a PostgreSQL that is new enough. @throws SetupError */
export async function connectAsOwner(ownerUrl: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    application_name: 'bursar-migrate',
  });
  client.on('error', () => undefined);
  await client.connect().catch(unreachable);
  try {
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    refuseOldPostgres(rows[0]?.server_version ?? '');
    return client;
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function migrateAlone(
  ownerUrl: string,
  client: pg.Client,
  migrations: readonly Migration[],
  patience: Patience,
): Promise<MigrateOutcome> {
  await client.query('set client_min_messages to warning');
  await ensureRoles(client);
  await client.query(`
    create table if not exists public.schema_migrations (
      name text primary key,
      checksum text not null,
      applied_at timestamptz not null default clock_timestamp()
    )`);
  const known = await readApplied(client);
  const pending = migrations.filter((migration) => isPending(migration, known));
  refuseUnknown(migrations, known);
  await whenFree('of the queue', patience, () => bringQueue(ownerUrl, patience));
  for (const migration of pending) {
    await whenFree(migration.name, patience, () => apply(client, migration, patience));
  }
  return { applied: pending.map(({ name }) => name) };
}

/** Tries until nobody holds what `work` needs, with rests in which the others go on. */
async function whenFree(
  name: string,
  { attempts, restMs }: Patience,
  work: () => Promise<void>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (cause) {
      if (!isHeldByOthers(cause)) throw cause;
      if (attempt >= attempts) throw blocked(name, attempts, cause);
    }
    await pause(restMs);
  }
}

function isHeldByOthers(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error as { code?: string }).code === LOCK_NOT_AVAILABLE || isHeldByOthers(error.cause);
}

function blocked(name: string, attempts: number, cause: unknown): SetupError {
  return new SetupError(
    'migration_blocked',
    `The migration ${name} found its tables in use at ${attempts} attempts, and nothing of it was kept: stop every other Bursar and whatever else works in this database, then start again.`,
    { cause },
  );
}

async function bringQueue(ownerUrl: string, { lockMs }: Patience): Promise<void> {
  const pool = new pg.Pool({
    connectionString: ownerUrl,
    max: 2,
    options: `-c lock_timeout=${lockMs}`,
    application_name: 'bursar-migrate',
  });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await migrateQueue({ pgPool: pool, logger: new QueueLogger(() => () => undefined) });
  } finally {
    await pool.end();
  }
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
  if (stranger !== undefined) throw databaseNewer(stranger);
}

/** A newer Bursar has applied `stranger` to this database. */
export function databaseNewer(stranger: string): SetupError {
  return new SetupError(
    'database_newer',
    `This database was used by a newer Bursar (it has applied ${stranger}, which is not known here); use that version here too, or point DATA_DIR or DATABASE_URL at another database.`,
  );
}

async function apply(client: pg.Client, migration: Migration, { lockMs }: Patience): Promise<void> {
  try {
    await client.query('begin');
    await client.query(`set local lock_timeout = ${lockMs}`);
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
