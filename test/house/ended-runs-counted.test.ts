import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BeforeMigration, databaseBefore } from '../world/before-migration.ts';

// What a migration counts once of runs that were over before it.

const MIGRATION = '0046_tally_of_ended_runs.sql';
const uuid = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
const PROVIDER = uuid(0);
const [FINISHED, PAPERS, PAUSED] = [uuid(1), uuid(2), uuid(3)];

let database: BeforeMigration;
let client: pg.Client;

beforeAll(async () => {
  database = await databaseBefore(MIGRATION);
  client = database.client;
  // Only runs matter here, not what else belongs to them.
  await client.query("set session_replication_role = 'replica'");
  for (const [id, state] of [
    [FINISHED, 'finished'],
    [PAPERS, 'finished'],
    [PAUSED, 'paused'],
  ]) {
    await client.query(
      `insert into sync_runs (provider_id, id, kind, state, started_by, range, step, lane_work,
          created_at, progressed_at, finished_at)
        values ($1, $2, 'resync-everything', $3, '{}', '{}', 'done', false, now(), now(),
          case when $3 = 'finished' then now() end)`,
      [PROVIDER, id, state],
    );
  }
  await addItems(FINISHED, 'learner', ['unchanged', 'unchanged', 'failed', null]);
  await addItems(FINISHED, 'workplace', ['failed']);
  await addItems(FINISHED, 'document', ['added']);
  await addItems(PAPERS, 'document', ['added']);
  await addItems(PAUSED, 'learner', ['added', null]);
  await database.migrate();
}, 60_000);
afterAll(() => database?.close());

/** `null`: one that is still to be done. */
async function addItems(runId: string, kind: string, outcomes: readonly (string | null)[]) {
  await client.query(
    `insert into sync_run_items (provider_id, run_id, seq, subject_kind, subject_id, label, stage,
        outcome)
      select $1, $2, (select count(*) from sync_run_items) + nr, $3, $1, 'Ana',
        case when outcome is null then 'open' else 'done' end, outcome
      from unnest($4::text[]) with ordinality as given (outcome, nr)`,
    [PROVIDER, runId, kind, outcomes],
  );
}

test('runs that were over know how many stood where; one that is on does not yet', async () => {
  const { rows } = await client.query('select id, tally from sync_runs order by id');
  expect(rows).toEqual([
    { id: FINISHED, tally: { open: 1, sent: 0, done: { unchanged: 2, failed: 2 } } },
    { id: PAPERS, tally: { open: 0, sent: 0, done: {} } },
    { id: PAUSED, tally: null },
  ]);
});
