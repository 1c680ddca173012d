import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

/** Xero lets one call through between two pauses, and there is always something more urgent. */
let world: ConnectedWorld;
let learner: Learner;
beforeAll(async () => {
  world = await startConnectedWorld();
  learner = await world.addLearner({ firstName: 'Pat', lastName: 'Ience' });
  await world.settle();
  await world.pass(15 * MINUTE_MS);
});
afterAll(() => world.close());

const ROUNDS = 15;
const lines = [{ description: 'Fee', unitAmount: '10.00', taxType: 'EXEMPTOUTPUT' }];

/** The minute is used up after so many calls, for a few seconds. */
function letPass(skip: number): void {
  const headers = { 'retry-after': '5', 'x-rate-limit-problem': 'minute' };
  const effect = { kind: 'status', status: 429, headers } as const;
  const { faults } = world.emulator.control;
  faults.clear();
  faults.add({ path: '/api.xro/*', skip, times: 1, effect });
}

/** An invoice of which Xero tells while the lane pauses, so that it comes before all else. */
async function raiseInvoice(): Promise<void> {
  const contactId = world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '';
  world.bookkeeper.createInvoice({ contactId, lines });
  await world.settle();
}

it('a resync gets its turn all the same', async () => {
  letPass(0);
  await raiseInvoice();
  const body = { kind: 'resync-learners', learners: { filter: {} } } as const;
  const { runs } = await world.owner.call(api.startSyncRun, { body });
  const params = { runId: runs[0]?.id ?? '' };
  const stateNow = async () => (await world.owner.call(api.getSyncRun, { params })).state;
  let rounds = 0;
  for (; rounds < ROUNDS && (await stateNow()) !== 'finished'; rounds += 1) {
    await raiseInvoice();
    letPass(1);
    await world.pass(6_000);
  }
  expect(await stateNow()).toBe('finished');
  expect(rounds).toBeGreaterThan(1);
});
