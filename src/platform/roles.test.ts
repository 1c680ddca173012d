import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderId } from '#contract/ids';
import { fastestFolder } from '../../test/world/memory-folder.ts';
import { openDatabase } from './database.ts';
import { newId } from './ids.ts';
import { migrate, readMigrationNames } from './migrate.ts';
import { type RunningPostgres, startPostgres } from './postgres/start-postgres.ts';
import { refuseOldPostgres } from './roles.ts';

const ROLES = ['bursar_app', 'bursar_system', 'bursar_auth', 'bursar_eraser'];

// Roles belong to a whole server, so these need one of their own, on which nothing was yet.
let folder: string;
let server: RunningPostgres;

beforeAll(async () => {
  folder = await mkdtemp(join(fastestFolder(), 'bursar-roles-'));
  server = await startPostgres({ dataDir: folder, durable: false, passing: true });
  await asAdmin('create role plain login createrole', 'create role humble login');
}, 60_000);
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function asAdmin(...queries: string[]): Promise<pg.QueryResult[]> {
  return ask(server.url, queries);
}

async function ask(url: string, queries: string[]): Promise<pg.QueryResult[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const results: pg.QueryResult[] = [];
    for (const query of queries) results.push(await client.query(query));
    return results;
  } finally {
    await client.end();
  }
}

/** Makes a database that belongs to `login`; answers its address for that login. */
async function databaseOf(login: string, name: string): Promise<string> {
  await asAdmin(`create database ${name} owner ${login} template template0`);
  return urlOf(login, name);
}

function urlOf(login: string, name: string): string {
  const url = new URL(server.url);
  url.username = login;
  url.pathname = `/${name}`;
  return url.href;
}

async function providersSeen(url: string): Promise<number> {
  const database = openDatabase(url, { poolSize: 1 });
  try {
    const { rows } = await database.asProvider(newId<ProviderId>(), (tx) =>
      sql`select from providers`.execute(tx),
    );
    return rows.length;
  } finally {
    await database.close();
  }
}

describe('on a server of its own, Bursar', () => {
  it('needs a login that owns the database and may make roles, and nothing more', async () => {
    const url = await databaseOf('plain', 'first');
    expect((await migrate(url)).applied).toEqual(await readMigrationNames());
    expect(await providersSeen(url)).toBe(0);
    expect((await migrate(url)).applied).toEqual([]);
  });

  it('lets that login read every row, as a dump without more rights does', async () => {
    const [found] = await ask(urlOf('plain', 'first'), [
      `select relname from pg_class c where relforcerowsecurity and not exists (
        select from pg_policy p, unnest(polroles) role
        where polrelid = c.oid and polpermissive and polcmd in ('r', '*')
          and pg_get_expr(polqual, polrelid) = 'true' and pg_has_role(role, 'usage'))`,
    ]);
    expect(found?.rows).toEqual([]);
  });

  it('says so when a dump was put back before the roles were there, and makes them', async () => {
    // What is left in such a database: tables and rows, and nobody to whom they are open.
    const ours = ROLES.join(', ');
    await ask(urlOf('bursar', 'first'), [
      'reassign owned by bursar_eraser to plain',
      `drop owned by ${ours}`,
      `drop role ${ours}`,
    ]);
    const url = urlOf('plain', 'first');
    for (const _attempt of ['first', 'second']) {
      await expect(migrate(url)).rejects.toMatchObject({
        code: 'restored_without_roles',
        message: expect.stringMatching(/bursar_app.*put the dump back once more.*\.$/),
      });
    }
    const [found] = await asAdmin(
      "select rolname from pg_roles where rolname like 'bursar\\_%' order by rolname",
    );
    expect(found?.rows.map(({ rolname }) => rolname)).toEqual([...ROLES].sort());
    // And once it was put back with the roles there, all is well.
    const again = await databaseOf('plain', 'again');
    await migrate(again);
    expect(await providersSeen(again)).toBe(0);
  });

  it('tells a login that may not work as the roles what to ask for', async () => {
    const url = await databaseOf('humble', 'third');
    await expect(migrate(url)).rejects.toMatchObject({
      code: 'roles_forbidden',
      message: expect.stringMatching(
        /createrole.*grant ROLE to LOGIN.*bursar_eraser that is there already\.$/,
      ),
    });
    await asAdmin('alter role humble createrole', `grant ${ROLES.join(', ')} to humble`);
    await migrate(url);
    expect(await providersSeen(url)).toBe(0);
  });
});

describe('the version of PostgreSQL', () => {
  it.each(['15.18 (Debian 15.18-0+deb12u1)', '9.6.24', ''])('%s is refused', (version) => {
    expect(() => refuseOldPostgres(version)).toThrow(
      `The database is PostgreSQL ${version} and Bursar needs 16 or newer`,
    );
  });

  it.each(['16.0', '18.4 (Debian 18.4-1)', '19beta1'])('%s is taken', (version) => {
    expect(() => refuseOldPostgres(version)).not.toThrow();
  });
});
