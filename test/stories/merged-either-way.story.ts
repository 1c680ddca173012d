import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner, NewLearner } from '#contract/learners';
import { HOUR_MS, MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { learnerNow } from '../world/merging.ts';

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
