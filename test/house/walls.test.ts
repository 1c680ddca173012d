import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { ProviderId, XeroOrgId } from '#contract/ids';
import { xeroOrgs } from '../world/connect-xero.ts';
import type { Cast } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

interface Row {
  provider_id: string;
}

/** Two providers have worked for a while; their rows stand in one database. */
let world: World;
let client: pg.Client;
let tables: string[];

beforeAll(async () => {
  world = await startWorld();
  await work(world.people, xeroOrgs.au);
  await work(world.neighbours, xeroOrgs.nz);
  client = new pg.Client({ connectionString: world.config.databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'provider_id'
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`,
  );
  tables = rows.map(({ name }) => name);
});

afterAll(async () => {
  await client?.end();
  await world?.close();
});

/** Leaves rows of a provider in as many tables as a few acts reach. */
async function work(cast: Cast, xeroOrgId: XeroOrgId): Promise<void> {
  const owner = await cast.owner();
  const asked = { organisations: [xeroOrgId], confirm: true };
  await world.connectXero(owner, asked);
  const learner = await owner.call(api.addLearner, {
    body: { firstName: 'Mia', lastName: 'Wong', syncToXero: true },
  });
  await owner.call(api.addWorkplace, { body: { name: 'Wong & Sons' } });
  await owner.call(api.invitePerson, { body: { email: 'new@example.com', role: 'staff' } });
  await owner.call(api.createApiKey, { body: { name: 'Reports', role: 'staff' } });
  await owner.call(api.openSupportRequest, { body: { subject: 'A question', text: 'How?' } });
  await owner.call(api.makeConnectInvitation, { body: { app: 'xero', another: true } });
  const contentBase64 = Buffer.from('Surname\nTran').toString('base64');
  await owner.call(api.startImport, { body: { files: [{ name: 'people.csv', contentBase64 }] } });
  await owner.call(api.addWebhookEndpoint, {
    body: { url: 'http://127.0.0.1:9/hooks', kinds: ['sync.failed', 'invoice.changed'] },
  });
  await world.settle();
  const bookkeeper = world.emulator.control.bookkeeper(xeroOrgId);
  bookkeeper.createInvoice({
    contactId: bookkeeper.findContact(learner.learnerNumber)?.id ?? '',
    lines: [{ description: 'Course fee', quantity: 1, unitAmount: 500 }],
    status: 'AUTHORISED',
  });
  await world.settle();
}

/**
 * Runs a statement as the product does, for Harbour Training or for nobody yet, looks at what came
 * of it with the eyes of the database's owner, and undoes it. Null: it is not allowed at all.
 */
async function asProduct<T>(
  providerId: ProviderId | null,
  statement: string,
  look: (rows: readonly Row[]) => T | Promise<T>,
): Promise<T | null> {
  await client.query('begin');
  try {
    await client.query('set local role bursar_app');
    if (providerId)
      await client.query(`select set_config('bursar.provider', $1, true)`, [providerId]);
    const { rows } = await client.query<Row>(statement);
    await client.query('reset role');
    return await look(rows);
  } catch (error) {
    if (error instanceof pg.DatabaseError) return null;
    throw error;
  } finally {
    await client.query('rollback');
  }
}

async function digestOfNeighbour(table: string): Promise<string> {
  const { rows } = await client.query<{ digest: string }>(
    `select coalesce(md5(string_agg(t::text, '|' order by t::text)), 'none') as digest
     from ${table} t where provider_id = $1`,
    [world.neighbours.providerId],
  );
  return rows[0]?.digest ?? '';
}

describe('a statement that forgets to say whose rows it means', () => {
  it('has the neighbours’ rows within reach in most tables, so that this proves something', async () => {
    const filled: string[] = [];
    for (const name of tables) if ((await digestOfNeighbour(name)) !== 'none') filled.push(name);
    expect(filled.length).toBeGreaterThan(tables.length / 2);
  });

  it('reads none of them', async () => {
    for (const table of tables) {
      const seen = await asProduct(
        world.people.providerId,
        `select provider_id from ${table}`,
        (rows) => rows.filter(({ provider_id: id }) => id !== world.people.providerId),
      );
      expect([table, seen ?? []]).toEqual([table, []]);
    }
  });

  it('reads nothing at all where no provider is set', async () => {
    for (const table of tables) {
      const seen = await asProduct(null, `select provider_id from ${table}`, (rows) => rows);
      expect([table, seen ?? []]).toEqual([table, []]);
    }
  });

  it.each([
    ['deletes none of them', () => 'delete from $table'],
    [
      'takes none of them over',
      () => `update $table set provider_id = '${world.people.providerId}'`,
    ],
    [
      'gives none of its own to them',
      () => `update $table set provider_id = '${world.neighbours.providerId}'`,
    ],
  ])('%s', async (_, statement) => {
    for (const table of tables) {
      const before = await digestOfNeighbour(table);
      const after = await asProduct(
        world.people.providerId,
        statement().replace('$table', table),
        () => digestOfNeighbour(table),
      );
      expect([table, after ?? before]).toEqual([table, before]);
    }
  });
});
