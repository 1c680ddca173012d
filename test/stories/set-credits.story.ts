import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { HOUR_MS, MINUTE_MS } from '#platform/clock';
import type { CreditKind } from '../../emulator/control/credit-desk.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
  // As the README sets them up: credit has no webhooks of its own.
  const { webhooks } = world.emulator.control;
  const { url, key } = webhooks.subscription() ?? { url: '', key: '' };
  webhooks.configure(url, { key, categories: ['CONTACT', 'INVOICE'] });
});
afterAll(() => world.close());
beforeEach(() => world.emulator.control.faults.clear());

const aud = (amountMinor: number) => ({ amountMinor, currency: 'AUD' });
const lines = (unitAmount: string) => [{ description: 'Fee', unitAmount, taxType: 'EXEMPTOUTPUT' }];
/** Longer than between two sweeps of any kind; the next ones are an hour away at least. */
const swept = () => world.pass(9 * HOUR_MS);
const later = () => world.clock.advance(MINUTE_MS);
const credits = () => world.bookkeeper.credits;

const KINDS: [CreditKind, string][] = [
  ['creditNote', '/CreditNotes'],
  ['prepayment', '/Prepayments'],
  ['overpayment', '/Overpayments'],
];

function give(kind: CreditKind, contactId: string, amount: string) {
  if (kind === 'creditNote') return credits().createNote({ contactId, lines: lines(amount) });
  if (kind === 'overpayment') return credits().receiveOverpayment({ contactId, amount });
  return credits().receivePrepayment({ contactId, amount });
}

/** Somebody who owes an invoice of 100.00 and has a credit, both of which are here. */
async function withCredit(kind: CreditKind, lastName: string) {
  const learner = await world.addLearner({ firstName: 'Set', lastName });
  await world.settle();
  const contactId = world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '';
  const invoice = world.bookkeeper.createInvoice({ contactId, lines: lines('100.00') });
  const credit = give(kind, contactId, '50.00');
  await swept();
  world.emulator.control.log.clear();
  return { learner, contactId, invoice, credit };
}

async function accountOf(learner: Learner) {
  const params = { learnerId: learner.id };
  const { statements } = await world.owner.call(api.learnerStatement, { params });
  const [account] = statements;
  return { closing: account?.closing, due: account?.due, credit: account?.credit };
}

const calls = (path: string) => world.emulator.control.log.calls(path).length;

describe.each(KINDS)('a %s that is set against an invoice', (kind, path) => {
  it('is used up as soon as the invoice is heard of, and free again when it is taken back', async () => {
    const { learner, invoice, credit } = await withCredit(kind, `Against ${kind}`);
    const left = credit.total - 5_000;
    expect(await accountOf(learner)).toEqual({
      closing: aud(10_000 - credit.total),
      due: aud(10_000),
      credit: aud(credit.total),
    });
    const set = credits().allocate(kind, credit.id, invoice.id, '50.00');
    await world.settle();
    expect(await accountOf(learner)).toEqual({
      closing: aud(5_000 - left),
      due: aud(5_000),
      credit: aud(left),
    });

    later();
    credits().unallocate(set.id);
    await world.settle();
    expect(await accountOf(learner)).toEqual({
      closing: aud(10_000 - credit.total),
      due: aud(10_000),
      credit: aud(credit.total),
    });
    expect(calls(path)).toBe(2);
  });
});

it('a credit takes the place of another one of the same amount', async () => {
  const { learner, contactId, invoice, credit } = await withCredit('overpayment', 'Instead');
  const set = credits().allocate('overpayment', credit.id, invoice.id, '30.00');
  const note = give('creditNote', contactId, '30.00');
  await swept();
  const left = async () => {
    const { items } = await world.documentsOf(learner.id);
    return Object.fromEntries(items.map((paper) => [paper.kind, paper.remaining]));
  };
  expect(await left()).toMatchObject({ overpayment: aud(2_000), 'credit-note': aud(3_000) });
  credits().unallocate(set.id);
  credits().allocate('creditNote', note.id, invoice.id, '30.00');
  await world.settle();
  expect(await left()).toMatchObject({ overpayment: aud(5_000), 'credit-note': aud(0) });
});

it('a credit that is made and set against an invoice at once comes with the invoice', async () => {
  const { learner, contactId, invoice } = await withCredit('overpayment', 'At Once');
  const note = give('creditNote', contactId, '20.00');
  credits().allocate('creditNote', note.id, invoice.id, '20.00');
  await world.settle();
  const { items } = await world.documentsOf(learner.id);
  expect(items.map((paper) => paper.number)).toContain(note.number);
});

it('costs no call where the credit says the same', async () => {
  const { learner, invoice, credit } = await withCredit('overpayment', 'Agreed');
  credits().allocate('overpayment', credit.id, invoice.id, '20.00');
  await world.settle();
  world.emulator.control.log.clear();
  later();
  world.bookkeeper.pay(invoice.id, '5.00');
  await world.settle();
  expect((await accountOf(learner)).due).toEqual(aud(7_500));
  expect(calls('/Overpayments')).toBe(0);
});

it('a credit that goes on to say something else is asked about once a change', async () => {
  const { learner, invoice, credit } = await withCredit('overpayment', 'Differs');
  const { faults } = world.emulator.control;
  faults.add({
    path: '/api.xro/2.0/Overpayments*',
    effect: { kind: 'status', status: 200, body: '{"Overpayments":[]}' },
  });
  credits().allocate('overpayment', credit.id, invoice.id, '20.00');
  await world.settle();
  expect(calls('/Overpayments')).toBe(1);
  await world.pass(30 * MINUTE_MS);
  await world.pass(15 * MINUTE_MS);
  expect(calls('/Overpayments')).toBe(1);
  world.bookkeeper.pay(invoice.id, '5.00');
  await world.settle();
  expect(calls('/Overpayments')).toBe(2);
  faults.clear();
  await swept();
  expect(await accountOf(learner)).toMatchObject({ due: aud(7_500), credit: aud(3_000) });
});

it('papers of a contact that is linked later bring their credits without being asked twice', async () => {
  const contact = world.bookkeeper.createContact({
    Name: 'Set Before',
    FirstName: 'Set',
    LastName: 'Before',
    ContactNumber: 'SET-BEFORE',
  });
  const invoice = world.bookkeeper.createInvoice({ contactId: contact.id, lines: lines('100') });
  const credit = give('overpayment', contact.id, '50.00');
  credits().allocate('overpayment', credit.id, invoice.id, '50.00');
  await swept();
  world.emulator.control.log.clear();
  const learner = await world.addLearner({
    firstName: 'Set',
    lastName: 'Before',
    learnerNumber: 'SET-BEFORE',
  });
  await world.settle();
  expect(await accountOf(learner)).toMatchObject({ due: aud(5_000), credit: aud(0) });
  expect(calls('/Overpayments')).toBe(1);
});
