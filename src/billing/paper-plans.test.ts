import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderId } from '#contract/ids';
import { type Database, openDatabase, type Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { ownScope } from '#platform/scope';
import { createTestDatabase, type TestDatabase } from '../../test/world/database.ts';
import { readPlans } from '../../test/world/read-plans.ts';
import { PAPER_SHAPE } from './document-row.ts';
import { listPapers } from './document-store.ts';
import { takeOldPapers } from './shape-store.ts';

const MANY = 6_000;
const PAGE = 50;

const scope = ownScope(newId<ProviderId>());
let testDatabase: TestDatabase;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.ownerUrl, { poolSize: 2 });
  const owner = new pg.Client({ connectionString: testDatabase.ownerUrl });
  await owner.connect();
  const { providerId } = scope;
  await owner.query(
    `insert into providers (provider_id, name, created_at) values ($1, 'Harbour', '2026-03-02')`,
    [providerId],
  );
  // Every tenth is a credit note; the first half by id was read again already.
  await owner.query(
    `insert into documents (provider_id, id, xero_org_id, kind, xero_id, contact_id, party_id,
        status, date, currency, tax_mode, subtotal_minor, tax_minor, total_minor, paid_minor,
        credited_minor, due_minor, lines, has_online_view, raw, content_hash, changed_in_xero_at,
        mirrored_at, shape)
      select $1, ('a0000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, $1,
        case when n % 10 = 0 then 'credit-note' else 'invoice' end, gen_random_uuid(), $1, $1,
        'paid', date '2024-01-01' + n % 700, 'AUD', 'none', 100, 0, 100, 100, 0, 0, '[]', true,
        '{}', '\\x00', '2026-03-02', '2026-03-02',
        case when n <= $2::int / 2 then $3::int else $3::int - 1 end
      from generate_series(1, $2::int) n`,
    [providerId, MANY, PAPER_SHAPE],
  );
  await owner.query('analyze');
  await owner.end();
}, 120_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

function rowsRead(work: (tx: Tx) => Promise<unknown>): Promise<number> {
  return database.asProvider(scope.providerId, async (tx) => (await readPlans(tx, work)).rows);
}

describe(`with ${MANY} papers, behind the wall between providers`, () => {
  it.each([
    ['of all', {}],
    ['of one kind', { kind: 'credit-note' as const }],
    ['of one status', { status: 'paid' as const }],
  ])('a page %s reads little more than the page', async (_, filter) => {
    const rows = await rowsRead((tx) =>
      listPapers(tx, scope, { ...filter, after: null, limit: PAGE }),
    );
    expect(rows).toBeGreaterThanOrEqual(PAGE);
    expect(rows).toBeLessThanOrEqual(PAGE + 10);
  });

  it('old papers are taken without meeting those that were read again', async () => {
    const rows = await rowsRead((tx) => takeOldPapers(tx, scope, PAGE));
    expect(rows).toBeGreaterThanOrEqual(PAGE);
    expect(rows).toBeLessThanOrEqual(PAGE + 10);
  });
});
