import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import type { SignedIn } from '../world/people.ts';

/** Nobody had Sync to Xero on when the organisation was connected, so there was nothing to review. */
let world: ConnectedWorld;
let owner: SignedIn;
beforeAll(async () => {
  world = await startConnectedWorld();
  owner = world.owner;
});
afterAll(() => world.close());

const contactNamed = (name: string) =>
  world.bookkeeper.books.contacts.all().find((one) => one.name === name) ?? raise(`No ${name}`);

function raise(message: string): never {
  throw new Error(message);
}

async function joins(firstName: string, lastName: string, email?: string): Promise<Learner> {
  const body = { firstName, lastName, syncToXero: true, ...(email ? { email } : {}) };
  const learner = await owner.call(api.addLearner, { body });
  await world.settle();
  return learner;
}
const link = async ({ id }: Learner) =>
  (await owner.call(api.learnerSync, { params: { learnerId: id } })).link;
const match = ({ id }: Learner) => owner.call(api.learnerMatch, { params: { learnerId: id } });

it('e-mail and name link by themselves, the name alone waits for a person, nobody means new', async () => {
  const strong = world.bookkeeper.createContact({
    Name: 'Late Strong',
    EmailAddress: 'late@example.com',
  });
  world.bookkeeper.createContact({ Name: 'Late Weak' });
  // Nobody is to be matched yet, so what Xero says of strangers is gathered for some minutes.
  await world.settle();
  await world.pass(6 * MINUTE_MS);
  expect(await link(await joins('Late', 'Strong', 'late@example.com'))).toMatchObject({
    standing: 'in-step',
    contactId: strong.id,
  });
  expect((await link(await joins('Late', 'Weak')))?.standing).toBe('undecided');
  expect((await link(await joins('Late', 'Nobody')))?.standing).toBe('in-step');
});

it('the picker names who could be meant; linking adopts that contact', async () => {
  const there = world.bookkeeper.createContact({ Name: 'Pick Me' });
  await world.pass(11 * MINUTE_MS);
  const learner = await joins('Pick', 'Me');
  const { open } = await match(learner);
  expect(open?.candidates.map((one) => one.contact.contactId)).toEqual([there.id]);
  const body = {
    xeroOrgId: open?.xeroOrgId ?? raise('Nothing is open'),
    decision: 'link' as const,
    contactId: there.id,
  };
  await owner.call(api.decideLearnerMatch, { params: { learnerId: learner.id }, body });
  await world.settle();
  expect(await link(learner)).toMatchObject({ standing: 'in-step', contactId: there.id });
  expect(contactNamed('Pick Me').number).toBe(learner.learnerNumber);
  const again = { params: { learnerId: learner.id }, body };
  const problem = await owner.refusal(api.decideLearnerMatch, again);
  expect(problem.code).toBe('matching.not-open');
});

it('or a new one is made, by the rule for names that are taken', async () => {
  const learner = await joins('Late', 'Weaker');
  expect((await link(learner))?.standing).toBe('in-step');
  world.bookkeeper.createContact({ Name: 'Not Me' });
  await world.pass(11 * MINUTE_MS);
  const other = await joins('Not', 'Me');
  const { open } = await match(other);
  const body = {
    xeroOrgId: open?.xeroOrgId ?? raise('Nothing is open'),
    decision: 'create' as const,
  };
  await owner.call(api.decideLearnerMatch, { params: { learnerId: other.id }, body });
  await world.settle();
  expect((await link(other))?.standing).toBe('in-step');
  expect(contactNamed(`Not Me (${other.learnerNumber})`).number).toBe(other.learnerNumber);
});
