import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { api } from '#contract/api';
import { EXPORT_PATH } from '#contract/closing';
import type { Connection } from '#contract/connections';
import { HOUR_MS } from '#platform/clock';
import { restoreBackup, takeBackup } from '../world/backup.ts';
import { typeCommand } from '../world/command-line.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;

beforeEach(async () => {
  world = await startConnectedWorld();
});
afterEach(() => world.close());

const folder = () => join(world.config.dataDir, 'grants');
const copies = () => readdir(folder());

async function connection(): Promise<Connection> {
  const [xero] = (await world.owner.call(api.listApps)).apps;
  const [first] = xero?.connections ?? [];
  if (!first) throw new Error('Nothing was ever connected');
  return first;
}

/** A day in which Xero turns the permission over again and again, and a learner gets an invoice. */
async function liveOn(): Promise<void> {
  for (let hours = 0; hours < 24; hours += 6) await world.pass(6 * HOUR_MS);
}

test('Yesterday’s database comes back: the connection goes on by itself and nobody is asked', async () => {
  const learner = await world.addLearner({ firstName: 'Mia', lastName: 'Tran' });
  await world.settle();
  await takeBackup(world);
  await liveOn();
  const [contact] = world.bookkeeper.books.contacts.all();
  if (!contact) throw new Error('The learner is not at Xero');
  const lines = [{ description: 'Fee', unitAmount: 100 }];
  world.bookkeeper.createInvoice({ contactId: contact.id, lines });
  await world.settle();
  world.mailbox.empty();

  await restoreBackup(world);
  await world.pass(HOUR_MS);
  expect(await connection()).toMatchObject({ state: 'active', trouble: null });
  expect((await world.documentsOf(learner.id)).items).toHaveLength(1);
  await world.pass(6 * HOUR_MS);
  expect(await connection()).toMatchObject({ state: 'active', trouble: null });
  expect(world.mailbox.to(world.owner.email)).toEqual([]);
});

test('Whoever waited for Xero in the old database is met there, and not sent once more', async () => {
  const learner = await world.addLearner({ firstName: 'Mia', lastName: 'Tran' });
  await takeBackup(world);
  await liveOn();
  const { log } = world.emulator.control;
  const contacts = () => world.bookkeeper.books.contacts.all();
  expect(contacts()).toHaveLength(1);
  await restoreBackup(world);
  log.clear();
  await world.pass(HOUR_MS);
  expect(await world.standingOf(learner.id)).toMatchObject({ standing: 'in-step' });
  expect(contacts()).toHaveLength(1);
  expect(log.calls('/api.xro/2.0/Contacts').map(({ method }) => method)).toEqual(['GET']);
});

test('Without what the machine kept, somebody connects again', async () => {
  await takeBackup(world);
  await liveOn();
  await rm(folder(), { recursive: true });
  await restoreBackup(world);
  await world.pass(HOUR_MS);
  expect((await connection()).state).toBe('needs-consent');
  await world.connectXero(world.owner);
  expect((await connection()).state).toBe('active');
  expect(await copies()).toHaveLength(1);
});

test('What the machine keeps can be read by nobody without the keys', async () => {
  await liveOn();
  const [name = ''] = await copies();
  const { issuedAt, sealed, ...more } = JSON.parse(await readFile(join(folder(), name), 'utf8'));
  expect(more).toEqual({});
  expect(Date.parse(issuedAt)).toBeLessThanOrEqual(world.clock.now().getTime());
  expect(sealed).toMatch(/^v1\.test\.[\w-]+$/);
});

test('Disconnecting takes it away', async () => {
  expect(await copies()).toHaveLength(1);
  const { id: connectionId } = await connection();
  await world.owner.call(api.disconnect, { params: { connectionId } });
  await world.settle();
  expect(await copies()).toEqual([]);
});

test('Erasing a provider takes it away', async () => {
  await world.owner.fetch(EXPORT_PATH, { method: 'POST' });
  await world.owner.call(api.closeProvider, { body: { name: 'Harbour Training' } });
  expect(await copies()).toHaveLength(1);
  const args = ['--provider', 'Harbour Training', '--now'];
  expect(await typeCommand(world, 'provider', 'erase', ...args)).toMatchObject({ code: 0 });
  await world.settle();
  expect(await copies()).toEqual([]);
});
