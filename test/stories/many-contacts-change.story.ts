import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '#contract/api';
import { MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

/** More than are read one by one. */
const MANY = 120;

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
  for (let index = 0; index < MANY; index += 1) {
    await world.addLearner({ firstName: 'Many', lastName: `Learner ${index}` });
  }
  await world.settle();
  // Whatever our own writes leave in doubt is settled.
  await world.pass(15 * MINUTE_MS);
});
afterAll(() => world.close());

function learnersContacts() {
  return world.bookkeeper.books.contacts.all().filter(({ firstName }) => firstName === 'Many');
}

/** How often contacts were asked for while this was followed up. */
async function readsAfter(change: (contactId: string, index: number) => void): Promise<number> {
  const contacts = learnersContacts();
  expect(contacts).toHaveLength(MANY);
  // What changes within the second of a known change is not told apart from it.
  await world.pass(MINUTE_MS);
  world.emulator.control.log.clear();
  for (const [index, { id }] of contacts.entries()) change(id, index);
  await world.settle();
  const { log } = world.emulator.control;
  return log.calls('/api.xro/2.0/Contacts').filter(({ method }) => method === 'GET').length;
}

it('many contacts that change at once are read by one page, and each change arrives', async () => {
  const reads = await readsAfter((id, index) =>
    world.bookkeeper.editContact(id, { EmailAddress: `new${index}@example.com` }),
  );
  expect(reads).toBe(1);
  // Somebody is asked about each, since nobody has said who wins.
  expect((await world.owner.call(api.syncInboxCount)).open).toBe(MANY);
});

it('a few that change are read by their ids', async () => {
  const reads = await readsAfter((id, index) => {
    if (index < 3) world.bookkeeper.editContact(id, { EmailAddress: `again${index}@example.com` });
  });
  expect(reads).toBe(1);
  const [call] = world.emulator.control.log.calls('/api.xro/2.0/Contacts');
  expect(call?.path).toContain('IDs=');
});
