import { afterEach, beforeEach, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { HOUR_MS } from '#platform/clock';
import { createMeanwhile } from '../world/meanwhile.ts';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

/** A learner who is in the books with an invoice and a credit note when they are first connected. */
const { during, holdsAnswer } = createMeanwhile();
let world: World;
let owner: SignedIn;
let learner: Learner;
beforeEach(async () => {
  world = await startWorld({ holdsAnswer });
  owner = await world.people.owner();
  const body = { firstName: 'Early', lastName: 'Bird', learnerNumber: 'L90001', syncToXero: true };
  learner = await owner.call(api.addLearner, { body });
  const { id: contactId } = world.bookkeeper.createContact({
    Name: 'Early Bird',
    ContactNumber: 'L90001',
  });
  const lines = (unitAmount: string) => [
    { description: 'Fee', unitAmount, taxType: 'EXEMPTOUTPUT' },
  ];
  world.bookkeeper.createInvoice({ contactId, lines: lines('300.00') });
  world.bookkeeper.credits.createNote({ contactId, lines: lines('100.00') });
  world.clock.advance(HOUR_MS);
});
afterEach(() => world.close());

async function statement() {
  const params = { learnerId: learner.id };
  const { statements } = await owner.call(api.learnerStatement, { params });
  return statements.map(({ readAt, closing }) => ({ isRead: readAt !== null, ...closing }));
}

test('in the midst of the first reading a statement says that Xero was not read to the end', async () => {
  let seen: unknown;
  const looked = during('GET /CreditNotes', async () => {
    seen = await statement();
  });
  await world.connectXero(owner);
  await world.settle();
  await looked;
  expect(seen).toEqual([{ isRead: false, amountMinor: 30_000, currency: 'AUD' }]);
  expect(await statement()).toEqual([{ isRead: true, amountMinor: 20_000, currency: 'AUD' }]);
});
