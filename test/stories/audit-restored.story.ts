import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import { MINUTE_MS } from '#platform/clock';
import { restoreBackup, takeBackup } from '../world/backup.ts';
import { typeCommand } from '../world/command-line.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { settleSealed } from '../world/sealed.ts';

let world: ConnectedWorld;

beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

/** Moves time, so that how far the log has come is noted outside the database. */
async function liveOn(): Promise<void> {
  await settleSealed(world, world.owner);
  await world.pass(5 * MINUTE_MS);
}
const verify = () => typeCommand(world, 'audit', 'verify', '--provider', 'Harbour Training');

test('Yesterday’s database comes back: the log tells, until those who run Bursar say that it was they', async () => {
  await world.addLearner({ firstName: 'Mia', lastName: 'Tran' });
  await liveOn();
  await takeBackup(world);
  for (const firstName of ['Ana', 'Lee', 'Kim']) {
    await world.addLearner({ firstName, lastName: 'Later' });
    await liveOn();
  }
  expect(await verify()).toMatchObject({ code: 0 });
  await restoreBackup(world);
  await world.addLearner({ firstName: 'Zoe', lastName: 'Since' });
  await liveOn();

  const told = await verify();
  expect(told.code).toBe(1);
  expect(told.out).toContain('noted outside the database');
  expect((await world.owner.call(api.checkAudit)).fault).not.toBeNull();

  // What was found is itself noted, and no reason to be refused.
  const neither = await typeCommand(world, 'audit', 'accept-restore');
  expect(neither).toMatchObject({ code: 2, err: expect.stringContaining('--provider or --all') });
  const accepted = await typeCommand(world, 'audit', 'accept-restore', '--all');
  expect(accepted).toMatchObject({ code: 0 });
  expect(accepted.out).toContain('Harbour Training: accepted.');
  await liveOn();
  const after = await verify();
  expect(after.code).toBe(0);
  expect(after.out).toContain('A restore was accepted');
  const again = await typeCommand(world, 'audit', 'accept-restore', '--all');
  expect(again.out).toContain('Harbour Training: nothing to accept');
});

test('It stays to be seen for whoever looks at the log', async () => {
  const check = await world.owner.call(api.checkAudit);
  expect(check.fault).toBeNull();
  const { restores, lastCheck } = await world.owner.call(api.auditStanding);
  expect(lastCheck?.fault).toBeNull();
  expect(restores).toEqual(check.restores);
  expect(restores).toHaveLength(1);
  expect(restores[0]?.noted).toBeGreaterThan(restores[0]?.keptUpTo ?? 0);
  const { items } = await world.owner.call(api.listAudit, { query: { area: 'audit' } });
  expect(items.find(({ kind }) => kind === 'audit.restore-accepted')).toMatchObject({
    what: 'Accepted that a backup was put back',
    actor: { kind: 'bursar' },
  });
});

test('What is changed after it is found as ever', async () => {
  const client = new pg.Client({ connectionString: world.config.databaseUrl });
  await client.connect();
  const { entries } = await world.owner.call(api.checkAudit);
  await client.query(
    `update events set data = data || '{"name":"Another"}' where id =
      (select event_id from audit_chain where provider_id = $1 and position = $2)`,
    [world.people.providerId, entries - 1],
  );
  await client.end();
  const { fault } = await world.owner.call(api.checkAudit);
  expect(fault).toBe(`Entry ${entries - 1} was altered, moved or put in.`);
});
