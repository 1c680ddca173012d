import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { MINUTE_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

/**
 * A father and a son of one name share the family's e-mail. One of them is in the books; which one
 * a person has to say, however often something else about them is changed.
 */
let world: ConnectedWorld;
let senior: Learner;
let junior: Learner;
let contactId: string;
const family = { firstName: 'Frank', lastName: 'Family', email: 'family@example.com' };

beforeAll(async () => {
  world = await startConnectedWorld();
  const contact = world.bookkeeper.createContact({
    Name: 'Frank Family',
    EmailAddress: family.email,
  });
  contactId = contact.id;
  // While it is archived nobody is linked to it, so that both are here before anybody can be.
  await world.pass(11 * MINUTE_MS);
  world.bookkeeper.archiveContact(contactId);
  await world.pass(11 * MINUTE_MS);
  senior = await world.addLearner({ ...family, dateOfBirth: '1960-01-01' });
  junior = await world.addLearner({ ...family, dateOfBirth: '2005-01-01' });
  await world.settle();
  world.bookkeeper.restoreContact(contactId);
  await world.pass(11 * MINUTE_MS);
});
afterAll(() => world.close());

const linkOf = async ({ id }: Learner) => (await world.syncOf(id)).link;

it('neither is linked while both claim it', async () => {
  expect((await linkOf(senior))?.standing).toBe('undecided');
  expect((await linkOf(junior))?.standing).toBe('undecided');
});

it('an edit of one of them links nobody either', async () => {
  junior = await world.edit(junior, { phoneMobile: '0412 345 678' });
  await world.settle();
  expect(await linkOf(junior)).toMatchObject({ standing: 'undecided', contactId: null });
  expect((await linkOf(senior))?.standing).toBe('undecided');
});

it('nor does a third of the name who joins later', async () => {
  const third = await world.addLearner({ ...family, dateOfBirth: '2008-01-01' });
  await world.settle();
  expect(await linkOf(third)).toMatchObject({ standing: 'undecided', contactId: null });
  await world.edit(third, { syncToXero: false });
  await world.settle();
});

it('once a person has said whose it is, nobody else gets it', async () => {
  const params = { learnerId: senior.id };
  const { open } = await world.owner.call(api.learnerMatch, { params });
  if (!open) throw new Error('Nothing is open');
  const body = { xeroOrgId: open.xeroOrgId, decision: 'link' as const, contactId };
  await world.owner.call(api.decideLearnerMatch, { params, body });
  await world.settle();
  expect(await linkOf(senior)).toMatchObject({ standing: 'in-step', contactId });
  junior = await world.edit(junior, { phoneMobile: '0412 345 679' });
  await world.settle();
  expect(await linkOf(junior)).toMatchObject({ standing: 'undecided', contactId: null });
});
