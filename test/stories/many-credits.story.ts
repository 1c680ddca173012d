import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Learner } from '#contract/learners';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

const PEOPLE = 60;

let world: ConnectedWorld;
let people: Learner[];
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

const lines = [{ description: 'Discount', unitAmount: '1', taxType: 'EXEMPTOUTPUT' }];
const emailOf = (at: number) => `p${at}@early.example`;

async function creditNotesHere(): Promise<number> {
  let found = 0;
  for (const { id } of people) {
    const { items } = await world.documentsOf(id);
    found += items.filter(({ kind }) => kind === 'credit-note').length;
  }
  return found;
}

const notFound = () => world.emulator.control.log.calls().filter(({ status }) => status === 404);

describe('credit notes of very many learners at once, though Xero takes no long addresses', () => {
  it('come home when their contacts are linked', async () => {
    const { bookkeeper } = world;
    for (let at = 0; at < PEOPLE; at += 1) {
      const name = { FirstName: `P${at}`, LastName: 'Early' };
      const contact = { Name: `P${at} Early`, ...name, EmailAddress: emailOf(at) };
      const { id: contactId } = bookkeeper.createContact(contact);
      bookkeeper.credits.createNote({ contactId, lines });
    }
    await world.pass(DAY_MS);
    world.emulator.control.log.clear();
    people = await Promise.all(
      Array.from({ length: PEOPLE }, (_, at) =>
        world.addLearner({ firstName: `P${at}`, lastName: 'Early', email: emailOf(at) }),
      ),
    );
    await world.settle();
    await world.pass(HOUR_MS);
    expect(await creditNotesHere()).toBe(PEOPLE);
    expect(notFound()).toEqual([]);
  });

  it('come home within minutes when Xero tells of them', async () => {
    world.emulator.control.log.clear();
    for (const { learnerNumber } of people) {
      const contactId = world.bookkeeper.findContact(learnerNumber)?.id ?? '';
      world.bookkeeper.credits.createNote({ contactId, lines });
    }
    await world.settle();
    await world.pass(5 * MINUTE_MS);
    expect(await creditNotesHere()).toBe(2 * PEOPLE);
    expect(notFound()).toEqual([]);
  });
});
