import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Learner } from '#contract/learners';
import { HOUR_MS, MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { owedBy, raiseLongAgo } from '../world/old-papers.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

const contactOf = (learner: Learner) =>
  world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '';

async function linked(firstName: string): Promise<Learner> {
  const learner = await world.addLearner({ firstName, lastName: 'Merge' });
  await world.settle();
  return learner;
}

/** Merges in Xero, and lets whatever notices and sweeps tell of it be heard. */
async function mergeInXero(from: string, into: string): Promise<void> {
  world.clock.advance(MINUTE_MS);
  world.bookkeeper.mergeContacts(from, into);
  await world.settle();
  await world.pass(HOUR_MS);
}

/** Readings of the papers of one contact. */
const byContact = () =>
  world.emulator.control.log.calls('/api.xro').filter(({ path }) => /contactids?[%=]/i.test(path));

describe.each([false, true])('where Xero moves papers quietly: %s', (isQuiet) => {
  beforeAll(() => {
    world.emulator.control.switches.mergesMovePapersQuietly = isQuiet;
  });
  const named = (name: string) => `${name}${isQuiet ? ' Quiet' : ''}`;

  it('a merge into another learner’s contact brings that learner the papers', async () => {
    const goes = await linked(named('Goes'));
    const stays = await linked(named('Stays'));
    await raiseLongAgo(world, contactOf(goes), '40.00');
    expect(await owedBy(world, goes)).toBe(4_000);
    await mergeInXero(contactOf(goes), contactOf(stays));
    expect(await owedBy(world, stays)).toBe(4_000);
    expect(await owedBy(world, goes)).toBe(0);
  });

  it('a contact of nobody that is merged into a learner’s brings its papers along', async () => {
    const learner = await linked(named('Own'));
    const stranger = world.bookkeeper.createContact({ Name: named('Known In Xero Alone') });
    await raiseLongAgo(world, stranger.id, '70.00');
    expect(await owedBy(world, learner)).toBe(0);
    await mergeInXero(stranger.id, contactOf(learner));
    expect(await owedBy(world, learner)).toBe(7_000);
    if (isQuiet) expect(byContact()).not.toEqual([]);
    world.emulator.control.log.clear();
    await world.pass(9 * HOUR_MS);
    expect(byContact()).toEqual([]);
  });

  it('a merge of what was merged before brings the papers of both', async () => {
    const learner = await linked(named('Both'));
    const [first, second] = [named('First One'), named('Second One')].map((Name) =>
      world.bookkeeper.createContact({ Name }),
    );
    await raiseLongAgo(world, first?.id ?? '', '10.00');
    await raiseLongAgo(world, second?.id ?? '', '5.00');
    await mergeInXero(first?.id ?? '', second?.id ?? '');
    await mergeInXero(second?.id ?? '', contactOf(learner));
    expect(await owedBy(world, learner)).toBe(1_500);
  });
});
