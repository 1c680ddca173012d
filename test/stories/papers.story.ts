import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { LearnerDocument } from '#contract/billing';
import type { Learner } from '#contract/learners';
import { HOUR_MS, MINUTE_MS } from '#platform/clock';
import { createBatchPayment } from '../../emulator/accounting/batch-payments.ts';
import type { CreditKind } from '../../emulator/control/credit-desk.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

const aud = (amountMinor: number) => ({ amountMinor, currency: 'AUD' });
const lines = (unitAmount: string) => [{ description: 'Fee', unitAmount, taxType: 'EXEMPTOUTPUT' }];

async function linked(firstName: string, lastName: string): Promise<[Learner, string]> {
  const learner = await world.addLearner({ firstName, lastName });
  await world.settle();
  return [learner, contactIdOf(learner)];
}

function contactIdOf(learner: Learner): string {
  const contact = world.bookkeeper.findContact(learner.learnerNumber);
  if (!contact) throw new Error(`Xero has no contact ${learner.learnerNumber}`);
  return contact.id;
}

async function papersOf(learner: Learner): Promise<Map<string, LearnerDocument>> {
  const { items } = await world.documentsOf(learner.id);
  return new Map(items.map((paper) => [paper.kind, paper]));
}

const statementOf = async (learner: Learner, query: { from?: string; to?: string } = {}) => {
  const params = { learnerId: learner.id };
  return world.owner.call(api.learnerStatement, { params, query });
};

/** The next act has a later date of change. */
const later = () => world.clock.advance(MINUTE_MS);

const KINDS: [CreditKind, LearnerDocument['kind']][] = [
  ['creditNote', 'credit-note'],
  ['prepayment', 'prepayment'],
  ['overpayment', 'overpayment'],
];

function makeCredit(kind: CreditKind, contactId: string, amount: string) {
  const { credits } = world.bookkeeper;
  if (kind === 'creditNote') return credits.createNote({ contactId, lines: lines(amount) });
  if (kind === 'overpayment') return credits.receiveOverpayment({ contactId, amount });
  // A prepayment has tax, which is added to what is received.
  return credits.receivePrepayment({ contactId, amount });
}

describe.each(KINDS)('a %s', (kind, ours) => {
  it('comes home, is set against an invoice, taken back, and paid out', async () => {
    const [learner, contactId] = await linked('Cre', `Dit${ours}`);
    const invoice = world.bookkeeper.createInvoice({ contactId, lines: lines('300') });
    const credit = makeCredit(kind, contactId, '100');
    const total = credit.total;
    await world.settle();
    let paper = (await papersOf(learner)).get(ours);
    expect(paper).toMatchObject({
      status: 'approved',
      total: aud(total),
      remaining: aud(total),
      due: aud(0),
      allocations: [],
      payments: [],
      isOverdue: false,
      hasOnlineView: false,
    });
    expect((await world.documentsOf(learner.id)).balances).toMatchObject([
      {
        invoiced: aud(30_000),
        paid: aud(0),
        credited: aud(0),
        due: aud(30_000),
        overdue: aud(0),
        credit: aud(total),
      },
    ]);

    later();
    const allocation = world.bookkeeper.credits.allocate(kind, credit.id, invoice.id, '60.05');
    await world.settle();
    let papers = await papersOf(learner);
    paper = papers.get(ours);
    expect(paper).toMatchObject({
      status: 'part-paid',
      credited: aud(6_005),
      remaining: aud(total - 6_005),
    });
    expect(paper?.allocations).toEqual([
      expect.objectContaining({
        amount: aud(6_005),
        creditKind: ours,
        creditId: paper?.id,
        invoiceId: papers.get('invoice')?.id,
        invoiceNumber: invoice.number,
      }),
    ]);
    expect(papers.get('invoice')).toMatchObject({
      status: 'part-paid',
      credited: aud(6_005),
      due: aud(23_995),
      allocations: paper?.allocations,
    });

    later();
    world.bookkeeper.credits.unallocate(allocation.id);
    await world.settle();
    papers = await papersOf(learner);
    expect(papers.get('invoice')).toMatchObject({ due: aud(30_000), allocations: [] });
    expect(papers.get(ours)).toMatchObject({ status: 'approved', allocations: [] });

    later();
    world.bookkeeper.credits.refund(kind, credit.id, (total / 100).toFixed(2));
    await world.settle();
    paper = (await papersOf(learner)).get(ours);
    expect(paper).toMatchObject({ status: 'paid', paid: aud(total), remaining: aud(0) });
    expect(paper?.payments).toEqual([expect.objectContaining({ amount: aud(total) })]);

    const { statements } = await statementOf(learner);
    expect(statements).toHaveLength(1);
    expect(statements[0]?.lines.map((line) => [line.kind, line.effect, line.balance])).toEqual([
      ['invoice', aud(30_000), aud(30_000)],
      [ours, aud(-total), aud(30_000 - total)],
      ['refund', aud(total), aud(30_000)],
    ]);
    expect(statements[0]).toMatchObject({
      opening: aud(0),
      closing: aud(30_000),
      due: aud(30_000),
      credit: aud(0),
    });
    const { items } = await world.owner.call(api.learnerHistory, {
      params: { learnerId: learner.id },
    });
    const words = ours.replace('-', ' ');
    const told = items.map((entry) => entry.summary.toLowerCase()).join('\n');
    expect(told).toContain(`${words} `);
    expect(told).not.toContain('an invoice without a number arrived');
  });
});

it('a voided credit note gives nothing, and stays on the statement as voided', async () => {
  const [learner, contactId] = await linked('Void', 'Note');
  const note = world.bookkeeper.credits.createNote({ contactId, lines: lines('20') });
  await world.settle();
  later();
  world.bookkeeper.credits.voidNote(note.id);
  await world.settle();
  const { balances } = await world.documentsOf(learner.id);
  expect((await papersOf(learner)).get('credit-note')).toMatchObject({
    status: 'voided',
    remaining: aud(0),
  });
  expect(balances).toEqual([]);
  const { statements } = await statementOf(learner);
  expect(statements[0]?.lines).toEqual([
    expect.objectContaining({ kind: 'void', amount: aud(2_000), effect: aud(0), balance: aud(0) }),
  ]);
});

it('a payment tells its batch, whether it is read before or after its invoice', async () => {
  const [learner, contactId] = await linked('Bat', 'Ched');
  const first = world.bookkeeper.createInvoice({ contactId, lines: lines('10') });
  const second = world.bookkeeper.createInvoice({ contactId, lines: lines('20') });
  await world.settle();
  later();
  const batchId = world.bookkeeper.run((act) => {
    const made = createBatchPayment(act, {
      Account: { Code: '090' },
      Payments: [
        { Invoice: { InvoiceID: first.id }, Amount: 10 },
        { Invoice: { InvoiceID: second.id }, Amount: 20 },
      ],
    });
    if (!made.ok) throw new Error(made.errors.join(' '));
    return String(made.wire.BatchPaymentID);
  });
  await world.settle();
  await world.pass(2 * HOUR_MS);
  const { items } = await world.documentsOf(learner.id);
  const batches = items.flatMap((paper) => paper.payments.map((payment) => payment.batchId));
  expect(batches).toEqual([batchId, batchId]);
});

it('papers made before the learner was linked come home with the link, of every kind', async () => {
  const contact = world.bookkeeper.createContact({
    Name: 'Ear Lier',
    FirstName: 'Ear',
    LastName: 'Lier',
    ContactNumber: 'EARLIER',
  });
  const invoice = world.bookkeeper.createInvoice({ contactId: contact.id, lines: lines('100') });
  for (const [kind] of KINDS) {
    const credit = makeCredit(kind, contact.id, '10');
    world.bookkeeper.credits.allocate(kind, credit.id, invoice.id, '5');
  }
  await world.settle();
  const learner = await world.addLearner({
    firstName: 'Ear',
    lastName: 'Lier',
    learnerNumber: 'EARLIER',
  });
  await world.settle();
  await world.pass(MINUTE_MS);
  const papers = await papersOf(learner);
  expect([...papers.keys()].sort()).toEqual([
    'credit-note',
    'invoice',
    'overpayment',
    'prepayment',
  ]);
  expect(papers.get('invoice')?.allocations.map((one) => one.amount)).toEqual([
    aud(500),
    aud(500),
    aud(500),
  ]);
});

it('a credit that moves with a merged contact goes to the learner of the one that is left', async () => {
  const [loser, loserId] = await linked('Mer', 'Ged');
  const note = world.bookkeeper.credits.createNote({ contactId: loserId, lines: lines('70') });
  await world.settle();
  const stranger = world.bookkeeper.createContact({ Name: 'Mer Ged Senior' });
  later();
  world.bookkeeper.mergeContacts(loserId, stranger.id);
  await world.settle();
  await world.pass(MINUTE_MS);
  const papers = await papersOf(loser);
  expect(papers.get('credit-note')).toMatchObject({ number: note.number, remaining: aud(7_000) });
});

describe('the statement', () => {
  it('closes with what is due in yen too, of which Xero keeps two decimals', async () => {
    const [learner, contactId] = await linked('Emi', 'Yen');
    world.bookkeeper.books.currencies.put({ id: 'JPY', description: 'Yen' });
    const yen = { contactId, currency: 'JPY', lines: lines('1000.50') };
    const half = world.bookkeeper.createInvoice(yen);
    world.bookkeeper.pay(half.id, '500.25');
    world.bookkeeper.createInvoice(yen);
    await world.settle();
    const { statements } = await statementOf(learner);
    const due = { amountMinor: 150_075, currency: 'JPY' };
    expect(statements).toMatchObject([{ closing: due, due }]);
    expect((await papersOf(learner)).get('invoice')?.total.amountMinor).toBe(100_050);
  });

  let learner: Learner;
  beforeAll(async () => {
    const [one, contactId] = await linked('State', 'Ment');
    learner = one;
    world.bookkeeper.createInvoice({
      contactId,
      number: '=cmd|calc',
      reference: '+Cert, "III"',
      date: '2026-01-10',
      dueDate: '2026-01-20',
      lines: lines('100'),
    });
    world.bookkeeper.pay('=cmd|calc', { amount: '40', date: '2026-02-01', reference: '@EFT' });
    world.bookkeeper.createInvoice({ contactId, date: '2026-02-15', lines: lines('50.50') });
    await world.settle();
  });

  it('of a time begins with what was owed before it', async () => {
    const { statements } = await statementOf(learner, { from: '2026-02-01', to: '2026-02-10' });
    expect(statements[0]).toMatchObject({
      opening: aud(10_000),
      closing: aud(6_000),
      due: aud(11_050),
    });
    expect(statements[0]?.lines).toHaveLength(1);
  });

  it('is a CSV file that no spreadsheet runs', async () => {
    const { fileName, text } = await world.owner.call(api.learnerStatementCsv, {
      params: { learnerId: learner.id },
    });
    expect(fileName).toMatch(/^statement-state-ment-2026-\d\d-\d\d\.csv$/);
    expect(text).toContain(`'=cmd|calc`);
    expect(text).toContain(`"'+Cert, ""III"""`);
    expect(text).toContain(`'@EFT`);
    expect(text).toContain('40.00,-40.00,60.00');
  });

  it('is not shown to staff, nor to the neighbours', async () => {
    const params = { learnerId: learner.id };
    const staff = await world.people.staff();
    for (const route of [api.learnerStatement, api.learnerStatementCsv]) {
      expect((await staff.refusal(route, { params })).code).toBe('permission.missing');
      const neighbour = await world.neighbours.owner();
      expect((await neighbour.refusal(route, { params })).code).toBe('request.not-found');
    }
  });
});

it('the provider’s list shows one kind at a time', async () => {
  const { items } = await world.owner.call(api.listDocuments, {
    query: { kind: 'overpayment', limit: 200 },
  });
  expect(items.length).toBeGreaterThan(0);
  expect(new Set(items.map((paper) => paper.kind))).toEqual(new Set(['overpayment']));
});

describe('payments of one day', () => {
  const AMOUNTS = [7, 1, 5, 3, 6, 2, 4];

  async function paidOneByOne(): Promise<Learner> {
    const [learner, contactId] = await linked('Ord', `Er${world.clock.now().getTime()}`);
    const { id } = world.bookkeeper.createInvoice({ contactId, lines: lines('100.00') });
    for (const amount of AMOUNTS) {
      world.bookkeeper.pay(id, amount);
      later();
      await world.settle();
    }
    return learner;
  }

  const paidOn = async (learner: Learner) =>
    ((await statementOf(learner)).statements[0]?.lines ?? [])
      .filter(({ kind }) => kind === 'payment')
      .map(({ amount }) => amount.amountMinor / 100);

  it('stand on the statement and the invoice in the order in which Xero lists them', async () => {
    const learner = await paidOneByOne();
    expect(await paidOn(learner)).toEqual(AMOUNTS);
    const invoice = (await papersOf(learner)).get('invoice');
    expect(invoice?.payments.map(({ amount }) => amount.amountMinor / 100)).toEqual(AMOUNTS);
  });

  it('are put in that order by an upgrade too, without asking Xero', async () => {
    const learner = await paidOneByOne();
    const sql = new pg.Client({ connectionString: world.config.databaseUrl });
    await sql.connect();
    await sql.query('update payments set position = 100 - position');
    await sql.query('update documents set shape = 1');
    await sql.end();
    expect(await paidOn(learner)).not.toEqual(AMOUNTS);
    world.emulator.control.log.clear();
    await world.settle();
    expect(await paidOn(learner)).toEqual(AMOUNTS);
    expect(world.emulator.control.log.calls('/api.xro')).toEqual([]);
  });
});
