import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

/** With 30 lines of 4,000 letters each, more than an answer may have. */
const INVOICES = 300;
const LINES = 30;
const LETTERS = 4_000;

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

const sizesAsked = () =>
  world.emulator.control.log
    .calls('/Invoices')
    .map(({ path }) => new URLSearchParams(path.split('?')[1]).get('pageSize'));

it('reads an organisation of which a page of a thousand is too large, by smaller pages', async () => {
  const learner = await world.addLearner({ firstName: 'Long', lastName: 'Winded' });
  await world.settle();
  const contactId = world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '';
  const line = { description: 'x'.repeat(LETTERS), unitAmount: '1', taxType: 'EXEMPTOUTPUT' };
  const lines = Array.from({ length: LINES }, () => line);
  for (let made = 0; made < INVOICES; made += 1) {
    world.bookkeeper.createInvoice({ contactId, lines });
    world.clock.advance(2_000);
  }
  world.emulator.control.log.clear();
  await world.settle();
  await world.pass(MINUTE_MS);
  const { balances } = await world.documentsOf(learner.id);
  expect(balances[0]?.due.amountMinor).toBe(INVOICES * LINES * 100);
  expect(new Set(sizesAsked())).toEqual(new Set(['1000', '250']));

  world.bookkeeper.createInvoice({ contactId, lines });
  world.emulator.control.log.clear();
  await world.pass(DAY_MS / 2);
  expect(sizesAsked()).toContain('250');
  expect(sizesAsked()).not.toContain('1000');
  await world.pass(DAY_MS);
  expect(sizesAsked()).toContain('1000');
});
