import { afterEach, beforeEach, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId } from '#contract/ids';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import type { SignedIn } from '../world/people.ts';

let world: ConnectedWorld;

beforeEach(async () => {
  world = await startConnectedWorld();
  world.emulator.control.switches.reconnectKeepsAuthEvent = true;
});
afterEach(() => world.close());

/** Disconnects here, while at Xero it stays: Xero says that it is not ours to remove. */
async function disconnectHereAlone(person: SignedIn): Promise<void> {
  const { control } = world.emulator;
  control.faults.add({ path: '/connections/*', effect: { kind: 'status', status: 403 } });
  const { apps } = await person.call(api.listApps);
  const connectionId = apps[0]?.connections[0]?.id as ConnectionId;
  await person.call(api.disconnect, { params: { connectionId } });
  await world.settle();
  control.faults.clear();
}

const atXero = () => world.emulator.control.people.connections().map(({ orgId }) => orgId);

async function offered(connectionId: ConnectionId | null) {
  const params = { connectionId: connectionId as ConnectionId };
  const { organisations } = await world.owner.call(api.listChoices, { params });
  return organisations.map(({ xeroOrgId, warnings }) => [xeroOrgId, warnings[0]?.kind]);
}

test('An organisation that is gone here and still connected at Xero is asked about, and connects again', async () => {
  await disconnectHereAlone(world.owner);
  expect(atXero()).toEqual([xeroOrgs.au]);
  const landing = await world.connectXero(world.owner, { organisations: [xeroOrgs.au] });
  expect(landing.outcome).toBe('choose');
  expect(await offered(landing.connectionId)).toEqual([[xeroOrgs.au, 'was-here']]);
  const params = { connectionId: landing.connectionId as ConnectionId };
  const chosen = { params, body: { xeroOrgId: xeroOrgs.au } };
  expect(await world.owner.call(api.chooseOrganisation, chosen)).toMatchObject({ state: 'active' });
  const learner = await world.addLearner({ firstName: 'Mia', lastName: 'Tran' });
  await world.settle();
  expect(await world.standingOf(learner.id)).toMatchObject({ standing: 'in-step' });
});

test('What is or was another provider’s is not shown, nor what this one has', async () => {
  const neighbour = await world.neighbours.owner();
  await world.connectXero(neighbour, { organisations: [xeroOrgs.nz], confirm: true });
  await world.settle();
  const again = { organisations: [xeroOrgs.au], another: true };
  expect((await world.connectXero(world.owner, again)).outcome).toBe('no-organisation');
  await disconnectHereAlone(neighbour);
  expect((await world.connectXero(world.owner, again)).outcome).toBe('no-organisation');
  await disconnectHereAlone(world.owner);
  expect(atXero().sort()).toEqual([xeroOrgs.au, xeroOrgs.nz]);
  const landing = await world.connectXero(world.owner, { organisations: [xeroOrgs.au] });
  expect(await offered(landing.connectionId)).toEqual([[xeroOrgs.au, 'was-here']]);
});

test('What another provider may still choose is not shown', async () => {
  const { switches } = world.emulator.control;
  switches.reconnectKeepsAuthEvent = false;
  const neighbour = await world.neighbours.owner();
  const both = await world.connectXero(neighbour, { organisations: 'all' });
  expect(both.outcome).toBe('choose');
  switches.reconnectKeepsAuthEvent = true;
  await disconnectHereAlone(world.owner);
  const landing = await world.connectXero(world.owner, { organisations: [xeroOrgs.au] });
  expect(await offered(landing.connectionId)).toEqual([[xeroOrgs.au, 'was-here']]);
});
