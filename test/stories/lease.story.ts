import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plus, SECOND_MS } from '#platform/clock';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { ownScope, type Scope } from '#platform/scope';
import {
  holdLane,
  LEASE_MS,
  releaseLane,
  takeLane,
  wakeLane,
} from '../../src/sync/lane/lane-store.ts';
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

/** Whatever waits on the queue for the lane. */
async function jobsOf(xeroOrgId: string): Promise<number> {
  const owner = new pg.Client({ connectionString: world.config.databaseUrl });
  await owner.connect();
  try {
    const { rows } = await owner.query<{ jobs: number }>(
      `select count(*)::int as jobs from graphile_worker._private_jobs
        where payload->>'xeroOrgId' = $1 and locked_at is null`,
      [xeroOrgId],
    );
    return rows[0]?.jobs ?? 0;
  } finally {
    await owner.end();
  }
}

it('a call of a lane that a run holds puts nothing on the queue until the run ends', async () => {
  // The lease of the test above is over by then.
  await world.pass(4 * LEASE_MS);
  const now = world.clock.now();
  const lease = { xeroOrgId: xeroOrgs.au, owner: newId() };
  const taken = await asProvider((tx) => takeLane(tx, scope, lease, now));
  if (!taken) throw new Error('The lane is not free');
  const call = () => asProvider((tx) => wakeLane(tx, scope.providerId, xeroOrgs.au, now));
  await call();
  expect(await jobsOf(xeroOrgs.au)).toBe(0);
  const rest = { wakeAt: plus(now, LEASE_MS), wakesSeen: taken.wakes, now };
  await asProvider((tx) => releaseLane(tx, scope, lease, rest));
  expect(await jobsOf(xeroOrgs.au)).toBe(1);
});

it('a call of a lane whose run is dead puts one on the queue', async () => {
  await world.settle();
  const lease = { xeroOrgId: xeroOrgs.au, owner: newId() };
  await asProvider((tx) => takeLane(tx, scope, lease, world.clock.now()));
  const later = plus(world.clock.now(), LEASE_MS);
  await asProvider((tx) => wakeLane(tx, scope.providerId, xeroOrgs.au, later));
  expect(await jobsOf(xeroOrgs.au)).toBe(1);
});
