import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { MINUTE_MS } from '#platform/clock';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

/** Xero takes few filters where it has more than 100,000 rows of a kind; here from the first row on. */
let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
  world.emulator.control.switches.highVolumeRows = 0;
});
afterAll(() => world.close());

const lines = [{ description: 'Fee', unitAmount: '50.00', taxType: 'EXEMPTOUTPUT' }];
const numbersOf = async ({ id }: Learner) =>
  (await world.documentsOf(id)).items.map(({ number }) => number);
const contactOf = async ({ id }: Learner) => (await world.syncOf(id)).link?.contactId ?? '';
const add = (lastName: string) => world.addLearner({ firstName: 'Vol', lastName });

describe('in an organisation with very many contacts and papers', () => {
  test('learners are found by their numbers after a lost answer, none twice', async () => {
    const { faults } = world.emulator.control;
    const effect = { kind: 'reset', when: 'after' } as const;
    faults.add({ path: '/api.xro/2.0/Contacts*', method: 'PUT', times: 1, effect });
    const learners = [await add('One'), await add('Two'), await add('Three')];
    await world.settle();
    await world.pass(MINUTE_MS);
    for (const { id, learnerNumber } of learners) {
      expect(await world.standingOf(id)).toMatchObject({ standing: 'in-step' });
      const { contacts } = world.bookkeeper.books;
      expect(contacts.find('number', learnerNumber.toLowerCase())).toHaveLength(1);
    }
  });

  test('credit notes that Xero tells of come home, and are found by their number', async () => {
    const learner = await add('Credited');
    await world.settle();
    const contactId = await contactOf(learner);
    const notes = [1, 2].map(() => world.bookkeeper.credits.createNote({ contactId, lines }));
    await world.settle();
    const numbers = notes.map(({ number }) => number);
    expect((await numbersOf(learner)).sort()).toEqual(numbers);
    for (const number of numbers) {
      const { found } = await world.owner.call(api.findPaper, { body: { number } });
      expect(found).toMatchObject([{ fate: 'here', learnerId: learner.id }]);
    }
    const nothing = await world.owner.call(api.findPaper, { body: { number: 'CN-9999' } });
    expect(nothing.found).toMatchObject([{ fate: 'unknown' }]);
  });

  test('the papers of contacts that are linked later are read', async () => {
    const learners = [await add('Late'), await add('Later')];
    await world.settle();
    const kept: string[] = [];
    for (const { id: learnerId, lastName } of learners) {
      const { id: contactId } = world.bookkeeper.createContact({ Name: `Older ${lastName}` });
      kept.push(world.bookkeeper.credits.createNote({ contactId, lines }).number);
      // What Xero says of strangers is gathered for some minutes before it is read.
      await world.pass(11 * MINUTE_MS);
      const body = { xeroOrgId: xeroOrgs.au as never, contactId };
      await world.owner.call(api.relinkLearner, { params: { learnerId }, body });
    }
    await world.pass(MINUTE_MS);
    expect(await Promise.all(learners.map(numbersOf))).toEqual(kept.map((number) => [number]));
  });
});
