import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

test('after an upgrade that reads more out of papers, all are read again without asking Xero', async () => {
  const learner = await world.addLearner({ firstName: 'Ana', lastName: 'Lima' });
  await world.settle();
  const contactId = world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '';
  const lines = [{ description: 'Fee', unitAmount: '100.00', taxType: 'EXEMPTOUTPUT' }];
  const invoice = world.bookkeeper.createInvoice({ contactId, lines });
  world.bookkeeper.pay(invoice.id, '40.00');
  world.bookkeeper.credits.receiveOverpayment({ contactId, amount: '30.00' });
  await world.settle();
  const history = async () =>
    (await world.owner.call(api.learnerHistory, { params: { learnerId: learner.id } })).items;
  const before = await world.documentsOf(learner.id);
  const told = await history();
  expect(before.items).toHaveLength(2);

  // As an older Bursar would have left them: it made less of what Xero had sent.
  const database = new pg.Client({ connectionString: world.config.databaseUrl });
  await database.connect();
  await database.query(`update documents set shape = 0, content_hash = '\\x00', lines = '[]',
    reference = null, paid_minor = 0`);
  await database.query('delete from payments');
  world.emulator.control.log.clear();
  await world.settle();

  const strip = ({ items }: typeof before) => items.map(({ mirroredAt: _, ...paper }) => paper);
  const after = await world.documentsOf(learner.id);
  expect(strip(after)).toEqual(strip(before));
  expect(after.balances).toEqual(before.balances);
  expect(await history()).toEqual(told);
  expect(world.emulator.control.log.calls('/api.xro')).toEqual([]);
  const { rows } = await database.query(
    'select count(*)::int as old from documents where shape = 0',
  );
  expect(rows).toEqual([{ old: 0 }]);
  await database.end();
});
