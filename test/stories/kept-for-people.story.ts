import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Learner } from '#contract/learners';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
let database: pg.Client;
let known: Learner;
let edits = 0;
beforeAll(async () => {
  world = await startConnectedWorld();
  database = new pg.Client({ connectionString: world.config.databaseUrl });
  await database.connect();
  known = await world.addLearner({ firstName: 'Kim', lastName: 'Known' });
  await world.settle();
});
afterAll(async () => {
  await database.end();
  await world.close();
});
beforeEach(async () => {
  const { faults, limits } = world.emulator.control;
  faults.clear();
  limits.numbers.day = 5_000;
  await world.pass(2 * HOUR_MS);
  await world.pass(MINUTE_MS);
});

/** From now on no call of the day is left but those that are kept for people. */
async function spendTheDay(): Promise<void> {
  const { limits, log } = world.emulator.control;
  limits.clear();
  limits.numbers.day = 100;
  await database.query('update xero_budgets set day_left = 100, day_seen_at = $1', [
    world.clock.now(),
  ]);
  log.clear();
}
async function editByHand(): Promise<void> {
  edits += 1;
  known = await world.edit(known, { phoneMobile: `0400 000 ${100 + edits}` });
}
const calls = () => world.emulator.control.log.calls('/api.xro/');
const standing = async () => (await world.standingOf(known.id))?.standing;

it('people’s own edits go out although others are in doubt for whom no call is left', async () => {
  world.emulator.control.faults.add({
    path: '/api.xro/2.0/Contacts',
    method: 'PUT',
    times: 1,
    effect: { kind: 'reset', when: 'after' },
  });
  const learner = await world.addLearner({ firstName: 'Ina', lastName: 'Doubt' });
  await world.settle();
  // Nobody looks at the page of whom an answer got lost.
  await database.query('update contact_links set urgent = false where party_id = $1', [learner.id]);
  await spendTheDay();
  // Both are due at once, and later the others make the lane pause.
  world.clock.advance(10 * SECOND_MS);
  for (let time = 0; time < 3; time += 1) {
    await editByHand();
    await world.settle();
    expect(await standing()).toBe('in-step');
  }
  // Each was looked at and written; nothing else was asked.
  expect(calls()).toHaveLength(6);
  expect((await world.standingOf(learner.id))?.standing).toBe('waiting');
});

it('an edit that Xero refuses to read spends none of them while the lane pauses', async () => {
  await spendTheDay();
  await database.query('update cursors set next_at = $1', [world.clock.now()]);
  await world.pass(SECOND_MS);
  expect(calls()).toHaveLength(0);
  world.emulator.control.faults.add({
    path: '/api.xro/2.0/Contacts',
    method: 'GET',
    effect: { kind: 'status', status: 400 },
  });
  await editByHand();
  await world.settle();
  expect(calls()).toHaveLength(1);
  world.emulator.control.faults.clear();
  await world.pass(20 * SECOND_MS);
  expect(await standing()).toBe('in-step');
  expect(calls()).toHaveLength(3);
});
