import pg from 'pg';
import { expect, it } from 'vitest';
import { HOUR_MS } from '#platform/clock';
import { ownScope } from '#platform/scope';
import { wakeLane } from '../../src/sync/lane/lane-store.ts';
import { PAPER_RESOURCES, readAnew } from '../../src/sync/pull/cursor-store.ts';
import { xeroOrgs } from '../world/connect-xero.ts';
import { startConnectedWorld } from '../world/connected.ts';

it('papers that are read anew are read from the oldest on, however far they had been read', async () => {
  const world = await startConnectedWorld();
  const database = new pg.Client({ connectionString: world.config.databaseUrl });
  await database.connect();
  try {
    const learner = await world.addLearner({ firstName: 'Ana', lastName: 'New' });
    await world.settle();
    const contactId = world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '';
    for (const unitAmount of ['10.00', '20.00']) {
      world.bookkeeper.createInvoice({ contactId, lines: [{ description: 'Fee', unitAmount }] });
      await world.pass(HOUR_MS);
    }
    expect((await world.documentsOf(learner.id)).items).toHaveLength(2);
    await database.query('delete from documents');

    const scope = ownScope(world.people.providerId);
    const { clock, context } = world;
    await context.database.asProvider(scope.providerId, async (tx) => {
      await readAnew(tx, scope, xeroOrgs.au, PAPER_RESOURCES, clock.now());
      await wakeLane(tx, scope.providerId, xeroOrgs.au, clock.now());
    });
    world.emulator.control.log.clear();
    await world.settle();
    expect((await world.documentsOf(learner.id)).items).toHaveLength(2);
    const { rows } = await database.query(
      `select rows_read from cursors where resource = 'invoices'`,
    );
    expect(rows).toEqual([{ rows_read: 2 }]);
  } finally {
    await database.end();
    await world.close();
  }
});
