import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId } from '#contract/ids';
import { MINUTE_MS } from '#platform/clock';
import { ownScope } from '#platform/scope';
import { xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { untilWaiting } from '../world/lock-waits.ts';

/** How a connection fares is noted by calls, looks, people and its lane, at the same moment too. */
let world: ConnectedWorld;
let other: pg.Client;
let params: { connectionId: ConnectionId };

beforeAll(async () => {
  world = await startConnectedWorld();
  other = new pg.Client({ connectionString: world.config.databaseUrl });
  await other.connect();
  const { apps } = await world.owner.call(api.listApps);
  const connectionId = apps.flatMap((app) => app.connections)[0]?.id as ConnectionId;
  params = { connectionId };
});
afterAll(async () => {
  await other.end();
  await world.close();
});

const lifeNow = () => world.owner.call(api.getConnectionLife, { params });

test('somebody pauses in the moment in which both sides are in step again', async () => {
  await world.owner.call(api.pauseConnection, { params });
  await world.owner.call(api.resumeConnection, { params });
  // Both have begun and come to what they tell of it.
  await other.query('begin; lock table events in share mode');
  const pausing = world.owner.call(api.pauseConnection, { params });
  await untilWaiting(other, 1);
  const settling = world.settle();
  await untilWaiting(other, 2);
  await other.query('rollback');
  expect((await Promise.allSettled([pausing, settling])).map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
  ]);
  expect(await lifeNow()).toMatchObject({ connection: { state: 'paused' }, inStepAt: null });
  await world.owner.call(api.resumeConnection, { params });
  await world.settle();
  expect((await lifeNow()).inStepAt).not.toBeNull();
});

test('a call is refused while it is looked whether all is well, and somebody looks closer', async () => {
  await world.pass(10 * MINUTE_MS);
  await world.addLearner({ firstName: 'Wanda', lastName: 'Waits' });
  await world.settle();
  world.clock.advance(6 * MINUTE_MS);
  // The look knows of a good call by now, and is about to say that another look has time.
  await other.query('begin; lock table unnoticed_changes in access exclusive mode');
  const looking = world.settle();
  await untilWaiting(other, 1);
  world.emulator.control.people.demoteUser(xeroUsers.adviser, xeroOrgs.au);
  const scope = ownScope(world.people.providerId);
  await world.context.database.asProvider(scope.providerId, (tx) =>
    world.context.connections.markConsentLost(tx, scope, params.connectionId, 'access-removed'),
  );
  await other.query('rollback');
  await looking;
  expect((await lifeNow()).connection.trouble?.code).toBe('xero.person-demoted');
});
