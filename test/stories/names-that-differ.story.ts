import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '#contract/api';
import { HOUR_MS } from '#platform/clock';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

const nameOf = async (learnerId: Parameters<ConnectedWorld['syncOf']>[0]) =>
  (await world.syncOf(learnerId)).link?.nameInXero;

it('Of two with one name the profile says what Xero calls the second, and who has the plain name', async () => {
  const first = await world.addLearner({ firstName: 'Ana', lastName: 'Lima' });
  await world.settle();
  // Until contacts were read again.
  await world.pass(HOUR_MS);
  const second = await world.addLearner({ firstName: 'ana', lastName: 'LIMA' });
  await world.settle();
  expect(world.bookkeeper.findContact(second.learnerNumber)?.name).toBe(
    `ana LIMA (${second.learnerNumber})`,
  );
  expect(await nameOf(first.id)).toBeNull();
  expect(await nameOf(second.id)).toEqual({
    name: `ana LIMA (${second.learnerNumber})`,
    plainName: {
      name: 'Ana Lima',
      heldBy: { partyKind: 'learner', id: first.id, label: `Ana Lima (${first.learnerNumber})` },
    },
  });
  const shop = await world.owner.call(api.addWorkplace, {
    body: { name: 'Ana Lima', syncToXero: true },
  });
  await world.settle();
  const params = { workplaceId: shop.id };
  const { link } = await world.owner.call(api.workplaceSync, { params });
  expect(link?.nameInXero).toMatchObject({
    name: `Ana Lima (${shop.workplaceNumber})`,
    plainName: { heldBy: { id: first.id } },
  });
});

it('Where a contact of nobody here has the plain name, or nobody any more, it says so', async () => {
  const supplier = world.bookkeeper.createContact({ Name: 'Bo Berg', EmailAddress: 'x@y.example' });
  await world.pass(HOUR_MS);
  const learner = await world.addLearner({ firstName: 'Bo', lastName: 'Berg' });
  await world.settle();
  const params = { learnerId: learner.id };
  const { link } = await world.syncOf(learner.id);
  const body = { xeroOrgId: link?.xeroOrgId ?? '', decision: 'create' as const };
  await world.owner.call(api.decideLearnerMatch, { params, body });
  await world.settle();
  const name = `Bo Berg (${learner.learnerNumber})`;
  expect(await nameOf(learner.id)).toEqual({ name, plainName: { name: 'Bo Berg', heldBy: null } });
  world.bookkeeper.editContact(supplier.id, { Name: 'Berg Supplies' });
  await world.pass(HOUR_MS);
  expect(await nameOf(learner.id)).toEqual({ name, plainName: null });
});
