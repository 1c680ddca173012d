import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { fingerprintOf, migrate, readMigrations } from '#platform/migrate';

/** A database of a test's own. */
export interface TestDatabase {
  /** The owner's login, as the product is given it. */
  readonly ownerUrl: string;
  /** Drops it, whoever is still connected. */
  drop(): Promise<void>;
}

/** Set by the global setup for the test processes it starts. */
export const SERVER_VARIABLE = 'BURSAR_TEST_POSTGRES';

const LOCK = 0x74657374;
const KEPT_TEMPLATES = 6;

/**
 * Makes a database with the newest schema and no rows, in some 50 ms: a copy of a template that
 * is migrated once for each state of the migrations.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = serverUrl();
  const template = await ensureTemplate(server);
  const name = `test_${process.pid}_${randomUUID().slice(0, 8)}`;
  await asAdmin(server, (client) => client.query(`create database ${name} template ${template}`));
  return {
    ownerUrl: databaseUrl(server, name),
    drop: () => asAdmin(server, (client) => drop(client, name)),
  };
}

/** A database with nothing in it, for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const server = serverUrl();
  const name = `test_${process.pid}_${randomUUID().slice(0, 8)}`;
  await asAdmin(server, (client) => client.query(`create database ${name} template template0`));
  return {
    ownerUrl: databaseUrl(server, name),
    drop: () => asAdmin(server, (client) => drop(client, name)),
  };
}

function serverUrl(): string {
  const url = process.env[SERVER_VARIABLE];
  if (url) return url;
  throw new Error(`${SERVER_VARIABLE} is not set: tests with a database run under vitest only`);
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function asAdmin<T>(server: string, work: (client: pg.Client) => Promise<T>): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function drop(client: pg.Client, name: string): Promise<void> {
  await client.query(`drop database if exists ${name} with (force)`);
}

let template: Promise<string> | undefined;

function ensureTemplate(server: string): Promise<string> {
  template ??= findOrMakeTemplate(server);
  return template;
}

/** One process makes the template; the others wait for the lock and find it made. */
async function findOrMakeTemplate(server: string): Promise<string> {
  const name = `template_${fingerprintOf(await readMigrations())}`;
  await asAdmin(server, async (client) => {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 1) return;
    const half = `making_${name}`;
    await drop(client, half);
    await client.query(`create database ${half} template template0`);
    await migrate(databaseUrl(server, half));
    await client.query(`alter database ${half} rename to ${name}`);
    await dropOldTemplates(client);
  });
  return name;
}

async function dropOldTemplates(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    String.raw`select datname from pg_database where datname like 'template\_%' and not datistemplate
      order by oid desc offset $1`,
    [KEPT_TEMPLATES],
  );
  for (const { datname } of rows) await drop(client, datname);
}

/** Drops what runs that were killed have left behind. */
export async function dropLeftovers(server: string, isAlive: (pid: number) => boolean) {
  await asAdmin(server, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      String.raw`select datname from pg_database where datname ~ '^test_\d+_'`,
    );
    for (const { datname } of rows) {
      if (!isAlive(Number(datname.split('_')[1]))) await drop(client, datname);
    }
  });
}
