import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { api } from '#contract/api';
import { MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
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
beforeEach(() => world.pass(2 * MINUTE_MS));

const { start, runOf, steer } = runsBy(() => world.owner);

async function twoLearners(lastName: string) {
  const one = await world.addLearner({ firstName: 'Ada', lastName, syncToXero: false });
  const other = await world.addLearner({ firstName: 'Ben', lastName, syncToXero: false });
  return { ids: [one.id, other.id] };
}

/** Whatever is said of runs from here on is not counted among their items. */
const dropItems = () => database.query('delete from sync_run_items');

/** Xero takes no question for papers: what reads them fails. */
function refusePapers(): void {
  world.emulator.control.faults.add({
    path: '/api.xro/2.0/Invoices',
    times: 1,
    effect: {
      kind: 'status',
      status: 400,
      body: '{"Message":"Too wide"}',
      contentType: 'application/json',
    },
  });
}

it('says what came of runs that are over without counting all they were about again', async () => {
  const learners = await twoLearners('Counted');
  const finished = await start({ kind: 'sync-on', learners });
  await world.settle();
  const cancelled = await start({ kind: 'sync-off', learners });
  await steer(cancelled.id, 'cancel');
  refusePapers();
  const failed = await start({ kind: 'resync-everything' });
  await world.settle();
  const runs = [finished, cancelled, failed];
  const look = () => Promise.all(runs.map(({ id }) => runOf(id)));
  const before = await look();
  expect(before).toMatchObject([
    { state: 'finished', total: 2, done: 2, counts: { added: 2 } },
    { state: 'cancelled', total: 2, done: 2, counts: { skipped: 2 } },
    { state: 'failed', total: 2, done: 2, counts: { unchanged: 2 } },
  ]);
  await dropItems();
  expect(await look()).toEqual(before);
  const { items } = await world.owner.call(api.listSyncRuns, { query: { limit: 3 } });
  expect(items).toEqual(before.toReversed());
});

it('tells open pages which runs ended last, however long ago they were started', async () => {
  const ends = async (who = world.owner) => (await who.call(api.listRunEnds)).items;
  const before = await ends();
  const slow = await start({ kind: 'sync-on', learners: await twoLearners('Slow') });
  await steer(slow.id, 'pause');
  const quick = await start({ kind: 'sync-off', learners: await twoLearners('Quick') });
  await world.settle();
  const { id, finishedAt } = await runOf(quick.id);
  const end = { id, kind: 'sync-off', state: 'finished', failed: 0, finishedAt };
  expect(await ends()).toEqual([end, ...before]);

  await world.pass(MINUTE_MS);
  const cancelled = await start({ kind: 'sync-off', learners: await twoLearners('Enough') });
  await steer(cancelled.id, 'cancel');
  await steer(slow.id, 'resume');
  await world.settle();
  expect((await ends()).map((one) => one.id)).toEqual([
    slow.id,
    quick.id,
    ...before.map((one) => one.id),
  ]);
  expect(await ends(await world.neighbours.owner())).toEqual([]);
});
