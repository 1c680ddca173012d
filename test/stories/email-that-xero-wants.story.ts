import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { learnerNow } from '../world/merging.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

async function addLearner(firstName: string): Promise<Learner> {
  const email = `${firstName.toLowerCase()}@people.example`;
  const learner = await world.addLearner({ firstName, lastName: 'Mail', email });
  await world.settle();
  return learner;
}

async function change(learner: Learner, fields: object): Promise<void> {
  await world.edit(await learnerNow(world, learner), fields);
  await world.settle();
}

async function tryAgain({ id }: Learner): Promise<void> {
  await world.owner.call(api.syncLearnerNow, { params: { learnerId: id } });
  await world.settle();
}

const contactOf = ({ learnerNumber }: Learner) => {
  const contact = world.bookkeeper.findContact(learnerNumber);
  if (!contact) throw new Error(`No contact of ${learnerNumber}`);
  return contact;
};

it('an address that is taken away while further people stand on the contact is asked for, not blamed', async () => {
  const learner = await addLearner('Ana');
  world.bookkeeper.editContact(contactOf(learner).id, {
    ContactPersons: [{ FirstName: 'Pat', LastName: 'Parent', EmailAddress: 'pat@people.example' }],
  });
  await world.settle();
  await change(learner, { email: null, phoneMobile: '0400 000 001' });
  const refused = await world.standingOf(learner.id);
  expect(refused?.standing).toBe('blocked');
  expect(refused?.reasons[0]).toBe(
    'Xero takes no contact without an e-mail address while further people stand on it. Give Ana Mail an e-mail address here, or remove the further people from the contact in Xero, then try again.',
  );
  await change(learner, { email: 'ana.mail@people.example' });
  expect(await world.standingOf(learner.id)).toEqual({ standing: 'in-step', reasons: [] });
  expect(contactOf(learner)).toMatchObject({ email: 'ana.mail@people.example' });
  expect(contactOf(learner).phones.MOBILE?.number).toBe('0400 000 001');
});

it('an address that stands in Xero and is none is not blamed on the learner’s own', async () => {
  const learner = await addLearner('Ben');
  const { id } = contactOf(learner);
  world.bookkeeper.leaveUnchecked(id, { email: 'ben at home' });
  await world.settle();
  await change(learner, { phoneMobile: '0400 000 002' });
  const refused = await world.standingOf(learner.id);
  expect(refused).toMatchObject({ standing: 'blocked' });
  expect(refused?.reasons[0]).toBe(
    'Xero takes no change of this contact while the e-mail address “ben at home” stands there. Correct or clear it on the contact in Xero, then try again.',
  );
  world.bookkeeper.leaveUnchecked(id, { email: 'ben@people.example' });
  await world.settle();
  await tryAgain(learner);
  expect(await world.standingOf(learner.id)).toEqual({ standing: 'in-step', reasons: [] });
  expect(contactOf(learner).phones.MOBILE?.number).toBe('0400 000 002');
});

it('a website that Xero objects to is named with its way out', async () => {
  const learner = await addLearner('Cai');
  const { id } = contactOf(learner);
  world.bookkeeper.leaveUnchecked(id, { website: 'see below' });
  await change(learner, { phoneMobile: '0400 000 003' });
  const refused = await world.standingOf(learner.id);
  expect(refused?.reasons[0]).toContain('while its Website stands as it does');
  world.bookkeeper.leaveUnchecked(id, { website: '' });
  await world.settle();
  await tryAgain(learner);
  expect(await world.standingOf(learner.id)).toEqual({ standing: 'in-step', reasons: [] });
});
