import { afterEach, beforeEach, expect, test } from 'vitest';
import { api } from '#contract/api';
import { HOUR_MS } from '#platform/clock';
import { xeroUsers } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { PASSWORD } from '../world/people.ts';
import { throughXero, tieXero } from '../world/through-xero.ts';

let world: ConnectedWorld;

beforeEach(async () => {
  world = await startConnectedWorld();
  const landing = await tieXero(world, world.owner, xeroUsers.adviser, PASSWORD);
  expect(landing).toBe('/settings/security?xero=tied');
});
afterEach(() => world.close());

async function scopes(): Promise<string[]> {
  const rows = await world.context.database.asSystem((tx) =>
    tx.selectFrom('grants').select('scopes').execute(),
  );
  return rows.map((row) => row.scopes.split(' ').sort().join(' '));
}

test.each([
  ['leaves what they allowed as it was', false],
  ['supersedes what they allowed', true],
])(
  'Whoever connected signs in with Xero, which %s: the connection lives on',
  async (_, supersedes) => {
    const before = await scopes();
    world.emulator.control.switches.signInSupersedes = supersedes;
    expect(await throughXero(world, world.visitor(), '/sign-in/xero', xeroUsers.adviser)).toBe('/');
    const learner = await world.addLearner({ firstName: 'Mia', lastName: 'Tran' });
    await world.pass(HOUR_MS);
    expect(await world.standingOf(learner.id)).toMatchObject({ standing: 'in-step' });
    const { apps } = await world.owner.call(api.listApps);
    expect(apps[0]?.connections).toMatchObject([{ state: 'active', trouble: null }]);
    expect(await scopes()).toEqual(before);
  },
);
