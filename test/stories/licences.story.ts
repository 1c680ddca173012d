import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { api } from '#contract/api';
import { HOUR_MS } from '#platform/clock';
import { typeCommand } from '../world/command-line.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

async function licence(verb: 'grant' | 'withdraw', of = world) {
  const provider = ['--provider', of.people.providerId];
  const typed = await typeCommand(of, 'licence', verb, '--product', 'xero', ...provider);
  expect(typed).toMatchObject({ code: 0, err: '' });
}

test('the Xero licence is in every package by itself, and anyone may read since when', async () => {
  const staff = await world.people.staff();
  const { lines } = await staff.call(api.getPackage);
  const xero = lines.find(({ product }) => product === 'xero');
  expect(xero).toMatchObject({ name: 'Xero connection', isIncluded: true, withdrawnAt: null });
  const at = xero?.grantedAt?.slice(0, 10);
  const typed = await typeCommand(world, 'licence', 'list', '--provider', 'Harbour Training');
  expect(typed.out).toContain(`Xero connection (xero): included since ${at}`);
});

test('a withdrawn licence greys the app with its cause, and Connect is refused on the server', async () => {
  const owner = await world.people.owner();
  await licence('withdraw');
  await licence('withdraw');
  const { apps } = await owner.call(api.listApps);
  const at = world.clock.now().toISOString();
  expect(apps.find(({ key }) => key === 'xero')).toMatchObject({
    barrier: 'not-licensed',
    licence: { withdrawnAt: at },
  });
  const { lines } = await owner.call(api.getPackage);
  expect(lines).toContainEqual(expect.objectContaining({ isIncluded: false, withdrawnAt: at }));
  const refusal = await owner.refusal(api.beginConsent, { body: { app: 'xero' } });
  expect(refusal).toMatchObject({ code: 'connection.not-licensed', status: 403, remedy: 'ask' });
  await licence('grant');
  expect((await owner.call(api.listApps)).apps[0]).toMatchObject({ barrier: null });
});

test('the catalogue says what an app does, what it asks for and why, its price and who allows it', async () => {
  const { apps } = await (await world.people.staff()).call(api.listApps);
  const xero = apps.find(({ key }) => key === 'xero');
  expect(xero?.about.length).toBeGreaterThan(1);
  expect(xero?.price).toMatch(/every package/);
  expect(xero?.whoAllows).toMatch(/Standard, Adviser and Subscriber/);
  const begun = await (await world.people.owner()).call(api.beginConsent, {
    body: { app: 'xero' },
  });
  const asked = new URL(begun.authorizeUrl ?? '').searchParams.get('scope')?.split(' ');
  expect(xero?.scopes.map(({ scope }) => scope)).toEqual(asked);
});

test('a connected provider whose licence is withdrawn keeps everything; nothing flows until it is back', async () => {
  const other = await startConnectedWorld();
  try {
    const mia = await other.addLearner({ firstName: 'Mia', lastName: 'Wong' });
    await other.settle();
    const nameInXero = () => other.bookkeeper.findContact(mia.learnerNumber)?.name;
    expect(nameInXero()).toBe('Mia Wong');

    await licence('withdraw', other);
    await other.edit(mia, { firstName: 'Maia' });
    await other.pass(2 * HOUR_MS);
    expect(nameInXero()).toBe('Mia Wong');
    const { apps } = await other.owner.call(api.listApps);
    expect(apps[0]).toMatchObject({ barrier: 'not-licensed', connections: [{ state: 'active' }] });

    await licence('grant', other);
    await other.settle();
    expect(nameInXero()).toBe('Maia Wong');
  } finally {
    await other.close();
  }
});

test.each([
  ['the licence is withdrawn', (other: ConnectedWorld) => licence('withdraw', other)],
  [
    'the provider closes',
    async ({ owner }: ConnectedWorld) => {
      await (await owner.fetch('/api/v1/provider/export', { method: 'POST' })).arrayBuffer();
      await owner.call(api.closeProvider, { body: { name: 'Harbour Training' } });
    },
  ],
])('no further call is made to Xero when %s in the middle of reading', async (_, end) => {
  const other = await startConnectedWorld();
  try {
    const { faults, log } = other.emulator.control;
    const path = '/api.xro/2.0/*';
    faults.add({ path, times: 1, effect: { kind: 'delay', ms: 1_500, when: 'after' } });
    log.clear();
    other.clock.advance(9 * HOUR_MS);
    const settled = other.settle();
    await vi.waitUntil(() => faults.list()[0]?.fired === 1, { timeout: 10_000 });
    await end(other);
    await settled;
    expect(log.calls('/api.xro/').length).toBe(1);
  } finally {
    await other.close();
  }
});
