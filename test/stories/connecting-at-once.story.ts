import { afterEach, beforeEach, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId, XeroOrgId } from '#contract/ids';
import type { Client } from '../world/client.ts';
import { comeBack, xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import { createCast } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

/** Goes as far as Xero's answer, and stops before opening it. */
async function answerFor(client: Client, organisation: XeroOrgId): Promise<string> {
  const { authorizeUrl } = await client.call(api.beginConsent, { body: { app: 'xero' } });
  const user = xeroUsers.adviser;
  const { people } = world.emulator.control;
  return people.consent(authorizeUrl ?? '', { user, organisations: [organisation] });
}

async function statesOf(client: Client): Promise<string[]> {
  const { apps } = await client.call(api.listApps);
  return (apps[0]?.connections ?? []).map(({ state }) => state);
}

function connectedAtXero(): string[] {
  return world.emulator.control.people.connections().map(({ orgId }) => orgId);
}

test('one answer opened twice at the same moment connects once', async () => {
  const owner = await world.people.owner();
  const callback = await answerFor(owner, xeroOrgs.au);
  const landings = await Promise.all([comeBack(owner, callback), comeBack(owner, callback)]);
  expect(landings.map(({ outcome }) => outcome).toSorted()).toEqual(['connected', 'wrong-state']);
  expect(await statesOf(owner)).toEqual(['active']);
});

test('choosing twice at the same moment is choosing once', async () => {
  const owner = await world.people.owner();
  const { connectionId } = await world.connectXero(owner, { organisations: 'all' });
  const params = { connectionId: connectionId as ConnectionId };
  const wish = { params, body: { xeroOrgId: xeroOrgs.nz } };
  const both = await Promise.all([
    owner.call(api.chooseOrganisation, wish),
    owner.call(api.chooseOrganisation, wish),
  ]);
  expect(both[0]).toEqual(both[1]);
  await world.settle();
  expect(await statesOf(owner)).toEqual(['active']);
  expect(connectedAtXero()).toEqual([xeroOrgs.nz]);
});

test('choosing and giving up at the same moment ends with nothing half connected', async () => {
  const owner = await world.people.owner();
  const { connectionId } = await world.connectXero(owner, { organisations: 'all' });
  const params = { connectionId: connectionId as ConnectionId };
  const body = { xeroOrgId: xeroOrgs.nz };
  await Promise.allSettled([
    owner.call(api.chooseOrganisation, { params, body }),
    owner.call(api.disconnect, { params }),
  ]);
  await world.settle();
  expect(await statesOf(owner)).toEqual([]);
  expect(connectedAtXero()).toEqual([]);
});

test('two people of one provider connect at the same moment: one of them does', async () => {
  const [owner, admin] = [await world.people.owner(), await world.people.admin()];
  const { people } = world.emulator.control;
  const north = people.addOrganisation('Harbour Training North', 'AU') as XeroOrgId;
  people.setRole(xeroUsers.adviser, north, 'ADVISER');
  const callbacks = [await answerFor(owner, xeroOrgs.au), await answerFor(admin, north)];
  const landings = await Promise.all([
    comeBack(owner, callbacks[0] ?? ''),
    comeBack(admin, callbacks[1] ?? ''),
  ]);
  expect(landings.map(({ outcome }) => outcome).toSorted()).toEqual([
    'already-connected',
    'connected',
  ]);
  await world.settle();
  expect(await statesOf(owner)).toEqual(['active']);
  expect(connectedAtXero()).toHaveLength(1);
});

test('two providers connect one organisation at the same moment: one of them does', async () => {
  const wish = { name: 'Pier Training', country: 'AU', label: 'pier' };
  const others = await createCast(world.context, world.url, wish);
  const [owner, neighbour] = [await world.people.owner(), await others.owner()];
  const callbacks = [await answerFor(owner, xeroOrgs.au), await answerFor(neighbour, xeroOrgs.au)];
  const landings = await Promise.all([
    comeBack(owner, callbacks[0] ?? ''),
    comeBack(neighbour, callbacks[1] ?? ''),
  ]);
  const outcomes = landings.map(({ outcome }) => outcome);
  expect(outcomes).toContain('connected');
  expect(outcomes.filter((outcome) => outcome === 'connected')).toHaveLength(1);
  await world.settle();
  expect([...(await statesOf(owner)), ...(await statesOf(neighbour))]).toEqual(['active']);
  expect(connectedAtXero()).toEqual([xeroOrgs.au]);
});
