import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { HOUR_MS, MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

/** No webhook arrives here, so that what is not read by a sweep is not read. */
let world: ConnectedWorld;
let known: Learner;
beforeAll(async () => {
  world = await startConnectedWorld();
  world.emulator.control.webhooks.switches.dropNext = Number.MAX_SAFE_INTEGER;
  known = await world.addLearner({ firstName: 'Kim', lastName: 'Known' });
  await world.settle();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.emulator.control.faults.clear();
  for (let hour = 0; hour < 3; hour += 1) await world.pass(HOUR_MS);
  world.emulator.control.log.clear();
});

const CONTACTS = '/api.xro/2.0/Contacts*';
const fail = (path: string, method?: string) =>
  world.emulator.control.faults.add({
    path,
    ...(method ? { method } : {}),
    effect: { kind: 'status', status: 500 },
  });
async function pass(hours: number): Promise<void> {
  for (let step = 0; step < hours * 6; step += 1) await world.pass(10 * MINUTE_MS);
}
/** Of lanes: that the organisation can be reached is looked at beside them. */
const failed = () =>
  world.emulator.control.log
    .calls('/api.xro/')
    .filter(({ status, path }) => status === 500 && !path.includes('/Organisation'));
const standing = async (who: Learner) => (await world.standingOf(who.id))?.standing;
const papersOf = async (who: Learner) => (await world.documentsOf(who.id)).items.length;
const problems = async () => (await world.owner.call(api.syncInbox)).problems;
function invoiceFor(who: Learner): void {
  const contactId = world.bookkeeper.findContact(who.learnerNumber)?.id ?? '';
  const lines = [{ description: 'Fee', unitAmount: '10', taxType: 'EXEMPTOUTPUT' }];
  world.bookkeeper.createInvoice({ contactId, lines });
}

describe('what Xero fails at again and again', () => {
  it('lets everything else go on, is told, is tried ever more seldom, and goes out in the end', async () => {
    fail(CONTACTS);
    await world.edit(known, { email: 'kim@example.com' });
    await world.settle();
    const before = await papersOf(known);
    invoiceFor(known);
    await world.pass(10 * MINUTE_MS);
    expect(await problems()).toEqual([]);
    await pass(1);
    expect(await papersOf(known)).toBe(before + 1);
    await pass(8);
    // Of the push and of sweeps over contacts: not many an hour.
    expect(failed().length).toBeLessThan(40);
    expect(await problems()).toMatchObject([
      {
        code: 'lane.refused',
        entries: [{ reasons: expect.arrayContaining(['Sending learners and workplaces.']) }],
        xeroSays: ['Xero answered 500.'],
      },
    ]);
    world.emulator.control.faults.clear();
    await world.owner.call(api.retryProblem, { body: { key: 'lane.refused' } });
    await world.settle();
    expect(await standing(known)).toBe('in-step');
    expect(await problems()).toEqual([]);
  });

  it('of writing is looked up each time, and holds up nothing either', async () => {
    fail(CONTACTS, 'PUT');
    const learner = await world.addLearner({ firstName: 'Una', lastName: 'Written' });
    await world.settle();
    const before = await papersOf(known);
    invoiceFor(known);
    for (let second = 0; second < 60; second += 5) await world.pass(5_000);
    await pass(3);
    expect(await papersOf(known)).toBe(before + 1);
    expect(failed().length).toBeGreaterThan(3);
    expect(failed().length).toBeLessThan(20);
    world.emulator.control.faults.clear();
    await pass(2);
    expect(await standing(learner)).toBe('in-step');
  });

  it('is not told apart where Xero is down as a whole, which costs few calls', async () => {
    fail('/api.xro/*');
    const learner = await world.addLearner({ firstName: 'Ola', lastName: 'Outage' });
    await world.settle();
    invoiceFor(known);
    const before = await papersOf(known);
    await pass(12);
    expect(failed().length).toBeLessThan(25);
    expect((await problems()).map(({ code }) => code)).not.toContain('lane.refused');
    world.emulator.control.faults.clear();
    await pass(1.5);
    expect(await standing(learner)).toBe('in-step');
    expect(await papersOf(known)).toBe(before + 1);
    expect(await problems()).toEqual([]);
  });
});
