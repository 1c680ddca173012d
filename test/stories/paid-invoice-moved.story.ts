import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Learner } from '#contract/learners';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { owedBy } from '../world/old-papers.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

const contactOf = (learner: Learner) =>
  world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '';
const numbersOf = async ({ id }: Learner) =>
  (await world.documentsOf(id)).items.map(({ number, reference }) => `${number} ${reference}`);

/** Neither learner owes anything for it, so nobody would ask: the wrong name alone is wrong. */
test('an invoice that was paid and then given to another learner is theirs, at the latest in a week', async () => {
  const [wrong, right] = [
    await world.addLearner({ firstName: 'Wrong', lastName: 'Name' }),
    await world.addLearner({ firstName: 'Right', lastName: 'Name' }),
  ];
  await world.settle();
  const lines = [{ description: 'Fee', unitAmount: '100.00', taxType: 'EXEMPTOUTPUT' }];
  const { id, number } = world.bookkeeper.createInvoice({ contactId: contactOf(wrong), lines });
  world.bookkeeper.pay(id, '100.00');
  await world.settle();
  await world.pass(HOUR_MS);
  expect(await numbersOf(wrong)).toHaveLength(1);
  world.clock.advance(MINUTE_MS);
  const { updatedAtMs } = world.bookkeeper.invoice(id);
  world.emulator.control.webhooks.switches.dropNext = 1;
  const moved = world.bookkeeper.editInvoice(id, {
    Contact: { ContactID: contactOf(right) },
    Reference: 'Moved',
  });
  expect(moved).toMatchObject({ status: 'PAID', updatedAtMs });
  await world.settle();
  world.clock.advance(7 * DAY_MS);
  await world.pass(HOUR_MS);
  expect([await numbersOf(wrong), await numbersOf(right)]).toEqual([[], [`${number} Moved`]]);
  expect([await owedBy(world, wrong), await owedBy(world, right)]).toEqual([0, 0]);
});
