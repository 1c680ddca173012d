import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import type { Workplace } from '#contract/workplaces';
import { HOUR_MS, MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { learnerNow, mergeLearners, undoMerge } from '../world/merging.ts';
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

it('a workplace whose contact was merged is told in the words of what it is', async () => {
  const bodies = ['Corner Shop', 'Corner Store'].map((name) => ({ name, syncToXero: true }));
  const [goes, stays] = await Promise.all(
    bodies.map((body) => world.owner.call(api.addWorkplace, { body })),
  );
  const person = await linked('Nobody');
  await world.pass(MINUTE_MS);
  if (!goes || !stays) throw new Error('Nothing was added');
  const idOf = ({ workplaceNumber }: Workplace) =>
    world.bookkeeper.findContact(workplaceNumber)?.id ?? '';
  const reasonsOf = async ({ id: workplaceId }: Workplace) => {
    const { link } = await world.owner.call(api.workplaceSync, { params: { workplaceId } });
    return link?.reasons;
  };
  await mergeInXero(idOf(goes), idOf(stays));
  expect(await reasonsOf(goes)).toEqual([
    `In Xero the contact was merged into the one of Corner Store (${stays.workplaceNumber}). If they are one workplace, turn Sync to Xero off for one of the two workplaces.`,
  ]);
  await mergeInXero(idOf(stays), contactOf(person));
  expect(await reasonsOf(stays)).toEqual([
    `In Xero the contact was merged into the one of Nobody Merge (${person.learnerNumber}). If both are the same, turn Sync to Xero off for one of the two.`,
  ]);
  for (const { id: workplaceId } of [goes, stays]) {
    const body = { syncToXero: false };
    await world.owner.call(api.setWorkplaceSync, { params: { workplaceId }, body });
  }
});

it('who are one person are merged here as well, whichever record stays, and can be parted', async () => {
  for (const staysHere of ['the one whose contact went', 'the other']) {
    const goes = await linked(`Goes ${staysHere}`);
    const stays = await linked(`Stays ${staysHere}`);
    const into = contactOf(stays);
    await mergeInXero(contactOf(goes), into);
    expect((await world.standingOf(goes.id))?.standing).toBe('undecided');
    const isGoing = staysHere === 'the one whose contact went';
    const [kept, merged] = isGoing ? [goes, stays] : [stays, goes];
    await mergeLearners(world, kept, merged);
    await world.pass(HOUR_MS);
    expect((await world.standingOf(kept.id))?.standing).toBe('in-step');
    expect((await world.syncOf(kept.id)).link?.contactId).toBe(into);
    expect((await world.owner.call(api.syncInbox)).problems).toEqual([]);
    await raiseLongAgo(world, into, '30.00');
    expect(await owedBy(world, kept)).toBe(3_000);
    await undoMerge(world, kept);
    await world.pass(HOUR_MS);
    expect((await world.syncOf(stays.id)).link?.contactId).toBe(into);
    expect(await owedBy(world, stays)).toBe(3_000);
    expect(await owedBy(world, goes)).toBe(0);
    await world.edit(await learnerNow(world, goes), { syncToXero: false });
  }
});
