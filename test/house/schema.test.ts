import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dumpSchema } from '../schema/dump-schema.ts';
import { kyselyTypes } from '../schema/kysely-types.ts';
import { createTestDatabase, type TestDatabase } from '../world/database.ts';

/** Tables that several providers share, each with the reason. */
const WITHOUT_PROVIDER: Record<string, string> = {
  schema_migrations: 'belongs to the database',
  workers: 'processes serve all providers',
  installation: 'which Bursar this is, with all its providers',
  audit_cursor: 'the sealer walks over the events of all providers',
  sign_in_attempts: 'who guesses a password is nobody’s member yet',
  spent_codes: 'a person’s codes belong to no provider, as the person does not',
  grants: 'one consent may serve organisations of several providers',
  xero_allowed_connections: 'belongs to a grant',
  xero_budgets: 'calls are counted by organisation, whoever makes them',
  xero_call_leases: 'calls are counted by organisation, whoever makes them',
  xero_app_budgets: 'calls are counted over the whole app',
  webhook_arrivals: 'Xero has one address for all organisations',
  counters: 'sums over the whole Bursar',
};

/** Foreign keys whose other side is never deleted, so that nobody searches by them. */
const WITHOUT_INDEX = ['lanes lanes_connection_id_fkey'];

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
});

afterAll(async () => {
  await client?.end();
  await database?.drop();
});

describe('the schema', () => {
  it('is the one that docs/schema.sql shows (npm run schema writes it)', async () => {
    expect(await dumpSchema(database.ownerUrl)).toBe(readFileSync('docs/schema.sql', 'utf8'));
  });

  it('is the one that src/platform/schema.ts types (npm run schema writes it)', async () => {
    const fresh = execFileSync(
      'node_modules/.bin/biome',
      ['format', '--stdin-file-path=src/platform/schema.ts'],
      { input: await kyselyTypes(database.ownerUrl), encoding: 'utf8' },
    );
    expect(fresh).toBe(readFileSync('src/platform/schema.ts', 'utf8'));
  });

  it('keeps providers apart in every table', async () => {
    const { rows } = await client.query<{ name: string; walled: boolean; has_provider: boolean }>(`
      select c.relname as name,
        c.relrowsecurity and c.relforcerowsecurity as walled,
        exists (select from pg_attribute a where a.attrelid = c.oid
          and a.attname = 'provider_id' and a.attnotnull) as has_provider
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`);
    expect(rows.length).toBeGreaterThan(10);
    const excepted = rows.filter(({ name }) => name in WITHOUT_PROVIDER);
    expect(excepted.map(({ name }) => name).sort()).toEqual(Object.keys(WITHOUT_PROVIDER).sort());
    const open = rows.filter(
      ({ name, walled, has_provider }) =>
        name !== 'schema_migrations' && !(walled && (has_provider || name in WITHOUT_PROVIDER)),
    );
    expect(open).toEqual([]);
  });

  it('has an index under each foreign key', async () => {
    const { rows } = await client.query<{ constraint: string }>(`
      select conrelid::regclass || ' ' || conname as constraint from pg_constraint k
      where contype = 'f' and connamespace = 'public'::regnamespace
        and confrelid <> 'public.providers'::regclass
        and not exists (select from pg_index i where i.indrelid = k.conrelid
          and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)`);
    expect(rows.map(({ constraint }) => constraint)).toEqual(WITHOUT_INDEX);
  });

  it('lets no role of the product own a table or sign in', async () => {
    const { rows } = await client.query(`
      select rolname from pg_roles r where rolname like 'bursar\\_%'
        and (rolcanlogin or rolsuper or rolbypassrls
          or exists (select from pg_class c where c.relowner = r.oid))`);
    expect(rows).toEqual([]);
  });
});
