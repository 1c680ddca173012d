import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import { DAY_MS, MINUTE_MS } from '#platform/clock';
import { ownScope } from '#platform/scope';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { runsBy } from '../world/runs.ts';

/** What somebody does while Xero's next answer about created contacts is on its way. */
let meanwhile: (() => Promise<unknown>) | null = null;

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld({
    async onXeroAnswer({ method, path }) {
      if (!`${method} ${path}`.startsWith('PUT /Contacts')) return;
      const act = meanwhile;
      meanwhile = null;
      await act?.();
    },
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  // A fresh minute of Xero's limits for each story.
  await world.pass(2 * MINUTE_MS);
});

const { start, runOf, itemsOf, steer } = runsBy(() => world.owner);

/** People of one family name with Sync to Xero off, and a run that turns it on for them. */
async function turnOn(family: string, count: number) {
  const lines = Array.from({ length: count }, (_, n) => `P${n},${family},p${n}@${family}.example`);
  const content = Buffer.from(['First name,Last name,Email', ...lines].join('\n'));
  const scope = ownScope(world.people.providerId);
  await world.context.learners.importFromFiles(scope, [{ name: 'people.csv', content }]);
  return start({ kind: 'sync-on', learners: { filter: { search: family } } });
}

const contactsNamed = (family: string) =>
  world.bookkeeper.books.contacts.all().filter(({ name }) => name.endsWith(family)).length;

async function withSyncOn(family: string): Promise<number> {
  const query = { search: family, syncToXero: 'true' as const, limit: 200 };
  return (await world.owner.call(api.listLearners, { query })).items.length;
}

const CALLED_BACK = 'The run was cancelled before it came to Xero. Sync to Xero is off again.';

describe('A run that turned Sync to Xero on by mistake, and is cancelled', () => {
  it('leaves nobody to be sent the next morning where the calls of the day were used up', async () => {
    await spendTheDay();
    const run = await turnOn('Mistake', 120);
    await world.settle();
    expect(await runOf(run.id)).toMatchObject({ state: 'running', total: 120, done: 0 });
    expect(await withSyncOn('Mistake')).toBe(120);
    await steer(run.id, 'cancel');
    expect(await withSyncOn('Mistake')).toBe(0);
    expect(await runOf(run.id)).toMatchObject({
      state: 'cancelled',
      done: 120,
      counts: { skipped: 120, added: 0, changed: 0 },
    });
    const reasons = new Set((await itemsOf(run.id)).map((item) => item.reason));
    expect(reasons).toEqual(new Set([CALLED_BACK]));
    await world.pass(DAY_MS);
    await world.pass(DAY_MS);
    expect(contactsNamed('Mistake')).toBe(0);
    const after = await world.addLearner({ firstName: 'Nell', lastName: 'Morning' });
    await world.settle();
    expect((await world.standingOf(after.id))?.standing).toBe('in-step');
  });

  it('lets those go on who may be in Xero by then, and says so', async () => {
    const run = await turnOn('Underway', 60);
    meanwhile = () => steer(run.id, 'cancel');
    await world.settle();
    const sent = contactsNamed('Underway');
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(60);
    expect(await withSyncOn('Underway')).toBe(sent);
    expect((await runOf(run.id)).counts).toMatchObject({ changed: sent, skipped: 60 - sent });
    const reasons = (await itemsOf(run.id)).map((item) => item.reason);
    const why = 'On its way to Xero when the run was cancelled; it is sent all the same.';
    expect(reasons.filter((reason) => reason === why)).toHaveLength(sent);
    expect(reasons.filter((reason) => reason === CALLED_BACK)).toHaveLength(60 - sent);
    await world.pass(MINUTE_MS);
    expect(contactsNamed('Underway')).toBe(sent);
  });

  it('leaves on whoever had it on before, and whoever is in Xero', async () => {
    const had = await world.addLearner({ firstName: 'Hal', lastName: 'Before' });
    await world.settle();
    const run = await turnOn('Before', 2);
    await world.context.tick();
    await steer(run.id, 'cancel');
    await world.settle();
    expect((await runOf(run.id)).counts).toMatchObject({ unchanged: 1, skipped: 2 });
    expect(await withSyncOn('Before')).toBe(1);
    expect((await world.standingOf(had.id))?.standing).toBe('in-step');
    expect(contactsNamed('Before')).toBe(1);
  });

  it('is about workplaces in the same way', async () => {
    await world.owner.call(api.addWorkplace, { body: { name: 'Wrong Bakery' } });
    const run = await start({ kind: 'sync-on', workplaces: { filter: { search: 'wrong' } } });
    await world.context.tick();
    await steer(run.id, 'cancel');
    await world.settle();
    const { items } = await world.owner.call(api.listWorkplaces, { query: { search: 'wrong' } });
    expect(items).toMatchObject([{ syncToXero: false, standing: null }]);
    expect(contactsNamed('Bakery')).toBe(0);
  });
});

/** From now on Xero takes no call until the next day. */
async function spendTheDay(): Promise<void> {
  const { faults } = world.emulator.control;
  const headers = { 'retry-after': String(10 * 60 * 60), 'x-rate-limit-problem': 'day' };
  const effect = { kind: 'status' as const, status: 429, headers };
  faults.add({ path: '/api.xro/2.0/Contacts', times: 1, effect });
}
