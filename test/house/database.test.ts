import pg from 'pg';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../world/database.ts';

it('gives each test a migrated database of its own', async () => {
  const databases = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const names = await Promise.all(databases.map(({ ownerUrl }) => nameAndTables(ownerUrl)));
  await Promise.all(databases.map((database) => database.drop()));
  expect(new Set(names.map(({ name }) => name)).size).toBe(2);
  for (const { tables } of names) expect(tables).toContain('providers');
});

async function nameAndTables(url: string): Promise<{ name: string; tables: string[] }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    `select current_database() as name,
       (select array_agg(tablename::text) from pg_tables where schemaname = 'public') as tables`,
  );
  await client.end();
  return rows[0];
}
