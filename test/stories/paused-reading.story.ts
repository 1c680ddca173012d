import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { MINUTE_MS, SECOND_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

/** Credit notes on two pages: a page holds 1,000. */
const NOTES = [700, 400];

let world: ConnectedWorld;
let learner: Learner;
let contactId: string;
beforeAll(async () => {
  world = await startConnectedWorld();
  learner = await world.addLearner({ firstName: 'Many', lastName: 'Notes' });
  await world.settle();
  contactId = world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '';
  const lines = [{ description: 'Fee', unitAmount: '1.00', taxType: 'EXEMPTOUTPUT' }];
  world.bookkeeper.createInvoice({ contactId, lines });
  for (const count of NOTES) {
    for (let made = 0; made < count; made += 1) {
      world.bookkeeper.credits.createNote({ contactId, lines });
    }
    await world.pass(MINUTE_MS);
  }
  await world.pass(10 * MINUTE_MS);
}, 120_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.pass(2 * MINUTE_MS);
  world.emulator.control.log.clear();
});

/** The kinds of papers that were read of this contact, call by call. */
const readings = () =>
  world.emulator.control.log
    .calls(contactId)
    .filter(({ path, status }) => !path.includes('/Contacts') && status === 200)
    .map(({ path }) => path.split(/[/?]/)[3]);

/** Xero has had enough for 50 seconds, at the second page of credit notes. */
function beBusyInTheMiddle(): void {
  const headers = { 'retry-after': '50', 'x-rate-limit-problem': 'minute' };
  const effect = { kind: 'status' as const, status: 429, headers };
  world.emulator.control.faults.add({
    path: '/api.xro/2.0/CreditNotes',
    skip: 1,
    times: 1,
    effect,
  });
}

const syncNow = () => world.owner.call(api.syncLearnerNow, { params: { learnerId: learner.id } });
const isReading = async () => (await world.syncOf(learner.id)).link?.isReading;

describe('a reading of a learner’s papers that Xero makes pause', () => {
  it('goes on where it was: nothing is read twice', async () => {
    await syncNow();
    beBusyInTheMiddle();
    await world.settle();
    const before = readings();
    expect(before).toEqual(['Invoices', 'CreditNotes']);
    await world.pass(51 * SECOND_MS);
    expect(readings().slice(before.length)).toEqual(['CreditNotes', 'Prepayments', 'Overpayments']);
    expect(await isReading()).toBe(false);
  });

  it('begins anew for whoever asks meanwhile, once it has ended', async () => {
    await syncNow();
    beBusyInTheMiddle();
    await world.settle();
    await syncNow();
    await world.settle();
    const before = readings();
    await world.pass(51 * SECOND_MS);
    expect(readings().slice(before.length)).toEqual([
      ...['CreditNotes', 'Prepayments', 'Overpayments'],
      ...['Invoices', 'CreditNotes', 'CreditNotes', 'Prepayments', 'Overpayments'],
    ]);
  });
});
