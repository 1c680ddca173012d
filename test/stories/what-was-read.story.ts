import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Learner } from '#contract/learners';
import { HOUR_MS, SECOND_MS } from '#platform/clock';
import type { Tx } from '#platform/database';
import { ownScope, type Scope } from '#platform/scope';
import { wakeLane } from '../../src/sync/lane/lane-store.ts';
import { PAPER_RESOURCES, readAnew } from '../../src/sync/pull/cursor-store.ts';
import { storeNotices } from '../../src/sync/pull/notice-store.ts';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

/** More than are read again one by one. */
const MANY = 105;

let world: ConnectedWorld;
let database: pg.Client;
let scope: Scope;
let learner: Learner;
beforeAll(async () => {
  world = await startConnectedWorld();
  database = new pg.Client({ connectionString: world.config.databaseUrl });
  await database.connect();
  scope = ownScope(world.people.providerId);
  learner = await world.addLearner({ firstName: 'Ana', lastName: 'New' });
  await world.settle();
  const contactId = world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '';
  for (const unitAmount of ['10.00', '20.00']) {
    world.bookkeeper.createInvoice({ contactId, lines: [{ description: 'Fee', unitAmount }] });
    await world.pass(HOUR_MS);
  }
});
afterAll(async () => {
  await database.end();
  await world.close();
});

/** Does something to the lane, wakes it, and gives how often invoices were asked for. */
async function callsAfter(act: (tx: Tx) => Promise<void>): Promise<number> {
  const now = world.clock.now();
  await world.context.database.asProvider(scope.providerId, async (tx) => {
    await wakeLane(tx, scope.providerId, xeroOrgs.au, now);
    await act(tx);
  });
  world.emulator.control.log.clear();
  await world.settle();
  return world.emulator.control.log.calls('/Invoices').length;
}

describe('what was read', () => {
  it('is not asked for again because many notices of it come late', async () => {
    const contactId = world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '';
    const lines = [{ description: 'Fee', unitAmount: '5.00' }];
    for (let made = 0; made < MANY; made += 1) world.bookkeeper.createInvoice({ contactId, lines });
    await world.settle();
    const { rows } = await database.query<{ xero_id: string; changed_in_xero_at: Date }>(
      'select xero_id, changed_in_xero_at from documents order by changed_in_xero_at desc limit $1',
      [MANY],
    );
    const noticesOf = (papers: typeof rows) => {
      const notices = papers.map((paper) => ({
        kind: 'invoice' as const,
        resourceId: paper.xero_id,
        eventAt: paper.changed_in_xero_at,
      }));
      return (tx: Tx) =>
        storeNotices(tx, scope.providerId, xeroOrgs.au, notices, world.clock.now());
    };
    expect(rows).toHaveLength(MANY);
    expect(await callsAfter(noticesOf(rows))).toBe(0);
    // There may have been another change in the same second: a sweep looks soon.
    const next = await database.query<{ next_at: Date }>(
      `select next_at from cursors where resource = 'invoices'`,
    );
    const waitMs = (next.rows[0]?.next_at.getTime() ?? 0) - world.clock.now().getTime();
    expect(waitMs).toBeLessThanOrEqual(10 * 60 * SECOND_MS);
    // A few are read at once, whatever second they are of.
    expect(await callsAfter(noticesOf(rows.slice(0, 3)))).toBe(1);
  });

  it('is read from the oldest on when it is read anew, however far that had come', async () => {
    await database.query('delete from documents');
    const now = world.clock.now();
    await callsAfter((tx) => readAnew(tx, scope, xeroOrgs.au, PAPER_RESOURCES, now));
    const { rows: kept } = await database.query('select count(*)::int as count from documents');
    expect(kept).toEqual([{ count: MANY + 2 }]);
    const { rows } = await database.query(
      `select rows_read from cursors where resource = 'invoices'`,
    );
    expect(rows).toEqual([{ rows_read: MANY + 2 }]);
  });
});
