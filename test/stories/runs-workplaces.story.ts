import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { RunWish } from '#contract/runs';
import type { Workplace } from '#contract/workplaces';
import { MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { runsBy } from '../world/runs.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());
beforeEach(() => world.pass(2 * MINUTE_MS));

const { start, runOf, itemsOf, steer } = runsBy(() => world.owner);

async function addMany(name: string, count: number): Promise<Workplace[]> {
  const added: Workplace[] = [];
  for (let one = 1; one <= count; one += 1) {
    const body = { name: `${name} ${one}`, saveAnyway: true };
    added.push(await world.owner.call(api.addWorkplace, { body }));
  }
  return added;
}

const contactsNamed = (name: string) =>
  world.bookkeeper.books.contacts.all().filter((contact) => contact.name.startsWith(name)).length;

const rowsOf = async (search: string) =>
  (await world.owner.call(api.listWorkplaces, { query: { search } })).items;

describe('Sync to Xero for many workplaces', () => {
  it('goes by the list’s filter, tells how far it is, and ends with a notice', async () => {
    await addMany('Bakery', 3);
    await addMany('Garage', 1);
    const workplaces = { filter: { search: 'bakery', syncToXero: false } };
    const run = await start({ kind: 'sync-on', workplaces });
    expect(run).toMatchObject({ state: 'running', total: 3, done: 0 });
    expect(run.range).toBe('All workplaces that match: Sync to Xero off, “bakery”');
    await world.settle();
    expect(await runOf(run.id)).toMatchObject({
      state: 'finished',
      done: 3,
      counts: { added: 3, failed: 0 },
    });
    expect(await itemsOf(run.id)).toMatchObject(
      Array(3).fill({ subject: 'workplace', outcome: 'added' }),
    );
    expect(contactsNamed('Bakery')).toBe(3);
    expect(contactsNamed('Garage')).toBe(0);
    const { csv } = await world.owner.call(api.syncRunReport, { params: { runId: run.id } });
    expect(csv).toMatch(/Workplace,Bakery 1 \(WP-\d+\),added/);
  });

  it('names those who are not ready', async () => {
    const [good, bad] = await addMany('Gap', 2);
    if (!good || !bad) throw new Error('Nothing was added');
    await spoilEmail(bad);
    const run = await start({ kind: 'sync-on', workplaces: { ids: [good.id, bad.id] } });
    expect(run.range).toBe('2 workplaces');
    await world.settle();
    expect((await runOf(run.id)).counts).toMatchObject({ added: 1, failed: 1 });
    const failed = (await itemsOf(run.id)).find((item) => item.outcome === 'failed');
    expect(failed).toMatchObject({
      subjectId: bad.id,
      reason: 'This e-mail address is not valid.',
    });
  });

  it('can be paused, goes on, and is cancelled for those whose turn has not come', async () => {
    await addMany('Mill', 2);
    const filter = { search: 'mill' };
    const run = await start({ kind: 'sync-on', workplaces: { filter } });
    expect(await steer(run.id, 'pause')).toMatchObject({ state: 'paused' });
    await world.settle();
    expect(await runOf(run.id)).toMatchObject({ state: 'paused', done: 0 });
    expect(contactsNamed('Mill')).toBe(0);
    await steer(run.id, 'resume');
    await world.settle();
    expect(await runOf(run.id)).toMatchObject({ state: 'finished', done: 2 });
    const off = await start({ kind: 'sync-off', workplaces: { filter } });
    await steer(off.id, 'cancel');
    await world.settle();
    expect(await runOf(off.id)).toMatchObject({ state: 'cancelled', counts: { skipped: 2 } });
    expect((await rowsOf('mill')).map((row) => row.syncToXero)).toEqual([true, true]);
  });

  it('is a matter of learners or of workplaces, and of somebody', async () => {
    const both = { learners: { filter: {} }, workplaces: { filter: {} } };
    for (const whom of [both, {}]) {
      const body: RunWish = { kind: 'sync-on', ...whom };
      expect((await world.owner.refusal(api.startSyncRun, { body })).code).toBe('request.invalid');
    }
    const nobody: RunWish = { kind: 'sync-on', workplaces: { filter: { search: 'qqqq' } } };
    const problem = await world.owner.refusal(api.startSyncRun, { body: nobody });
    expect(problem).toMatchObject({ code: 'run.nothing-to-do' });
    expect(problem.detail).toContain('No workplace matches.');
  });
});

describe('A resync of workplaces', () => {
  it('compares those named with their contacts, and no learner', async () => {
    await world.addLearner({ firstName: 'Lena', lastName: 'Learner' });
    const [smithy] = await addMany('Smithy', 1);
    if (!smithy) throw new Error('Nothing was added');
    await start({ kind: 'sync-on', workplaces: { ids: [smithy.id] } });
    await world.settle();
    const run = await start({ kind: 'resync-workplaces', workplaces: { ids: [smithy.id] } });
    await world.settle();
    expect(await runOf(run.id)).toMatchObject({
      state: 'finished',
      kind: 'resync-workplaces',
      range: '1 workplace',
      counts: { unchanged: 1, failed: 0 },
    });
    const everybody = await start({ kind: 'resync-workplaces' });
    await world.settle();
    const items = await itemsOf(everybody.id);
    expect(items.length).toBeGreaterThan(1);
    expect(new Set(items.map((item) => item.subject))).toEqual(new Set(['workplace']));
    const none: RunWish = { kind: 'resync-workplaces', to: '2025-12-31' };
    expect((await world.owner.refusal(api.startSyncRun, { body: none })).code).toBe(
      'run.nothing-to-do',
    );
  });
});

describe('Workplaces that were ticked', () => {
  it('are turned at once, and those that are not ready are named', async () => {
    const [good, bad] = await addMany('Tick', 2);
    if (!good || !bad) throw new Error('Nothing was added');
    await spoilEmail(bad);
    const workplaceIds = [good.id, bad.id];
    const done = await world.owner.call(api.setManyWorkplaceSync, {
      body: { workplaceIds, syncToXero: true },
    });
    expect(done).toMatchObject({ changed: 1, unchanged: 0 });
    expect(done.refused).toMatchObject([{ workplaceId: bad.id, name: 'Tick 2' }]);
    await world.settle();
    expect(contactsNamed('Tick')).toBe(1);
    const again = await world.owner.call(api.setManyWorkplaceSync, {
      body: { workplaceIds: [good.id], syncToXero: true },
    });
    expect(again).toEqual({ changed: 0, unchanged: 1, refused: [] });
    const staff = await world.people.staff();
    const body = { workplaceIds, syncToXero: false };
    expect((await staff.refusal(api.setManyWorkplaceSync, { body })).code).toBe(
      'permission.missing',
    );
  });
});

/** As one that was written before addresses were looked at. */
function spoilEmail({ id }: Workplace) {
  return world.context.database.asProvider(world.people.providerId, (tx) =>
    tx.updateTable('workplaces').set({ email: 'no address' }).where('id', '=', id).execute(),
  );
}
