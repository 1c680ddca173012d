import { afterEach, beforeEach, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { HOUR_MS, MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

/** An app that is told of contacts and invoices alone, as somebody may set it up at Xero. */
let world: ConnectedWorld;
let learner: Learner;
beforeEach(async () => {
  world = await startConnectedWorld();
  const { configure } = world.emulator.control.webhooks;
  configure(`${world.url}/webhooks/xero`, { categories: ['CONTACT', 'INVOICE'] });
  learner = await world.addLearner({ firstName: 'Few', lastName: 'Words' });
  await world.settle();
});
afterEach(() => world.close());

const contactId = () => world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '';
const invoice = () =>
  world.bookkeeper.createInvoice({
    contactId: contactId(),
    lines: [{ description: 'Fee', unitAmount: '100', taxType: 'EXEMPTOUTPUT' }],
  });
const sweepsOf = (path: string) => world.emulator.control.log.calls(`/api.xro/2.0/${path}`).length;

async function creditOf(): Promise<number | undefined> {
  const { balances } = await world.documentsOf(learner.id);
  return balances[0]?.credit.amountMinor;
}

async function trouble(): Promise<string | null> {
  const { apps } = await world.owner.call(api.listApps);
  return apps.flatMap((app) => app.connections)[0]?.trouble?.code ?? null;
}

test('credit comes as soon as without any webhooks, however much is told of invoices', async () => {
  for (let hour = 0; hour < 24; hour += 1) {
    invoice();
    await world.pass(HOUR_MS);
  }
  const before = sweepsOf('Overpayments');
  for (let hour = 0; hour < 9 && sweepsOf('Overpayments') === before; hour += 1) {
    await world.pass(HOUR_MS);
  }
  world.bookkeeper.credits.receiveOverpayment({ contactId: contactId(), amount: '5' });
  for (let hour = 0; hour < 6; hour += 1) await world.pass(HOUR_MS);
  await world.pass(MINUTE_MS);
  expect(await creditOf()).toBe(500);
});

test('what nobody asked to be told of is no sign that webhooks are silent', async () => {
  world.emulator.control.switches.paymentEvents = false;
  const invoices = [invoice(), invoice(), invoice()];
  await world.pass(HOUR_MS);
  for (const { id } of invoices) {
    world.bookkeeper.credits.receiveOverpayment({ contactId: contactId(), amount: '5' });
    world.bookkeeper.pay(id, '40');
    await world.pass(HOUR_MS);
  }
  for (let hour = 0; hour < 9; hour += 1) await world.pass(HOUR_MS);
  const { balances } = await world.documentsOf(learner.id);
  expect(balances[0]).toMatchObject({
    due: { amountMinor: 18_000 },
    credit: { amountMinor: 1_500 },
  });
  expect(await trouble()).toBeNull();
});

test('a statement says that it was read before a credit note that is not in it yet', async () => {
  invoice();
  for (let hour = 0; hour < 4; hour += 1) await world.pass(HOUR_MS);
  world.bookkeeper.credits.createNote({
    contactId: contactId(),
    lines: [{ description: 'Fee', unitAmount: '40', taxType: 'EXEMPTOUTPUT' }],
  });
  const givenAt = world.clock.now();
  const params = { learnerId: learner.id };
  const read = async () => {
    const { statements } = await world.owner.call(api.learnerStatement, { params });
    const [one] = statements;
    return { owed: one?.closing.amountMinor, isSince: Date.parse(one?.readAt ?? '') > +givenAt };
  };
  const seen = [];
  for (let hour = 0; hour < 7; hour += 1) {
    await world.pass(HOUR_MS);
    seen.push(await read());
  }
  expect(seen).toContainEqual({ owed: 10_000, isSince: false });
  expect(seen).not.toContainEqual({ owed: 10_000, isSince: true });
  expect(seen.at(-1)).toEqual({ owed: 6_000, isSince: true });
});
