import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { DAY_MS, HOUR_MS } from '#platform/clock';
import { compare } from '../world/compare.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { PASSWORD } from '../world/people.ts';
import { runsBy } from '../world/runs.ts';

let world: ConnectedWorld;
let database: pg.Client;
beforeAll(async () => {
  world = await startConnectedWorld();
  database = new pg.Client({ connectionString: world.config.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await world.close();
});

const { start, itemsOf } = runsBy(() => world.owner);

async function count(what: string): Promise<number> {
  const { rows } = await database.query<{ count: number }>(`select count(*)::int from ${what}`);
  return rows[0]?.count ?? 0;
}

/** Copies of a row, each a day older than the one before; with other values where `change` says so. */
async function copies(table: string, id: string, number: number, change: object = {}) {
  await database.query(
    `insert into ${table} select (jsonb_populate_record(t, $3::jsonb || jsonb_build_object(
        'id', gen_random_uuid(), '${AGE[table]}', t.${AGE[table]} - n * interval '1 day'))).*
      from ${table} t, generate_series(1, $2::int) n where id = $1`,
    [id, number, JSON.stringify(change)],
  );
}

const AGE: Record<string, string> = { sync_runs: 'created_at', agreement_checks: 'begun_at' };

test('Of runs that are over the last fifty stay, with what became of each; one that is on stays however old', async () => {
  const learner = await world.addLearner({ firstName: 'Mia', lastName: 'Tran' });
  await world.settle();
  const run = await start({ kind: 'resync-learners', learners: { ids: [learner.id] } });
  await world.settle();
  await copies('sync_runs', run.id, 70);
  await copies('sync_runs', run.id, 2, { state: 'paused', finished_at: null, lane_work: false });
  await database.query(
    `insert into sync_run_items select (jsonb_populate_record(i,
        jsonb_build_object('run_id', r.id))).*
      from sync_run_items i, sync_runs r where i.run_id = $1 and r.id <> $1`,
    [run.id],
  );
  expect(await count('sync_run_items')).toBe(73);
  await world.pass(DAY_MS);
  const { items } = await world.owner.call(api.listSyncRuns, { query: { limit: 200 } });
  expect(items.filter(({ state }) => state === 'finished')).toHaveLength(50);
  expect(items.filter(({ state }) => state === 'paused')).toHaveLength(2);
  expect(items.map(({ id }) => id)).toContain(run.id);
  expect(await itemsOf(run.id)).toHaveLength(1);
  expect(await count('sync_run_items')).toBe(52);
});

test('Comparisons stay for 400 days, the newest and the last good one for ever', async () => {
  const { check } = await compare(world, 'everything');
  await database.query('delete from agreement_checks where id <> $1', [check.id]);
  await copies('agreement_checks', check.id, 410);
  await world.pass(DAY_MS);
  const kept = await count('agreement_checks');
  expect(kept).toBeGreaterThan(395);
  expect(kept).toBeLessThan(405);

  // Nothing was compared for years, and the last comparison found differences.
  await database.query('update agreement_checks set begun_at = begun_at - $1::interval', [
    '9 years',
  ]);
  await database.query("update lanes set next_agreement_at = 'infinity'");
  await database.query(
    `update agreement_checks set verdict = 'differs' where id in
      (select id from agreement_checks order by begun_at desc limit 3)`,
  );
  await world.pass(DAY_MS);
  const { rows } = await database.query(
    'select verdict from agreement_checks order by begun_at desc',
  );
  expect(rows).toEqual([{ verdict: 'differs' }, { verdict: 'agreed' }]);
});

test('Sessions that have ended go, also when their browser never comes back; others stay', async () => {
  const { email } = await world.people.finance();
  await world.visitor().signIn(email, PASSWORD);
  const all = await count('auth."session"');
  await database.query(
    `update auth."session" set "expiresAt" = now() - interval '1 minute' where "createdAt" =
      (select max("createdAt") from auth."session")`,
  );
  await world.pass(DAY_MS);
  expect(await count('auth."session"')).toBe(all - 1);
  await world.owner.call(api.me);
});

test('Of webhooks those of 30 days stay, however many there were before', async () => {
  const { endpoint } = await world.owner.call(api.addWebhookEndpoint, {
    body: { url: 'http://localhost:9/', description: 'Busy', kinds: ['contact.linked'] },
  });
  const sent = (days: number, number: number) =>
    database.query(
      `insert into webhook_deliveries (provider_id, id, endpoint_id, kind, payload, state,
          created_at, finished_at)
        select provider_id, gen_random_uuid(), id, 'contact.linked', '{}', 'delivered', at, at
        from webhook_endpoints, generate_series(1, $3::int),
          lateral (select $4::timestamptz - $2 * interval '1 day' as at) as sent where id = $1`,
      [endpoint.id, days, number, world.clock.now()],
    );
  await sent(31, 5_500);
  await sent(29, 30);
  await world.pass(HOUR_MS);
  expect(await count('webhook_deliveries')).toBe(30);
});
