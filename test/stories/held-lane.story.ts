import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId } from '#contract/ids';
import { ownScope } from '#platform/scope';
import { holdConnection } from '../../src/connections/connection-store.ts';
import { lockLaneIfFree, noteOnLane, takeLane } from '../../src/sync/lane/lane-store.ts';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

/** One transaction may hold the row of a lane for long, as an approval of thousands of matches. */
let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

async function whileHeld<T>(work: () => Promise<T>): Promise<T> {
  const { providerId } = world.people;
  return world.context.database.asProvider(providerId, async (tx) => {
    expect(await lockLaneIfFree(tx, providerId, xeroOrgs.au)).toBe(true);
    return work();
  });
}

async function inXero(firstName: string) {
  const learner = await world.addLearner({ firstName, lastName: 'Marsh' });
  await world.settle();
  const contactId = (await world.syncOf(learner.id)).link?.contactId ?? '';
  const contact = () => world.bookkeeper.books.contacts.get(contactId);
  return { learner, contactId, contact };
}

test('Xero is answered at once although the lane is held, and its paper comes home', async () => {
  const { learner, contactId } = await inXero('Nora');
  const invoice = {
    contactId,
    lines: [{ description: 'Tuition', quantity: 1, unitAmount: 80 }],
  };
  world.bookkeeper.createInvoice(invoice);
  // Xero gives up after five seconds, and counts what was not taken as not delivered.
  const taken = await whileHeld(() => world.emulator.control.webhooks.deliverDue());
  expect(taken).toBe(1);
  await world.settle();
  expect((await world.documentsOf(learner.id)).items).toHaveLength(1);
});

test('an edit is saved at once although the lane is held, and goes to Xero after', async () => {
  const { learner, contact } = await inXero('Owen');
  const edited = await whileHeld(() => world.edit(learner, { firstName: 'Owain' }));
  expect(edited.firstName).toBe('Owain');
  expect(contact()?.firstName).toBe('Owen');
  await world.settle();
  expect(contact()?.firstName).toBe('Owain');
  expect(await world.standingOf(learner.id)).toMatchObject({ standing: 'in-step' });
});

test('several edits that were made meanwhile are one, the last', async () => {
  const { learner, contact } = await inXero('Petra');
  await whileHeld(async () => {
    const once = await world.edit(learner, { firstName: 'Peta' });
    await world.edit(once, { firstName: 'Petula' });
  });
  await world.settle();
  expect(contact()?.firstName).toBe('Petula');
});

test('whoever is turned off after an edit that waits is not sent', async () => {
  const { learner, contact } = await inXero('Quinn');
  const edited = await whileHeld(() => world.edit(learner, { firstName: 'Quentin' }));
  await world.edit(edited, { syncToXero: false });
  await world.settle();
  expect(contact()?.firstName).toBe('Quinn');
  expect(await world.standingOf(learner.id)).toBeNull();
});

/** What Xero does to a run is noted by the connection and by the lane, each in its own order. */
test('a run notes what it did while somebody holds its connection', async () => {
  const { providerId } = world.people;
  const scope = ownScope(providerId);
  const { apps } = await world.owner.call(api.listApps);
  const id = apps.flatMap((app) => app.connections)[0]?.id as ConnectionId;
  const lease = { xeroOrgId: xeroOrgs.au, owner: randomUUID() };
  const noted = await world.context.database.asProvider(providerId, async (tx) => {
    await holdConnection(tx, scope, id);
    return world.context.database.asProvider(providerId, async (run) => {
      await sql`set local lock_timeout = '2s'`.execute(run);
      // Of a row that it has changed itself, the database looks after what that refers to.
      await takeLane(run, scope, lease, world.clock.now());
      await noteOnLane(run, scope, lease, { failures: 0 });
      return 'noted';
    });
  });
  expect(noted).toBe('noted');
});
