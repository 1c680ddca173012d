import { afterAll, beforeAll, expect, it } from 'vitest';
import { plus, SECOND_MS } from '#platform/clock';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { ownScope, type Scope } from '#platform/scope';
import { holdLane, LEASE_MS, takeLane } from '../../src/sync/lane/lane-store.ts';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

/** Several transactions of one run may be on at once, and the one that began first end last. */
let world: ConnectedWorld;
let scope: Scope;
beforeAll(async () => {
  world = await startConnectedWorld();
  scope = ownScope(world.people.providerId);
});
afterAll(() => world.close());

const asProvider = <T>(work: (tx: Tx) => Promise<T>) =>
  world.context.database.asProvider(scope.providerId, work);

it('a record that was begun earlier and ends later does not shorten the lease of a lane', async () => {
  const begun = world.clock.now();
  const later = plus(begun, LEASE_MS);
  const lease = { xeroOrgId: xeroOrgs.au, owner: newId() };
  await asProvider((tx) => takeLane(tx, scope, lease, begun));
  await asProvider((tx) => holdLane(tx, scope, lease, later));
  await asProvider((tx) => holdLane(tx, scope, lease, begun));
  const other = { ...lease, owner: newId() };
  const justAfter = plus(later, SECOND_MS);
  expect(await asProvider((tx) => takeLane(tx, scope, other, justAfter))).toBeNull();
  const over = plus(later, LEASE_MS);
  expect(await asProvider((tx) => takeLane(tx, scope, other, over))).not.toBeNull();
});
