import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import type { MatchProposal } from '#contract/matching';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

/**
 * Kim has a contact by name and phone. The mother's has Kim's e-mail, family name and phone: more in
 * common by number, and yet somebody else.
 */
let world: World;
let owner: SignedIn;
let connectionId: ConnectionId;
let kim: Learner;
let ownId: string;

beforeAll(async () => {
  world = await startWorld();
  owner = await world.people.owner();
  const phone = '0412 000 001';
  const body = { firstName: 'Kim', lastName: 'Lee', email: 'lee@example.com', phoneMobile: phone };
  kim = await owner.call(api.addLearner, { body: { ...body, syncToXero: true } });
  const Phones = [{ PhoneType: 'MOBILE', PhoneNumber: phone }];
  ownId = world.bookkeeper.createContact({ Name: 'Kim Lee', Phones }).id;
  world.bookkeeper.createContact({ Name: 'Rose Lee', EmailAddress: 'lee@example.com', Phones });
  const landing = await world.connectXero(owner, { leavesMatchesOpen: true });
  if (!landing.connectionId) throw new Error('Nothing was connected');
  connectionId = landing.connectionId;
  await world.settle();
}, 60_000);
afterAll(() => world.close());

async function proposal(): Promise<MatchProposal> {
  const query = { group: 'safe' as const };
  const { items } = await owner.call(api.listProposals, { params: { connectionId }, query });
  const found = items.find((one) => one.learner.partyId === kim.id);
  if (!found) throw new Error('Kim is not among the safe ones');
  return found;
}

async function decide(said: { decision: 'link' | 'create' | 'as-proposed'; contactId?: string }) {
  const { rowVersion } = await proposal();
  const params = { connectionId, partyId: kim.id };
  await owner.call(api.decideProposal, { params, body: { ...said, rowVersion } });
}

it('the contact that is proposed stands first, whoever has more in common', async () => {
  const { chosen, candidates } = await proposal();
  expect(chosen?.contact.contactId).toBe(ownId);
  expect(candidates.map((one) => one.contact.name)).toEqual(['Kim Lee', 'Rose Lee']);
});

it('accepting it and taking that back proposes it again, and nobody else’s', async () => {
  await decide({ decision: 'link', contactId: ownId });
  await decide({ decision: 'as-proposed' });
  const after = await proposal();
  expect(after).toMatchObject({ decision: 'link', accepted: false, decidedBy: null });
  expect(after.chosen?.contact.contactId).toBe(ownId);
});

it('so does taking another decision back', async () => {
  await decide({ decision: 'create' });
  await decide({ decision: 'as-proposed' });
  expect((await proposal()).chosen?.contact.contactId).toBe(ownId);
});
