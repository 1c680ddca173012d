import { afterAll, beforeAll, expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

/** New in Xero at the same time, by the bookkeeper: together more than an answer may have. */
const LARGE = 300;
const LETTERS = 120_000;
const LEARNERS = 25;

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld({ onXeroAnswer: () => undefined });
});
afterAll(() => world.close());

const callsFor = (part: string) =>
  world.emulator.control.log.calls('/Contacts').filter(({ path }) => path.includes(part)).length;

it('learners are sent although a page of what is new is too much after a lost answer', async () => {
  for (let made = 0; made < LARGE; made += 1) {
    const { contacts } = world.bookkeeper.books;
    const contact = contacts.get(world.bookkeeper.createContact({ Name: `Large ${made}` }).id);
    if (contact) contacts.put({ ...contact, taxNumber: 'x'.repeat(LETTERS) });
  }
  world.clock.advance(2 * SECOND_MS);
  world.emulator.control.faults.add({
    path: '/api.xro/2.0/Contacts',
    method: 'PUT',
    times: 1,
    effect: { kind: 'reset', when: 'after' },
  });
  const learners = [];
  for (let made = 0; made < LEARNERS; made += 1) {
    learners.push(await world.addLearner({ firstName: `Doubt${made}`, lastName: 'Many' }));
  }
  await world.settle();
  world.emulator.control.log.clear();
  await world.pass(6 * SECOND_MS);
  await world.pass(MINUTE_MS);
  for (const { id, learnerNumber } of learners) {
    const { link } = await world.syncOf(id);
    expect(link).toMatchObject({
      standing: 'in-step',
      contactId: world.bookkeeper.findContact(learnerNumber)?.id,
    });
  }
  expect(callsFor('DESC')).toBeLessThanOrEqual(3);
  expect(callsFor('where=')).toBe(0);
});
