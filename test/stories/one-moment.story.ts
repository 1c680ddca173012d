import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
let other: pg.Client;
let learner: Learner;
beforeAll(async () => {
  world = await startConnectedWorld();
  other = new pg.Client({ connectionString: world.config.databaseUrl });
  await other.connect();
  learner = await world.addLearner({ firstName: 'One', lastName: 'Moment' });
  await world.settle();
  const contactId = world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '';
  const lines = [{ description: 'Fee', unitAmount: '100.00', taxType: 'EXEMPTOUTPUT' }];
  world.bookkeeper.createInvoice({ contactId, lines });
  world.bookkeeper.credits.receiveOverpayment({ contactId, amount: '50.00' });
  await world.settle();
});
afterAll(async () => {
  await other.end();
  await world.close();
});

const aud = (amountMinor: number) => ({ amountMinor, currency: 'AUD' });
const SET_AGAINST = `
  insert into allocations (provider_id, xero_org_id, document_id, position, xero_id,
    invoice_xero_id, currency, amount_minor)
  select credit.provider_id, credit.xero_org_id, credit.id, 0, 'set', invoice.xero_id, 'AUD', 1000
  from documents credit join documents invoice using (party_id)
  where credit.kind = 'overpayment' and invoice.kind = 'invoice';
  update documents set credited_minor = credited_minor + 1000,
    due_minor = greatest(due_minor - 1000, 0), remaining_minor = greatest(remaining_minor - 1000, 0)
  where kind in ('invoice', 'overpayment')`;
const TAKE_BACK = `
  delete from allocations;
  update documents set credited_minor = 0, due_minor = case kind when 'invoice' then 10000 else 0 end,
    remaining_minor = case kind when 'invoice' then 0 else 5000 end`;

/** Lets a reading begin, which comes to a table only once something was changed and committed. */
async function changedMeanwhile<Answer>(
  table: 'payments' | 'allocations',
  read: () => Promise<Answer>,
): Promise<Answer> {
  await other.query(`begin; lock table ${table} in access exclusive mode`);
  const answer = read();
  await expect.poll(() => isAwaited(table), { timeout: 20_000 }).toBe(true);
  await other.query(`${SET_AGAINST}; commit`);
  try {
    return await answer;
  } finally {
    await other.query(TAKE_BACK);
  }
}

async function isAwaited(table: string): Promise<boolean> {
  const { rows } = await other.query(
    `select 1 from pg_locks where not granted and relation = $1::regclass
      and database = (select oid from pg_database where datname = current_database())`,
    [table],
  );
  return rows.length > 0;
}

describe('while a credit is just being set against an invoice', () => {
  const params = () => ({ learnerId: learner.id });

  it('a statement is of one moment, before or after', async () => {
    const { statements } = await changedMeanwhile('allocations', () =>
      world.owner.call(api.learnerStatement, { params: params() }),
    );
    expect(statements).toMatchObject([
      { closing: aud(5_000), due: aud(10_000), credit: aud(5_000) },
    ]);
    expect(statements[0]?.lines).toHaveLength(2);
  });

  it('so is the same as CSV', async () => {
    const read = () => world.owner.call(api.learnerStatementCsv, { params: params() });
    const before = await read();
    expect(await changedMeanwhile('allocations', read)).toEqual(before);
  });

  it('a list of papers adds up to the balance beside it', async () => {
    const { items, balances } = await changedMeanwhile('payments', () =>
      world.documentsOf(learner.id),
    );
    const due = items.reduce((sum, paper) => sum + paper.due.amountMinor, 0);
    expect(balances).toMatchObject([{ due: aud(due) }]);
    expect(items.flatMap((paper) => paper.allocations)).toEqual([]);
  });

  it('a list of everybody’s papers shows what stands on each of one moment', async () => {
    const { items } = await changedMeanwhile('allocations', () =>
      world.owner.call(api.listDocuments, { query: { limit: 50 } }),
    );
    expect(items.map((paper) => paper.credited)).toEqual([aud(0), aud(0)]);
    expect(items.flatMap((paper) => paper.allocations)).toEqual([]);
  });
});
