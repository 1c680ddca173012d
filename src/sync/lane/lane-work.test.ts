import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderId, XeroOrgId } from '#contract/ids';
import { HOUR_MS, plus } from '#platform/clock';
import { type Database, openDatabase, type Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { ownScope } from '#platform/scope';
import { createTestDatabase, type TestDatabase } from '../../../test/world/database.ts';
import { readPlans } from '../../../test/world/read-plans.ts';
import { driftsToWeigh, isDriftDue } from '../drift/drift-store.ts';
import { linksToPush, linksToRead } from '../links/link-store.ts';
import { readWork } from './lane-facts.ts';

const MANY = 6_000;
const BATCH = 50;
const RULES = 3;
const NOW = new Date('2026-03-02T01:00:00.000Z');
const SOON = plus(NOW, HOUR_MS);
/** One row for each question whether something is there, and no table's worth. */
const FEW = 40;

const scope = ownScope(newId<ProviderId>());
const xeroOrgId = newId<XeroOrgId>();
let testDatabase: TestDatabase;
let database: Database;
let owner: pg.Client;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.ownerUrl, { poolSize: 2 });
  owner = new pg.Client({ connectionString: testDatabase.ownerUrl });
  await owner.connect();
  await owner.query('set session_replication_role = replica');
});
beforeEach(async () => {
  // Everybody waits, with papers to read and a drift that was weighed, and nobody is in a hurry.
  await owner.query('truncate contact_links');
  await owner.query(
    `insert into contact_links (provider_id, xero_org_id, party_id, contact_id, contact_status,
        wanted_revision, pushed_revision, standing, next_attempt_at, match_due, papers_due, drift,
        drift_weighed)
      select $1, $2, gen_random_uuid(), gen_random_uuid(), 'active', 2, 1, 'waiting', $3, false,
        true, '{email}', $4::int
      from generate_series(1, $5::int)`,
    [scope.providerId, xeroOrgId, NOW, RULES, MANY],
  );
  await owner.query('vacuum analyze contact_links');
});
afterAll(async () => {
  await owner.end();
  await database.close();
  await testDatabase.drop();
});

const ask = <T>(work: (tx: Tx) => Promise<T>) => database.asProvider(scope.providerId, work);
const rowsRead = (work: (tx: Tx) => Promise<unknown>) =>
  ask(async (tx) => (await readPlans(tx, work)).rows);
const workNow = (tx: Tx) => readWork(tx, scope, xeroOrgId, NOW);

/** Changes one link of those that wait. */
async function changeOne(change: string): Promise<void> {
  await owner.query(`update contact_links set ${change}
    where party_id = (select min(party_id::text)::uuid from contact_links)`);
}

describe(`with ${MANY} links that wait`, () => {
  it('a look finds that nobody is in a hurry without meeting them all', async () => {
    const work = await ask(workNow);
    expect(work).toMatchObject({ push: true, urgent_push: false, papers: true });
    expect(work).toMatchObject({ urgent_papers: false, next_attempt_at: null });
    expect(await rowsRead(workNow)).toBeLessThan(FEW);
  });

  it('a look finds the one for whom somebody waits', async () => {
    await changeOne('urgent = true');
    expect(await ask(workNow)).toMatchObject({ urgent_push: true, urgent_papers: true });
    expect(await rowsRead(workNow)).toBeLessThan(FEW);
  });

  it('a look finds when the next is due, whether or not it is in a hurry', async () => {
    await owner.query('update contact_links set next_attempt_at = $1', [plus(SOON, HOUR_MS)]);
    await owner.query('vacuum analyze contact_links');
    const then = { push: false, urgent_push: false };
    await changeOne(`next_attempt_at = '${SOON.toISOString()}'`);
    expect(await ask(workNow)).toMatchObject({ ...then, next_attempt_at: SOON });
    expect(await rowsRead(workNow)).toBeLessThan(FEW);
    await owner.query('update contact_links set urgent = next_attempt_at = $1', [SOON]);
    expect(await ask(workNow)).toMatchObject({ ...then, next_attempt_at: SOON });
  });

  it('a batch to send or to read is taken without sorting them all, who hurries first', async () => {
    await changeOne('urgent = true');
    const due = { now: NOW, limit: BATCH };
    const sent = await ask((tx) => linksToPush(tx, scope, xeroOrgId, due));
    const read = await ask((tx) => linksToRead(tx, scope, xeroOrgId, BATCH));
    expect([sent.length, sent[0]?.isUrgent, sent[1]?.isUrgent]).toEqual([BATCH, true, false]);
    expect([read.length, read[0]?.isUrgent, read[1]?.isUrgent]).toEqual([BATCH, true, false]);
    const most = BATCH + 10;
    expect(await rowsRead((tx) => linksToPush(tx, scope, xeroOrgId, due))).toBeLessThan(most);
    expect(await rowsRead((tx) => linksToRead(tx, scope, xeroOrgId, BATCH))).toBeLessThan(most);
  });

  it('drifts that were weighed are passed over, and one that was not is found', async () => {
    const isDue = (tx: Tx) => isDriftDue(tx, scope, xeroOrgId, RULES);
    expect(await ask(isDue)).toBe(false);
    expect(await rowsRead(isDue)).toBeLessThan(FEW);
    for (const weighed of ['null', RULES - 1, RULES + 1]) {
      await changeOne(`drift_weighed = ${weighed}`);
      expect(await ask(isDue)).toBe(true);
      const limits = { rules: RULES, limit: BATCH };
      expect(await ask((tx) => driftsToWeigh(tx, scope, xeroOrgId, limits))).toHaveLength(1);
    }
  });
});
