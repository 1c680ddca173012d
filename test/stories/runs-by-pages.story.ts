import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { DAY_MS, HOUR_MS, MINUTE_MS, plus, SECOND_MS } from '#platform/clock';
import { ownScope } from '#platform/scope';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { createMeanwhile } from '../world/meanwhile.ts';
import { runsBy } from '../world/runs.ts';

/** More than are read by their ids where a page holds them all. */
const MANY = 320;
const READ = 'GET /Contacts?';

const { during, holdsAnswer } = createMeanwhile();
let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld({ holdsAnswer });
  await importMany();
  await start({ kind: 'sync-on', learners: { filter: {} } });
  await world.settle();
  spreadChanges();
  // Whatever our own writes leave in doubt is settled, and sweeps have met what was spread.
  await world.pass(2 * HOUR_MS);
  world.emulator.control.webhooks.switches.dropNext = Number.MAX_SAFE_INTEGER;
}, 120_000);
afterAll(() => world.close());
beforeEach(async () => {
  // A fresh minute of Xero's limits for each story.
  await world.pass(2 * MINUTE_MS);
  world.emulator.control.log.clear();
});

const { start, runOf, itemsOf, steer } = runsBy(() => world.owner);

async function importMany(): Promise<void> {
  const lines = Array.from({ length: MANY }, (_, n) => `R${1_000 + n},P${n},Paged,p${n}@a.example`);
  const text = ['Learner number,First name,Last name,Email', ...lines].join('\n');
  const scope = ownScope(world.people.providerId);
  const file = { name: 'people.csv', content: Buffer.from(text) };
  await world.context.learners.importFromFiles(scope, [file]);
}

/** As over months: no two contacts were changed at the same time. */
function spreadChanges(): void {
  for (const contact of world.bookkeeper.books.contacts.all()) {
    world.clock.advance(2 * SECOND_MS);
    world.bookkeeper.run(({ books, clock }) =>
      books.contacts.put({ ...contact, updatedAtMs: clock.nowMs() }),
    );
  }
}

const contactOf = (n: number) => world.bookkeeper.findContact(`R${1_000 + n}`)?.id ?? '';

async function learnerOf(n: number): Promise<Learner> {
  const { items } = await world.owner.call(api.listLearners, {
    query: { search: `R${1_000 + n}` },
  });
  const learnerId = items[0]?.id;
  if (!learnerId) throw new Error(`There is no R${1_000 + n}`);
  return world.owner.call(api.getLearner, { params: { learnerId } });
}

/** Addresses of the reads of contacts since the log was cleared. */
const reads = () =>
  world.emulator.control.log
    .calls('/api.xro/2.0/Contacts')
    .filter(({ method }) => method === 'GET')
    .map(({ path }) => path);
const readsByIds = () => reads().filter((path) => path.includes('IDs='));

const inProvider = <T>(work: Parameters<typeof world.context.database.asProvider<T>>[1]) =>
  world.context.database.asProvider(world.people.providerId, work);

/** As after a restore from an old copy: our row no longer knows what Xero was told. */
async function forgetPush(n: number): Promise<void> {
  const { id } = await learnerOf(n);
  await inProvider(async (tx) => {
    const link = await tx
      .selectFrom('contact_links')
      .select('base')
      .where('party_id', '=', id)
      .executeTakeFirstOrThrow();
    const base = JSON.stringify({ ...(link.base as object), firstName: 'Rosa' });
    await tx.updateTable('contact_links').set({ base }).where('party_id', '=', id).execute();
  });
  world.bookkeeper.editContact(contactOf(n), { FirstName: 'Rosa' });
}

async function block(n: number): Promise<void> {
  const { id } = await learnerOf(n);
  const reasons = JSON.stringify(['Xero says: “Not now.”']);
  await inProvider((tx) =>
    tx
      .updateTable('contact_links')
      .set({ standing: 'blocked', reasons })
      .where('party_id', '=', id)
      .execute(),
  );
}

/** As after Xero was too slow for a page of the usual size. */
async function readSmallerPages(): Promise<void> {
  const sizes = { contacts: { rows: 250, until: plus(world.clock.now(), DAY_MS) } };
  const page_rows = JSON.stringify(sizes);
  await inProvider((tx) => tx.updateTable('lanes').set({ page_rows }).execute());
}

async function outcomesOf(runId: Parameters<typeof itemsOf>[0]) {
  const { items } = await world.owner.call(api.listSyncRunItems, {
    params: { runId },
    query: { limit: 200, outcome: 'failed' },
  });
  return items.map(({ label, reason }) => [label, reason]);
}

describe('A resync of hundreds', () => {
  it('reads all contacts by pages, not its learners by fifties', async () => {
    const run = await start({ kind: 'resync-learners' });
    await world.settle();
    expect(await runOf(run.id)).toMatchObject({
      state: 'finished',
      total: MANY,
      done: MANY,
      counts: { unchanged: MANY, failed: 0, skipped: 0 },
    });
    expect(reads()).toHaveLength(1);
  });

  it('finds what nobody told of, repairs it, and changes nothing the second time', async () => {
    const survivor = world.bookkeeper.createContact({ Name: 'P4 Paged, the other one' });
    world.bookkeeper.editContact(contactOf(1), { EmailAddress: 'changed@books.example' });
    await forgetPush(2);
    await block(3);
    world.bookkeeper.mergeContacts(contactOf(4), survivor.id);
    world.bookkeeper.archiveContact(contactOf(5));
    world.emulator.control.log.clear();

    const run = await start({ kind: 'resync-learners' });
    await world.settle();
    expect(await runOf(run.id)).toMatchObject({
      state: 'finished',
      done: MANY,
      counts: { changed: 3, unchanged: MANY - 4, failed: 1 },
    });
    const { drift } = await world.owner.call(api.partyDrift, {
      params: { partyId: (await learnerOf(1)).id },
    });
    expect(drift?.fields).toMatchObject([{ field: 'email', state: 'open' }]);
    expect(world.bookkeeper.findContact(contactOf(2))?.firstName).toBe('P2');
    expect(await world.standingOf((await learnerOf(3)).id)).toMatchObject({ standing: 'in-step' });
    expect((await world.syncOf((await learnerOf(4)).id)).link).toMatchObject({
      contactId: survivor.id,
      standing: 'in-step',
    });
    expect(await outcomesOf(run.id)).toEqual([
      ['P5 Paged (R1005)', expect.stringContaining('archived')],
    ]);

    const again = await start({ kind: 'resync-learners' });
    await world.settle();
    expect((await runOf(again.id)).counts).toMatchObject({
      changed: 0,
      unchanged: MANY - 1,
      failed: 1,
    });
  });

  it('asks by id for a contact that no page holds any more', async () => {
    const gone = contactOf(6);
    world.bookkeeper.run(({ books }) => books.contacts.remove(gone));
    world.emulator.control.log.clear();
    const run = await start({ kind: 'resync-learners' });
    await world.settle();
    expect((await runOf(run.id)).counts).toMatchObject({ failed: 2, unchanged: MANY - 2 });
    expect(await outcomesOf(run.id)).toContainEqual([
      'P6 Paged (R1006)',
      'Xero no longer has the contact that this learner was linked to.',
    ]);
    expect(reads()).toHaveLength(2);
    expect(readsByIds()).toHaveLength(1);
  });
});

describe('While its contacts are read', () => {
  it('a run can be paused, shows how far it is, and goes on from there', async () => {
    await readSmallerPages();
    const run = await start({ kind: 'resync-learners' });
    const paused = during(READ, () => steer(run.id, 'pause'));
    await world.settle();
    await paused;
    const resting = await runOf(run.id);
    expect(resting.state).toBe('paused');
    expect(resting.done).toBeGreaterThan(200);
    expect(resting.done).toBeLessThan(MANY);
    expect(reads()).toHaveLength(1);
    await steer(run.id, 'resume');
    await world.settle();
    expect(await runOf(run.id)).toMatchObject({ state: 'finished', done: MANY });
    // The other page, and the one that is gone by its id.
    expect(reads()).toHaveLength(3);
  });

  it('a run can be cancelled, and says of each what became of them', async () => {
    await readSmallerPages();
    const run = await start({ kind: 'resync-everything' });
    const cancelled = during(READ, () => steer(run.id, 'cancel'));
    await world.settle();
    await cancelled;
    expect(await runOf(run.id)).toMatchObject({ state: 'cancelled', done: MANY });
    expect((await runOf(run.id)).counts.skipped).toBeGreaterThan(0);
  });

  it('a page that Xero fails at is asked for again, and nobody is counted twice', async () => {
    await readSmallerPages();
    const effect = { kind: 'status' as const, status: 500 };
    world.emulator.control.faults.add({ path: '/api.xro/2.0/Contacts', skip: 1, times: 1, effect });
    const run = await start({ kind: 'resync-learners' });
    await world.settle();
    expect((await runOf(run.id)).done).toBeLessThan(MANY);
    await world.pass(MINUTE_MS);
    expect(await runOf(run.id)).toMatchObject({ state: 'finished', done: MANY, total: MANY });
    expect(await outcomesOf(run.id)).toHaveLength(2);
  });
});

describe('A resync of a few', () => {
  const few = async () =>
    start({
      kind: 'resync-learners',
      learners: { ids: await Promise.all([10, 11, 12].map(async (n) => (await learnerOf(n)).id)) },
    });

  it('reads them by their ids', async () => {
    const run = await few();
    await world.settle();
    expect((await runOf(run.id)).counts).toMatchObject({ unchanged: 3 });
    expect(reads()).toHaveLength(1);
    expect(readsByIds()).toHaveLength(1);
  });

  it('follows a contact that was merged, and does not take it for gone', async () => {
    const survivor = world.bookkeeper.createContact({ Name: 'P11 Paged, the other one' });
    world.bookkeeper.mergeContacts(contactOf(11), survivor.id);
    const run = await few();
    await world.settle();
    expect(await runOf(run.id)).toMatchObject({ done: 3, counts: { failed: 0, skipped: 0 } });
    expect((await world.syncOf((await learnerOf(11)).id)).link).toMatchObject({
      contactId: survivor.id,
      standing: 'in-step',
    });
  });
});
