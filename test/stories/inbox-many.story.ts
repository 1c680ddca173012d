import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { InboxEntry } from '#contract/inbox';
import type { Learner } from '#contract/learners';
import { SECOND_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

/** More than anybody reads one by one. */
const MANY = 5_200;

let world: ConnectedWorld;
let database: pg.Client;
let ada: Learner;
beforeAll(async () => {
  world = await startConnectedWorld();
  database = new pg.Client({ connectionString: world.config.databaseUrl });
  await database.connect();
  ada = await world.addLearner({ firstName: 'Ada', lastName: 'Boxer' });
  await world.settle();
  await world.pass(2 * SECOND_MS);
  world.bookkeeper.archiveContact(world.bookkeeper.findContact(ada.learnerNumber)?.id ?? '');
  await world.pass(2 * SECOND_MS);
  // Of each only the link, since nothing is to be sent of them.
  await database.query(
    `insert into contact_links (provider_id, xero_org_id, party_kind, party_id, wanted_revision,
        pushed_revision, standing, reasons, next_attempt_at)
      select provider_id, xero_org_id, 'learner', gen_random_uuid(), 1, 1, 'in-step', '[]', 'infinity'
      from contact_links, generate_series(1, $2::int) where party_id = $1`,
    [ada.id, MANY],
  );
});
afterAll(async () => {
  await database.end();
  await world.close();
});

const change = (what: string) =>
  database.query(`update contact_links set ${what} where party_id <> $1`, [ada.id]);
const drifting = () =>
  change(`standing = 'in-step', reasons = '[]', drift = '{email}', drift_since = '2030-01-01'`);
const refused = () =>
  change(`standing = 'blocked', drift = '{}', last_attempt_at = '2030-01-01',
    reasons = jsonb_build_array('Xero says: “The code is too long.”')`);

const counted = async () => (await world.owner.call(api.syncInboxCount)).open;
async function shown() {
  const { problems, ignored } = await world.owner.call(api.syncInbox);
  const counts = (found: typeof problems) => found.map(({ code, count }) => [code, count]);
  return { problems: counts(problems), ignored: counts(ignored) };
}
async function keyOf(code: string): Promise<string> {
  const { problems } = await world.owner.call(api.syncInbox);
  return problems.find((problem) => problem.code === code)?.key ?? '';
}

it('counts each, and a crowd of new ones hides nothing older', async () => {
  await drifting();
  expect(await shown()).toEqual({
    problems: [
      ['contact.archived', 1],
      ['drift.open', MANY],
    ],
    ignored: [],
  });
  expect(await counted()).toBe(MANY + 1);
  const { problems } = await world.owner.call(api.syncInbox);
  expect(problems.map(({ entries }) => entries.length)).toEqual([1, 10]);
});

it('puts a whole crowd aside and brings it back', async () => {
  await drifting();
  const body = { key: 'drift.open', note: 'All of them are known' };
  expect(await world.owner.call(api.ignoreProblem, { body })).toEqual({ ignored: MANY });
  expect(await shown()).toEqual({
    problems: [['contact.archived', 1]],
    ignored: [['drift.open', MANY]],
  });
  expect(await counted()).toBe(1);
  const { ignored } = await world.owner.call(api.syncInbox);
  expect(ignored[0]?.entries[9]?.ignored?.note).toBe('All of them are known');

  // Of some the cause is another one now.
  await database.query(
    `update contact_links set drift = '{email,mobile}' where party_id in
      (select party_id from contact_links where party_id <> $1 limit 30)`,
    [ada.id],
  );
  expect(await shown()).toEqual({
    problems: [
      ['contact.archived', 1],
      ['drift.open', 30],
    ],
    ignored: [['drift.open', MANY - 30]],
  });
  expect(await counted()).toBe(31);
  await world.owner.call(api.unignoreProblem, { body: { key: 'drift.open' } });
  expect((await shown()).ignored).toEqual([]);
  expect(await counted()).toBe(MANY + 1);
});

it('names them all page by page, and finds one', async () => {
  await drifting();
  await database.query(`update contact_links set drift = '{email}' where party_id = $1`, [ada.id]);
  const query = { key: 'drift.open', limit: 200 };
  const met: InboxEntry[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await world.owner.call(api.listProblemEntries, {
      query: { ...query, ...(cursor ? { cursor } : {}) },
    });
    met.push(...page.items);
    cursor = page.nextCursor;
  }
  expect(new Set(met.map(({ subjectId }) => subjectId)).size).toBe(MANY + 1);
  const found = await world.owner.call(api.listProblemEntries, {
    query: { ...query, search: 'ada box' },
  });
  expect(found.items.map(({ subjectId }) => subjectId)).toEqual([ada.id]);
  await database.query(`update contact_links set drift = '{}' where party_id = $1`, [ada.id]);
});

it('tries all of them again, also where some were put aside', async () => {
  await refused();
  const key = await keyOf('contact.refused');
  const { items } = await world.owner.call(api.listProblemEntries, { query: { key, limit: 50 } });
  const subjectIds = items.map(({ subjectId }) => subjectId);
  await world.owner.call(api.ignoreProblem, { body: { key, subjectIds } });
  expect(await counted()).toBe(MANY - 50 + 1);
  expect(await world.owner.call(api.retryProblem, { body: { key } })).toEqual({ tried: MANY - 50 });
  const { rows } = await database.query(
    `select standing, urgent, count(*)::int from contact_links where party_id <> $1
      group by 1, 2 order by 1`,
    [ada.id],
  );
  expect(rows).toEqual([
    { standing: 'blocked', urgent: false, count: 50 },
    { standing: 'waiting', urgent: false, count: MANY - 50 },
  ]);
  expect(await shown()).toEqual({
    problems: [['contact.archived', 1]],
    ignored: [['contact.refused', 50]],
  });
});
