import { afterEach, beforeEach, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { Connection } from '#contract/connections';
import { createContext } from '#entry/context';
import { HOUR_MS } from '#platform/clock';
import type { XeroConfig } from '#platform/config';
import { silentLogger } from '#platform/logger';
import { createEmulator, type Emulator } from '../../emulator/server.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { createSettler } from '../world/settle.ts';

let world: ConnectedWorld;
/** Stands where Xero should, as when a Bursar is started without the settings of its app. */
let elsewhere: Emulator;

beforeEach(async () => {
  world = await startConnectedWorld();
  elsewhere = await createEmulator({
    clock: world.clock,
    host: '127.0.0.1',
    seed: 'empty',
    apps: [{ id: 'another-app', secret: 'its-secret', redirectUris: ['http://localhost:*'] }],
  });
});
afterEach(async () => {
  await elsewhere.close();
  await world.close();
});

/** Bursar is started with these settings of Xero, runs for some hours, and is stopped. */
async function startedWith(settings: Partial<XeroConfig>, hours: number): Promise<void> {
  const config = { ...world.config, xero: { ...world.config.xero, ...settings } };
  const context = await createContext(config, {
    clock: world.clock,
    logger: silentLogger,
    poolSize: 3,
  });
  const settler = createSettler(context, async () => 0);
  for (let quarters = hours * 4; quarters > 0; quarters -= 1) {
    world.clock.advance(HOUR_MS / 4);
    await settler.settle();
  }
  await settler.close();
  await context.close();
}

async function connection(): Promise<Connection> {
  const [xero] = (await world.owner.call(api.listApps)).apps;
  const [first] = xero?.connections ?? [];
  if (!first) throw new Error('Nothing was ever connected');
  return first;
}

const anotherApp = { clientId: 'another-app', clientSecret: 'its-secret', webhookKey: null };
const there = () => ({
  loginUrl: elsewhere.url,
  identityUrl: elsewhere.url,
  apiUrl: elsewhere.url,
});

test.each([
  ['an emulator in the place of Xero', () => ({ app: anotherApp, ...there() })],
  ['no app at all', () => ({ app: null })],
])('Started once with %s, nothing is lost and nobody has to connect again', async (_, settings) => {
  const learner = await world.addLearner({ firstName: 'Mia', lastName: 'Tran' });
  world.mailbox.empty();
  await startedWith(settings(), 3);
  expect(elsewhere.control.log.calls()).toEqual([]);
  expect(await connection()).toMatchObject({
    state: 'active',
    trouble: { code: 'xero.other-app' },
  });

  await world.pass(HOUR_MS);
  expect(await connection()).toMatchObject({ state: 'active', trouble: null });
  await world.pass(HOUR_MS);
  expect(await world.standingOf(learner.id)).toMatchObject({ standing: 'in-step' });
  const told = world.mailbox.to(world.owner.email).map(({ subject }) => subject);
  expect(told.at(-1)).toMatch(/^Xero works again/);
});
