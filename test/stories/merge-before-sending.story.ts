import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Learner } from '#contract/learners';
import { MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { learnerNow, mergeLearners, undoMerge } from '../world/merging.ts';
import { owedBy } from '../world/old-papers.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

const owed = (learner: Learner) => owedBy(world, learner);

describe('two learners of whom nobody goes to Xero when they are merged', () => {
  const named = (lastName: string) =>
    world.bookkeeper.books.contacts.all().filter(({ name }) => name.includes(lastName));
  const turnOn = async (learner: Learner) => {
    await world.edit(await learnerNow(world, learner), { syncToXero: true });
    await world.settle();
    await world.pass(11 * MINUTE_MS);
  };

  it('keep the one contact that is there, whenever Sync is turned on', async () => {
    const merged = await world.addLearner({ firstName: 'Una', lastName: 'Resting' });
    await world.settle();
    world.bookkeeper.createInvoice({
      contactId: world.bookkeeper.findContact(merged.learnerNumber)?.id ?? '',
      lines: [{ description: 'Fee', unitAmount: '15.00', taxType: 'EXEMPTOUTPUT' }],
    });
    await world.edit(await learnerNow(world, merged), { syncToXero: false });
    await world.settle();
    const kept = await world.addLearner({
      firstName: 'Una',
      lastName: 'Resting',
      syncToXero: false,
    });
    await mergeLearners(world, kept, merged);
    expect(await owed(kept)).toBe(1_500);
    await turnOn(kept);
    expect(named('Resting')).toMatchObject([{ number: kept.learnerNumber }]);
    expect(await world.standingOf(kept.id)).toEqual({ standing: 'in-step', reasons: [] });
    await undoMerge(world, kept);
    expect([await owed(kept), await owed(merged)]).toEqual([0, 1_500]);
  });

  it('make one contact when both were about to be sent', async () => {
    const headers = { 'retry-after': '50', 'x-rate-limit-problem': 'minute' };
    const effect = { kind: 'status' as const, status: 429, headers };
    world.emulator.control.faults.add({ path: '/api.xro/2.0/*', times: 1, effect });
    const kept = await world.addLearner({ firstName: 'Udo', lastName: 'Waiting' });
    const merged = await world.addLearner({ firstName: 'Ugo', lastName: 'Waiting' });
    await world.settle();
    expect(named('Waiting')).toEqual([]);
    await mergeLearners(world, kept, merged);
    await world.pass(11 * MINUTE_MS);
    expect(named('Waiting')).toMatchObject([{ number: kept.learnerNumber }]);
  });

  it('make one contact when that of the other is just being created', async () => {
    world.emulator.control.faults.add({
      path: '/api.xro/2.0/Contacts',
      method: 'PUT',
      times: 1,
      effect: { kind: 'reset', when: 'after' },
    });
    const merged = await world.addLearner({ firstName: 'Uli', lastName: 'Doubtful' });
    await world.settle();
    const kept = await world.addLearner({
      firstName: 'Ulli',
      lastName: 'Doubtful',
      syncToXero: false,
    });
    await mergeLearners(world, kept, merged);
    await world.pass(11 * MINUTE_MS);
    expect(named('Doubtful')).toMatchObject([{ number: kept.learnerNumber }]);
  });

  /** Sent to Xero, which never got it: nobody knows until somebody has looked. */
  const neverMade = async (firstName: string, lastName: string) => {
    world.emulator.control.faults.add({
      path: '/api.xro/2.0/Contacts',
      method: 'PUT',
      times: 1,
      effect: { kind: 'reset', when: 'before' },
    });
    const learner = await world.addLearner({ firstName, lastName });
    await world.settle();
    return learner;
  };
  const contactIdOf = async (learner: Learner) => (await world.syncOf(learner.id)).link?.contactId;

  it('keep the one contact that is there when that of the one who stays was never made', async () => {
    const merged = await world.addLearner({ firstName: 'Uta', lastName: 'Unmade' });
    await world.settle();
    const contactId = await contactIdOf(merged);
    const kept = await neverMade('Utta', 'Unmade');
    await mergeLearners(world, kept, merged);
    expect(await contactIdOf(kept)).toBeNull();
    await world.pass(11 * MINUTE_MS);
    expect(named('Unmade')).toMatchObject([{ id: contactId, number: kept.learnerNumber }]);
    expect(await world.standingOf(kept.id)).toEqual({ standing: 'in-step', reasons: [] });
    await undoMerge(world, kept);
    await world.pass(11 * MINUTE_MS);
    expect(await contactIdOf(merged)).toBe(contactId);
    expect(await contactIdOf(kept)).not.toBe(contactId);
  });

  it('keep it through merges of merges too, which come apart step by step', async () => {
    const first = await world.addLearner({ firstName: 'Ute', lastName: 'Chained' });
    await world.settle();
    const contactId = await contactIdOf(first);
    const second = await neverMade('Utte', 'Chained');
    const third = await world.addLearner({ firstName: 'Utteh', lastName: 'Chained' });
    await mergeLearners(world, second, first);
    await mergeLearners(world, third, second);
    await world.pass(11 * MINUTE_MS);
    expect(named('Chained')).toMatchObject([{ id: contactId, number: third.learnerNumber }]);
    await undoMerge(world, third);
    await world.pass(11 * MINUTE_MS);
    expect(await contactIdOf(second)).toBe(contactId);
    await undoMerge(world, second);
    await world.pass(11 * MINUTE_MS);
    expect(await contactIdOf(first)).toBe(contactId);
    expect(named('Chained')).toHaveLength(3);
  });
});
