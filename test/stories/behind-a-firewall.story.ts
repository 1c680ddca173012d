import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#platform/clock';
import { documentsOf } from '../../emulator/accounting/books.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

/** No webhook ever arrives here: changes are found by looking, at the pace of decision 030. */
let world: ConnectedWorld;
let learner: Learner;
beforeAll(async () => {
  world = await startConnectedWorld();
  world.emulator.control.webhooks.switches.dropNext = Number.MAX_SAFE_INTEGER;
  learner = await world.addLearner({ firstName: 'Fire', lastName: 'Wall' });
  await world.settle();
});
afterAll(() => world.close());

const contactId = () => world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '';
const lines = (unitAmount: string) => [{ description: 'Fee', unitAmount, taxType: 'EXEMPTOUTPUT' }];
const calls = () =>
  world.emulator.control.log.calls('/api.xro/').map((call) => `${call.method} ${call.path}`);

/** In steps of the shortest wait that a quiet time knows, so that nothing is missed in between. */
async function passQuietHours(hours: number): Promise<void> {
  for (let step = 0; step < hours * 1.5; step += 1) await world.pass(40 * MINUTE_MS);
}

const duesOf = async () => {
  const { balances } = await world.documentsOf(learner.id);
  return balances.map((balance) => [balance.due.amountMinor, balance.credit.amountMinor]);
};

describe('behind a firewall', () => {
  it('an invoice and its payment are here within 40 minutes of a quiet time', async () => {
    await passQuietHours(8);
    const invoice = world.bookkeeper.createInvoice({ contactId: contactId(), lines: lines('100') });
    for (let step = 0; step < 4; step += 1) await world.pass(10 * MINUTE_MS);
    expect(await duesOf()).toEqual([[10_000, 0]]);
    // There is business now, so Xero is asked more often.
    world.bookkeeper.pay(invoice.id, '30');
    await world.pass(10 * MINUTE_MS);
    expect(await duesOf()).toEqual([[7_000, 0]]);
  });

  it('credit of every kind is here within hours, and what becomes of it', async () => {
    const { credits } = world.bookkeeper;
    credits.createNote({ contactId: contactId(), lines: lines('10') });
    credits.receiveOverpayment({ contactId: contactId(), amount: '5' });
    const paid = credits.receivePrepayment({ contactId: contactId(), amount: '1' });
    for (let hour = 0; hour < 7; hour += 1) await world.pass(HOUR_MS);
    expect(await duesOf()).toEqual([[7_000, 1_500 + paid.total]]);
    const invoice = world.bookkeeper.books.invoices.find('contact', contactId())[0];
    credits.allocate('prepayment', paid.id, invoice?.id ?? '', '1');
    for (let hour = 0; hour < 7; hour += 1) await world.pass(HOUR_MS);
    expect(await duesOf()).toEqual([[6_900, 1_400 + paid.total]]);
  });

  it.each(['creditNote', 'overpayment', 'prepayment'] as const)(
    'money paid back of a %s is found by its payment, whatever the credit says of itself',
    async (kind) => {
      const { credits, books } = world.bookkeeper;
      const credit = documentsOf(books, kind).find('contact', contactId())[0];
      if (!credit) throw new Error('There is such credit');
      const [before] = await duesOf();
      credits.refund(kind, credit.id, '0.10');
      const { updatedAtMs } = credit;
      world.bookkeeper.run(({ books: own }) => {
        const refunded = documentsOf(own, kind).get(credit.id);
        if (refunded) documentsOf(own, kind).put({ ...refunded, updatedAtMs });
      });
      for (let half = 0; half < 4; half += 1) await world.pass(30 * MINUTE_MS);
      const [after] = await duesOf();
      expect((before?.[1] ?? 0) - (after?.[1] ?? 0)).toBe(10);
    },
  );

  it('Sync now reads at once', async () => {
    world.bookkeeper.createInvoice({ contactId: contactId(), lines: lines('9') });
    await world.settle();
    const before = await duesOf();
    await world.owner.call(api.syncLearnerNow, { params: { learnerId: learner.id } });
    await world.settle();
    expect((await duesOf())[0]?.[0]).toBe((before[0]?.[0] ?? 0) + 900);
  });

  it('an idle organisation costs fewer than 100 calls a day', async () => {
    await passQuietHours(4);
    world.emulator.control.log.clear();
    await passQuietHours(24);
    const spent = calls();
    expect(spent.length).toBeGreaterThan(40);
    expect(spent.length, countsOf(spent)).toBeLessThan(100);
  }, 180_000);

  it('what changes without a new date of change is found within a week', async () => {
    const { invoices } = world.bookkeeper.books;
    const invoice = invoices.find('contact', contactId())[0];
    if (!invoice) throw new Error('There is an invoice');
    world.bookkeeper.run(({ books }) => {
      books.invoices.put({ ...invoice, dueDay: '2026-12-24' });
    });
    for (let half = 0; half < 15; half += 1) await world.pass(DAY_MS / 2);
    await passQuietHours(4);
    const { items } = await world.documentsOf(learner.id);
    expect(items.map((paper) => paper.dueDate)).toContain('2026-12-24');
  });

  it('a webhook that arrives again is heeded at once', async () => {
    world.emulator.control.webhooks.switches.dropNext = 0;
    const before = await duesOf();
    world.clock.advance(HOUR_MS);
    world.bookkeeper.createInvoice({ contactId: contactId(), lines: lines('1') });
    await world.settle();
    expect((await duesOf())[0]?.[0]).toBe((before[0]?.[0] ?? 0) + 100);
  });
});

/** How often each address was asked, for the message of a failure. */
function countsOf(spent: readonly string[]): string {
  const counts = Map.groupBy(spent, (call) => call);
  return [...counts].map(([call, all]) => `${all.length} × ${call}`).join(', ');
}
