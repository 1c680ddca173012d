import { afterEach, beforeEach, expect, test } from 'vitest';
import { HOUR_MS, plus, SECOND_MS } from '#platform/clock';
import { openDatabase } from '#platform/database';
import { silentLogger } from '#platform/logger';
import { ownScope } from '#platform/scope';
import { createSecretBox } from '#platform/secrets';
import { createXero, type OrgClient, XeroBusyError, type XeroOrgAccess } from '#xero/index';
import { xeroOrgs } from '../world/connect-xero.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;
let access: XeroOrgAccess;

beforeEach(async () => {
  world = await startWorld();
  await world.connectXero(await world.people.owner(), { organisations: [xeroOrgs.au] });
  await world.settle();
  const { connections, database } = world.context;
  const scope = ownScope(world.people.providerId);
  const [active] = await database.asProvider(scope.providerId, (tx) =>
    connections.active(tx, scope),
  );
  if (!active) throw new Error('Nothing is connected');
  access = active;
  world.emulator.control.log.clear();
});
afterEach(() => world.close());

/** Calls until `wanted` calls were answered; when it is held back it waits as long as it is told. */
async function callMany(org: OrgClient, wanted: number): Promise<void> {
  for (let answered = 0; answered < wanted; ) {
    try {
      await org.payments({});
      answered += 1;
    } catch (error) {
      if (!(error instanceof XeroBusyError)) throw error;
      const { clock } = world;
      if (error.retryAt > clock.now()) clock.set(error.retryAt);
    }
  }
}

test('several processes together never meet the limits of an organisation', async () => {
  const { config, clock } = world;
  const other = openDatabase(config.databaseUrl);
  const secrets = createSecretBox(config.encryptionKeys);
  const { publicUrl, xero: xeroConfig } = config;
  const second = createXero({
    config: xeroConfig,
    publicUrl,
    database: other,
    clock,
    secrets,
    logger: silentLogger,
  });
  try {
    const clients = [world.context.xero, second].flatMap(({ client }) => [
      client.forOrg(access),
      client.forOrg(access, 'person'),
    ]);
    await Promise.all(clients.map((org) => callMany(org, 50)));
  } finally {
    await other.close();
  }
  const counters = world.emulator.control.log.counters(xeroOrgs.au);
  expect(counters).toMatchObject({ calls: 200, refusedByLimits: 0 });
});

test('when Xero says wait, nothing is sent a moment earlier', async () => {
  const org = world.context.xero.client.forOrg(access, 'person');
  world.emulator.control.faults.add({
    path: '/api.xro/2.0/Payments',
    times: 1,
    effect: {
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '3600', 'x-rate-limit-problem': 'day' },
    },
  });
  const until = plus(world.clock.now(), HOUR_MS);
  await expect(org.payments({})).rejects.toMatchObject({ kind: 'day', retryAt: until });
  world.clock.advance(HOUR_MS - SECOND_MS);
  await expect(org.payments({})).rejects.toMatchObject({ kind: 'day', retryAt: until });
  expect(world.emulator.control.log.counters(xeroOrgs.au).calls).toBe(1);
  world.clock.advance(SECOND_MS);
  await expect(org.payments({})).resolves.toMatchObject({ rows: [] });
});
