import { afterEach, beforeEach, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId } from '#contract/ids';
import { DAY_MS } from '#platform/clock';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { runsBy } from '../world/runs.ts';

let world: ConnectedWorld;
beforeEach(async () => {
  world = await startConnectedWorld();
});
afterEach(() => world.close());

const { start, runOf, itemsOf, steer } = runsBy(() => world.owner);

async function connection() {
  const [found] = (await world.owner.call(api.listApps)).apps[0]?.connections ?? [];
  if (!found) throw new Error('It is connected');
  return { connectionId: found.id };
}

async function disconnect(): Promise<void> {
  await world.owner.call(api.disconnect, { params: await connection() });
}

/** Connects an organisation about which somebody is asked, and says yes. */
async function connectAsked(xeroOrgId: (typeof xeroOrgs)[keyof typeof xeroOrgs]): Promise<void> {
  const atXero = { organisations: [xeroOrgId], leavesMatchesOpen: true };
  const landing = await world.connectXero(world.owner, atXero);
  if (landing.outcome === 'choose') {
    const params = { connectionId: landing.connectionId as ConnectionId };
    await world.owner.call(api.chooseOrganisation, { params, body: { xeroOrgId } });
  }
  await world.settle();
}

it('A resync says that the connection is paused, and goes on once it is resumed', async () => {
  const learner = await world.addLearner({ firstName: 'Pam', lastName: 'Pause' });
  await world.settle();
  await world.owner.call(api.pauseConnection, { params: await connection() });
  const run = await start({ kind: 'resync-learners', learners: { ids: [learner.id] } });
  await world.settle();
  expect(await runOf(run.id)).toMatchObject({
    state: 'running',
    done: 0,
    waitingFor: 'The connection is paused. It goes on once somebody resumes it.',
  });
  await world.owner.call(api.resumeConnection, { params: await connection() });
  await world.settle();
  expect(await runOf(run.id)).toMatchObject({ state: 'finished', done: 1 });
});

it('Whoever is turned on under a pause is said to wait for its end', async () => {
  const off = { firstName: 'Paul', lastName: 'Pause', syncToXero: false };
  const learner = await world.addLearner(off);
  await world.owner.call(api.pauseConnection, { params: await connection() });
  const run = await start({ kind: 'sync-on', learners: { ids: [learner.id] } });
  await world.settle();
  const [item] = await itemsOf(run.id);
  expect(item?.reason).toBe('Waits until the connection is resumed.');
});

it('A disconnect ends the resyncs of the organisation and says so; a reconnect brings none back', async () => {
  const learner = await world.addLearner({ firstName: 'Dee', lastName: 'Cut' });
  await world.settle();
  await world.owner.call(api.pauseConnection, { params: await connection() });
  const wish = { kind: 'resync-learners' as const, learners: { ids: [learner.id] } };
  const run = await start(wish);
  const held = await start(wish);
  await steer(held.id, 'pause');
  await disconnect();
  await world.settle();
  const ended = {
    state: 'cancelled',
    done: 1,
    total: 1,
    counts: { skipped: 1 },
    failure: 'The Xero organisation was disconnected.',
  };
  expect(await runOf(run.id)).toMatchObject(ended);
  expect(await runOf(held.id)).toMatchObject(ended);
  expect((await itemsOf(run.id)).map(({ reason }) => reason)).toEqual([
    'The run was cancelled before this one’s turn.',
  ]);
  await connectAsked(xeroOrgs.au);
  await world.pass(DAY_MS);
  expect(await runOf(run.id)).toMatchObject(ended);
});

it('One that was hanging since a disconnect is ended too', async () => {
  const learner = await world.addLearner({ firstName: 'Old', lastName: 'Hanger' });
  await world.settle();
  await world.owner.call(api.pauseConnection, { params: await connection() });
  const run = await start({ kind: 'resync-learners', learners: { ids: [learner.id] } });
  await disconnect();
  await reopen(run.id);
  await world.settle();
  expect(await runOf(run.id)).toMatchObject({
    state: 'cancelled',
    failure: 'The Xero organisation was disconnected.',
  });
  expect((await itemsOf(run.id)).map(({ reason }) => reason)).toEqual([
    'Waits until Xero is connected again.',
  ]);
});

/** As a run that was started in the moment of the disconnect, or by an older Bursar. */
async function reopen(runId: string): Promise<void> {
  await world.context.database.asProvider(world.people.providerId, async (tx) => {
    const open = { state: 'running', failure: null, finished_at: null, tally: null };
    await tx.updateTable('sync_runs').set(open).where('id', '=', runId).execute();
    const items = tx.updateTable('sync_run_items').where('run_id', '=', runId);
    await items.set({ stage: 'sent', outcome: null, reason: null }).execute();
  });
}

it('A resync says that matches are to be reviewed before it', async () => {
  const learner = await world.addLearner({ firstName: 'Rae', lastName: 'View' });
  await world.settle();
  await disconnect();
  await connectAsked(xeroOrgs.nz);
  const run = await start({ kind: 'resync-learners', learners: { ids: [learner.id] } });
  await world.settle();
  expect(await runOf(run.id)).toMatchObject({
    state: 'running',
    done: 0,
    waitingFor: 'Matches are to be reviewed first.',
  });
});
