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
    `In Xero the contact was merged into the one of Corner Store (${stays.workplaceNumber}). If they are one workplace, turn Sync to Xero off for this one.`,
  ]);
  await mergeInXero(idOf(stays), contactOf(person));
  expect(await reasonsOf(stays)).toEqual([
    `In Xero the contact was merged into the one of Nobody Merge (${person.learnerNumber}). If both are the same, turn Sync to Xero off for this one.`,
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

it.each([true, false])(
  'whoever has the contact now is named, merged on and parted again (with one of their own: %s)',
  async (hasOwn) => {
    const [goes, stays] = [await linked('Goes'), await linked('Stays')];
    const fields = { firstName: 'Last', lastName: 'Merge', syncToXero: hasOwn };
    const last = await world.addLearner(fields);
    await world.settle();
    await mergeInXero(contactOf(goes), contactOf(stays));
    const told = (name: string, { learnerNumber }: Learner) => [
      `In Xero the contact was merged into the one of ${name} Merge (${learnerNumber}). If they are one person, merge the two learners here, or turn Sync to Xero off for this one.`,
    ];
    const reasonsNow = async () => (await world.standingOf(goes.id))?.reasons;
    expect(await reasonsNow()).toEqual(told('Stays', stays));
    world.clock.advance(MINUTE_MS);
    await mergeLearners(world, last, stays);
    expect(await reasonsNow()).toEqual(told('Last', last));
    world.clock.advance(MINUTE_MS);
    await undoMerge(world, last);
    expect(await reasonsNow()).toEqual(told('Stays', stays));
    const params = { learnerId: goes.id };
    const { items } = await world.owner.call(api.learnerHistory, { params, query: {} });
    const merged = items.filter(({ summary }) => summary.includes('was merged into another one'));
    expect(merged.length).toBe(1);
    await world.edit(await learnerNow(world, goes), { syncToXero: false });
  },
);

it('a contact that is restored after its merge is its learner’s again, whom nobody has to ask about', async () => {
  const goes = await linked('Parted');
  const stays = await linked('Remaining');
  const contactId = contactOf(goes);
  await mergeInXero(contactId, contactOf(stays));
  expect((await world.standingOf(goes.id))?.standing).toBe('undecided');
  world.bookkeeper.restoreContact(contactId);
  await world.settle();
  await world.pass(HOUR_MS);
  expect(await world.standingOf(goes.id)).toMatchObject({ standing: 'in-step', reasons: [] });
  expect((await world.owner.call(api.syncInbox)).problems).toEqual([]);
  await world.edit(await learnerNow(world, goes), { lastName: 'Apart' });
  await world.settle();
  expect(world.bookkeeper.contact(contactId).name).toBe('Parted Apart');
  expect(world.bookkeeper.findContact(stays.learnerNumber)?.name).toBe('Remaining Merge');
});

it('a paper that comes to another contact of the same learner is no change of the paper', async () => {
  const [kept, merged] = [await linked('Kept'), await linked('Doubled')];
  const [from, into] = [contactOf(merged), contactOf(kept)];
  await raiseLongAgo(world, from, '30.00');
  await mergeLearners(world, kept, merged);
  await world.pass(HOUR_MS);
  const paperLines = async () => {
    const params = { learnerId: kept.id };
    const query = { topic: 'papers' as const };
    const { items } = await world.owner.call(api.learnerHistory, { params, query });
    return items.map(({ summary }) => summary);
  };
  const before = await paperLines();
  await mergeInXero(from, into);
  expect(await owedBy(world, kept)).toBe(3_000);
  expect(await paperLines()).toEqual(before);
});
