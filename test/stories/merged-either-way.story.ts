import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner, NewLearner } from '#contract/learners';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#platform/clock';
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

async function linked(firstName: string, fields: Partial<NewLearner> = {}): Promise<Learner> {
  const learner = await world.addLearner({ firstName, lastName: 'Merge', ...fields });
  await world.settle();
  return learner;
}

/** Problems of contacts that were merged. */
const mergedOnes = async () =>
  (await world.owner.call(api.syncInbox)).problems.filter(({ code }) => code === 'contact.merged');

/** Merges in Xero, and lets whatever notices and sweeps tell of it be heard. */
async function mergeInXero(from: string, into: string): Promise<void> {
  world.clock.advance(MINUTE_MS);
  world.bookkeeper.mergeContacts(from, into);
  await world.settle();
  await world.pass(HOUR_MS);
}

describe('A learner’s contact that the bookkeeper merges into another one', () => {
  async function intoPaula(learner: Learner) {
    const paula = world.bookkeeper.createContact({
      Name: `Paula Payer of ${learner.firstName}`,
      FirstName: 'Paula',
      LastName: 'Payer',
      EmailAddress: 'paula@payer.example',
      Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '0400 777 777' }],
    });
    await mergeInXero(contactOf(learner), paula.id);
    return paula;
  }
  const driftOf = async ({ id: partyId }: Learner) =>
    (await world.owner.call(api.partyDrift, { params: { partyId } })).drift?.fields ?? [];

  it('keeps what the one that is left says, gets what it lacks, and somebody is asked', async () => {
    const learner = await linked('Mer', {
      email: 'mer@learner.example',
      phoneMobile: '0400 111 111',
      phoneHome: '07 1111 1111',
    });
    const paula = await intoPaula(learner);
    expect(world.bookkeeper.contact(paula.id)).toMatchObject({
      name: 'Paula Payer of Mer',
      firstName: 'Paula',
      lastName: 'Payer',
      email: 'paula@payer.example',
      phones: { MOBILE: { number: '0400 777 777' }, DEFAULT: { number: '07 1111 1111' } },
    });
    expect((await world.syncOf(learner.id)).link).toMatchObject({
      standing: 'in-step',
      contactId: paula.id,
    });
    const open = (await driftOf(learner)).filter(({ state }) => state === 'open');
    const names = ['email', 'firstName', 'lastName', 'mobile', 'name'];
    expect(open.map(({ field }) => field).sort()).toEqual(names);
  });

  it('is sent what is edited afterwards, as far as Xero still says what was agreed', async () => {
    const learner = await linked('Later', { email: 'later@learner.example' });
    const paula = await intoPaula(learner);
    const now = await learnerNow(world, learner);
    await world.edit(now, { email: 'newer@learner.example', phoneWork: '07 2222 2222' });
    await world.settle();
    expect(world.bookkeeper.contact(paula.id)).toMatchObject({
      email: 'paula@payer.example',
      phones: { DDI: { number: '07 2222 2222' } },
    });
  });
});

describe('Two learners who are one, merged here before their contacts are merged in Xero', () => {
  it('go on with the contact that is left, whichever that is, and come apart again', async () => {
    const kept = await linked('Kept');
    const other = await linked('Other');
    const left = contactOf(other);
    await mergeLearners(world, kept, other);
    await mergeInXero(contactOf(kept), left);
    expect((await world.syncOf(kept.id)).link).toMatchObject({
      standing: 'in-step',
      contactId: left,
    });
    expect(await mergedOnes()).toEqual([]);
    await world.edit(await learnerNow(world, kept), { phoneMobile: '0400 333 333' });
    await raiseLongAgo(world, left, '30.00');
    expect(world.bookkeeper.contact(left).phones.MOBILE?.number).toBe('0400 333 333');
    expect(await owedBy(world, kept)).toBe(3_000);
    await undoMerge(world, kept);
    await world.pass(HOUR_MS);
    expect((await world.syncOf(other.id)).link?.contactId).toBe(left);
    expect(await owedBy(world, other)).toBe(3_000);
    expect(await owedBy(world, kept)).toBe(0);
    await world.edit(await learnerNow(world, kept), { syncToXero: false });
  });
});

it('Whose contact was merged into another learner’s is told what ends it, and that does', async () => {
  const goes = await linked('Goes');
  const stays = await linked('Stays');
  await mergeInXero(contactOf(goes), contactOf(stays));
  const { learnerNumber } = stays;
  expect((await world.standingOf(goes.id))?.reasons).toEqual([
    `In Xero the contact was merged into the one of Stays Merge (${learnerNumber}). If they are one person, merge the two learners here, or turn Sync to Xero off for this one.`,
  ]);
  await world.edit(await learnerNow(world, goes), { syncToXero: false });
  await world.pass(DAY_MS);
  expect(await mergedOnes()).toEqual([]);
  expect((await world.standingOf(stays.id))?.standing).toBe('in-step');
});
