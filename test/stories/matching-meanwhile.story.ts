import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import { MINUTE_MS } from '#platform/clock';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

/** Matches wait for a yes for hours, while people go on with their work, here and in Xero. */
let world: World;
let owner: SignedIn;
let connectionId: ConnectionId;
let junior: Learner;
let strangerId: string;
const family = { lastName: 'Family', email: 'family@example.com' };

beforeAll(async () => {
  world = await startWorld();
  owner = await world.people.owner();
  const { bookkeeper } = world;
  bookkeeper.createContact({ Name: 'Frank Family', EmailAddress: family.email });
  bookkeeper.createContact({ Name: 'Tom Safe', EmailAddress: 'tom@example.com' });
  strangerId = bookkeeper.createContact({ Name: 'Office Supplies' }).id;
  const add = (fields: {
    firstName: string;
    lastName: string;
    email: string;
    dateOfBirth?: string;
  }) => owner.call(api.addLearner, { body: { ...fields, syncToXero: true, saveAnyway: true } });
  await add({ ...family, firstName: 'Frank', dateOfBirth: '1960-01-01' });
  junior = await add({ ...family, firstName: 'Frank', dateOfBirth: '2005-01-01' });
  await add({ firstName: 'Tom', lastName: 'Safe', email: 'tom@example.com' });
  const landing = await world.connectXero(owner, { leavesMatchesOpen: true });
  if (!landing.connectionId) throw new Error('Nothing was connected');
  ({ connectionId } = landing);
  await world.settle();
  const body = { group: 'safe' as const, accepted: true };
  await owner.call(api.acceptProposals, { params: { connectionId }, body });
}, 60_000);
afterAll(() => world.close());

const matching = () => owner.call(api.getMatching, { params: { connectionId } });

async function inGroup(group: 'safe' | 'decide') {
  const params = { connectionId };
  const { items } = await owner.call(api.listProposals, { params, query: { group } });
  return items.map(({ learner, accepted, isRenewed }) => ({
    name: learner.name,
    accepted,
    isRenewed,
  }));
}

it('of two who may be one contact both are left to a person', async () => {
  expect((await inGroup('decide')).map(({ name }) => name)).toEqual([
    'Frank Family',
    'Frank Family',
  ]);
  expect(await inGroup('safe')).toEqual([{ name: 'Tom Safe', accepted: true, isRenewed: false }]);
});

it('once one of them is somebody else, the other is proposed the contact', async () => {
  const body = {
    revision: junior.revision,
    firstName: 'Fritz',
    lastName: 'Other',
    email: 'fritz@example.com',
  };
  await owner.call(api.editLearner, { params: { learnerId: junior.id }, body });
  await world.settle();
  expect(await inGroup('decide')).toEqual([]);
  expect(await inGroup('safe')).toEqual([
    { name: 'Frank Family', accepted: false, isRenewed: false },
    { name: 'Tom Safe', accepted: true, isRenewed: false },
  ]);
});

it('what the bookkeeper changes of somebody whom nobody is like refuses no approval', async () => {
  const { version } = await matching();
  world.bookkeeper.editContact(strangerId, { EmailAddress: 'sales@office.example' });
  await world.pass(11 * MINUTE_MS);
  expect(await matching()).toMatchObject({ version, isRenewing: false });
  await owner.call(api.approveMatching, { params: { connectionId }, body: { version } });
  expect((await matching()).state).toBe('approved');
});
