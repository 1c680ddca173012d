import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId } from '#contract/ids';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { untilWaiting } from '../world/lock-waits.ts';

let world: ConnectedWorld;
let other: pg.Client;
beforeAll(async () => {
  world = await startConnectedWorld();
  other = new pg.Client({ connectionString: world.config.databaseUrl });
  await other.connect();
  await world.addLearner({ firstName: 'Kim', lastName: 'Before' });
  await world.settle();
});
afterAll(async () => {
  await other.end();
  await world.close();
});

it('a learner who is added while the organisation is being disconnected is not wanted there', async () => {
  const { apps } = await world.owner.call(api.listApps, {});
  const connectionId = apps[0]?.connections[0]?.id as ConnectionId;
  // The disconnecting comes as far as the links of learners, and whoever adds one waits for it.
  await other.query('begin; select from contact_links for update');
  const disconnecting = world.owner.call(api.disconnect, { params: { connectionId } });
  await untilWaiting(other, 1);
  const adding = world.addLearner({ firstName: 'Ana', lastName: 'Meanwhile' });
  await untilWaiting(other, 2);
  await other.query('rollback');
  await disconnecting;
  const learner = await adding;

  await world.edit(learner, { syncToXero: false });
  await world.connectXero(world.owner, { confirm: true, organisations: [xeroOrgs.au] });
  await world.settle();
  expect(world.bookkeeper.findContact(learner.learnerNumber)).toBeUndefined();
});

it('and one who is added while it is being connected is', async () => {
  const { apps } = await world.owner.call(api.listApps, {});
  const live = apps[0]?.connections.find(({ state }) => state === 'active');
  const params = { connectionId: live?.id as ConnectionId };
  await world.owner.call(api.disconnect, { params });
  // The connecting has placed everybody when it comes to this learner's link.
  await other.query('begin; select from contact_links for update');
  const connecting = world.connectXero(world.owner, {
    confirm: true,
    organisations: [xeroOrgs.au],
  });
  await untilWaiting(other, 1);
  const adding = world.addLearner({ firstName: 'Mere', lastName: 'Meanwhile' });
  await untilWaiting(other, 2);
  await other.query('rollback');
  await connecting;
  const learner = await adding;
  await world.settle();
  expect(world.bookkeeper.findContact(learner.learnerNumber)).toBeDefined();
});
