import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { createMeanwhile } from '../world/meanwhile.ts';
import { learnerNow, mergeLearners } from '../world/merging.ts';
import { runsBy } from '../world/runs.ts';

const { during, holdsAnswer } = createMeanwhile();
const READ = 'GET /Contacts?';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld({ holdsAnswer });
});
afterAll(() => world.close());
beforeEach(async () => {
  // A fresh minute of Xero's limits for each story.
  await world.pass(2 * MINUTE_MS);
});

const { start, runOf, itemsOf, steer } = runsBy(() => world.owner);

/** As after a restore from an old copy: our row no longer knows what Xero was told. */
async function forgetPush({ id, learnerNumber }: Learner) {
  const base = { name: 'Somebody else', contactNumber: null, firstName: 'Rosa', lastName: null };
  const none = { email: null, mobile: null, home: null, work: null, street: null, postal: null };
  await world.context.database.asProvider(world.people.providerId, (tx) =>
    tx
      .updateTable('contact_links')
      .set({ base: JSON.stringify({ ...base, ...none }) })
      .where('party_id', '=', id)
      .execute(),
  );
  const contact = world.bookkeeper.findContact(learnerNumber);
  world.emulator.control.webhooks.switches.dropNext = 1;
  world.bookkeeper.editContact(contact?.id ?? '', { FirstName: 'Rosa' });
}

it('A run takes those whom the list shows: nobody who was merged into another', async () => {
  const off = { lastName: 'Rested', syncToXero: false };
  const kept = await world.addLearner({ firstName: 'Kim', ...off });
  const merged = await world.addLearner({ firstName: 'Kym', ...off });
  await mergeLearners(world, kept, merged);
  const { items } = await world.owner.call(api.listLearners, { query: { limit: 200 } });
  const run = await start({ kind: 'sync-on', learners: { filter: {} } });
  expect(run.total).toBe(items.length);
  await world.settle();
  expect(await runOf(run.id)).toMatchObject({ state: 'finished', counts: { failed: 0 } });
  // Who names one by name is told what became of them.
  const named = await start({ kind: 'sync-on', learners: { ids: [merged.id] } });
  await world.settle();
  const [item] = await itemsOf(named.id);
  expect(item).toMatchObject({ outcome: 'failed', reason: 'Was merged into another learner.' });
});

describe('A resync', () => {
  /** Somebody whose contact has to be sent once more. */
  async function differing(lastName: string) {
    const learner = await world.addLearner({ firstName: 'Rhea', lastName });
    await world.settle();
    await forgetPush(learner);
    return start({ kind: 'resync-learners', learners: { ids: [learner.id] } });
  }

  it('that is cancelled while Xero answers says of each what became of them', async () => {
    const run = await differing('Cancelled');
    const cancelled = during(READ, () => steer(run.id, 'cancel'));
    await world.settle();
    await cancelled;
    await world.pass(MINUTE_MS);
    expect(await runOf(run.id)).toMatchObject({
      state: 'cancelled',
      done: 1,
      total: 1,
      counts: { skipped: 1 },
    });
    const [item] = await itemsOf(run.id);
    expect(item?.reason).toBe('The run was cancelled before this one’s turn.');
  });

  it('that is paused while Xero answers sends those whom it has just asked for', async () => {
    const run = await differing('Paused');
    const paused = during(READ, () => steer(run.id, 'pause'));
    await world.settle();
    await paused;
    expect(await runOf(run.id)).toMatchObject({
      state: 'paused',
      done: 1,
      counts: { changed: 1 },
    });
    await steer(run.id, 'resume');
    await world.settle();
    expect(await runOf(run.id)).toMatchObject({ state: 'finished', done: 1 });
  });
});

it('Whoever is turned off while on the way is said to be, not that no organisation takes them', async () => {
  const learner = await world.addLearner({
    firstName: 'Gus',
    lastName: 'Turned',
    syncToXero: false,
  });
  const run = await start({ kind: 'sync-on', learners: { ids: [learner.id] } });
  await world.context.tick();
  await world.edit(await learnerNow(world, learner), { syncToXero: false });
  await world.settle();
  expect(await runOf(run.id)).toMatchObject({ state: 'finished', counts: { skipped: 1 } });
  const [item] = await itemsOf(run.id);
  expect(item).toMatchObject({
    outcome: 'skipped',
    reason: 'Sync to Xero was turned off meanwhile.',
  });
});
