import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

/** Somebody approves the safe ones alone, and has forgotten those who are nobody in Xero. */
let world: World;
let owner: SignedIn;
const learners = new Map<string, Learner>();

beforeAll(async () => {
  world = await startWorld();
  owner = await world.people.owner();
  for (const [firstName, lastName] of [
    ['Safe', 'Harbour'],
    ['Only', 'Name'],
    ['New', 'Comer'],
    ['Fresh', 'Face'],
  ] as const) {
    const email = `${firstName.toLowerCase()}@example.com`;
    const body = { firstName, lastName, email, syncToXero: true };
    learners.set(firstName, await owner.call(api.addLearner, { body }));
  }
  world.bookkeeper.createContact({ Name: 'Safe Harbour', EmailAddress: 'safe@example.com' });
  world.bookkeeper.createContact({ Name: 'Only Name' });
  const { connectionId } = await world.connectXero(owner, { leavesMatchesOpen: true });
  await world.settle();
  const params = { connectionId: connectionId ?? ('' as never) };
  await owner.call(api.acceptProposals, { params, body: { group: 'safe', accepted: true } });
  const { version } = await owner.call(api.getMatching, { params });
  await owner.call(api.approveMatching, { params, body: { version } });
  await world.settle();
}, 60_000);
afterAll(() => world.close());

const standingOf = async (name: string) => {
  const learnerId = learners.get(name)?.id ?? ('' as never);
  return (await owner.call(api.learnerSync, { params: { learnerId } })).link?.standing;
};
const undecided = async () => {
  const { problems } = await owner.call(api.syncInbox);
  return problems.find(({ code }) => code === 'contact.undecided');
};
const contacts = () => world.bookkeeper.books.contacts.all().length;

it('whoever was not accepted waits, and nobody is made', async () => {
  expect(await standingOf('Safe')).toBe('in-step');
  expect((await undecided())?.count).toBe(3);
  expect(contacts()).toBe(2);
});

it('matched again, whoever has nobody like them becomes a contact, and the doubtful wait on', async () => {
  const body = { key: 'contact.undecided' };
  expect(await owner.call(api.retryProblem, { body })).toEqual({ tried: 3 });
  await world.settle();
  expect(await standingOf('New')).toBe('in-step');
  expect(await standingOf('Fresh')).toBe('in-step');
  expect(await standingOf('Only')).toBe('undecided');
  expect(await undecided()).toMatchObject({
    count: 1,
    entries: [{ reasons: ['In Xero the contact “Only Name” may be this learner: same name.'] }],
  });
  expect(contacts()).toBe(4);
});

it('once more makes nobody twice', async () => {
  await owner.call(api.retryProblem, { body: { key: 'contact.undecided' } });
  await world.settle();
  expect(await standingOf('Only')).toBe('undecided');
  expect(contacts()).toBe(4);
});
