import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { OrganisationChoice } from '#contract/connections';
import type { ConnectionId, XeroOrgId } from '#contract/ids';
import { ownScope } from '#platform/scope';
import type { Client } from '../world/client.ts';
import { type AtXero, xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;
let owner: Client;

beforeEach(async () => {
  world = await startWorld();
  owner = await world.people.owner();
});
afterEach(() => world.close());

/** Connects, expects to be asked, and answers with what is asked. */
async function asked(atXero: AtXero): Promise<{ id: ConnectionId; one: OrganisationChoice }> {
  const { outcome, connectionId } = await world.connectXero(owner, atXero);
  expect(outcome).toBe('choose');
  const id = connectionId as ConnectionId;
  const { organisations } = await owner.call(api.listChoices, { params: { connectionId: id } });
  const [one, ...more] = organisations;
  if (!one || more.length > 0) throw new Error('Not exactly one organisation is asked about');
  return { id, one };
}

async function connections() {
  return (await owner.call(api.listApps)).apps[0]?.connections ?? [];
}

function choose(connectionId: ConnectionId, xeroOrgId: XeroOrgId) {
  const body = { xeroOrgId };
  return owner.call(api.chooseOrganisation, { params: { connectionId }, body });
}

async function connectAndDisconnect(): Promise<void> {
  const { connectionId } = await world.connectXero(owner);
  const learner = await owner.call(api.addLearner, {
    body: { firstName: 'Mei', lastName: 'Chen', syncToXero: true },
  });
  await world.settle();
  const { link } = await owner.call(api.learnerSync, { params: { learnerId: learner.id } });
  expect(link?.standing).toBe('in-step');
  await owner.call(api.disconnect, { params: { connectionId: connectionId as ConnectionId } });
  await world.settle();
}

describe('before it connects, Bursar asks', () => {
  test('about an organisation of another country and currency, with all that tells it apart', async () => {
    const { id, one } = await asked({ organisations: [xeroOrgs.nz] });
    expect(one).toMatchObject({
      xeroOrgId: xeroOrgs.nz,
      country: 'NZ',
      baseCurrency: 'NZD',
      isDemo: false,
      taken: false,
      warnings: [
        { kind: 'country', expected: 'AU' },
        { kind: 'currency', expected: 'AUD' },
      ],
    });
    expect(one.legalName).toBeTruthy();
    expect(one.taxNumber).toBeTruthy();
    expect((await connections())[0]).toMatchObject({ state: 'choosing', organisation: null });
    expect(await choose(id, xeroOrgs.nz)).toMatchObject({
      state: 'active',
      xeroPerson: 'Ada Adviser',
    });
  });

  test('about one that was connected here before: until when, by whom, how many links come back', async () => {
    await connectAndDisconnect();
    const { id, one } = await asked({ organisations: [xeroOrgs.au] });
    expect(one.warnings).toEqual([
      {
        kind: 'was-here',
        connectedBy: 'Odile Marchand',
        until: world.clock.now().toISOString(),
        links: 1,
      },
    ]);
    await choose(id, xeroOrgs.au);
    await world.settle();
    const [learner] = (await owner.call(api.listLearners, { query: {} })).items;
    expect(learner?.standing).toBe('in-step');
    const written = world.emulator.control.log
      .calls('/api.xro/2.0/Contacts')
      .filter(({ method }) => method !== 'GET');
    expect(written).toHaveLength(1);
  });

  test('about another one than was connected last', async () => {
    await connectAndDisconnect();
    const { one } = await asked({ user: xeroUsers.single });
    expect(one.warnings).toContainEqual({
      kind: 'differs',
      lastName: 'Harbour Training Pty Ltd',
      makesWay: false,
    });
  });

  test('about another one than the one that waits to be reconnected, which then makes way', async () => {
    const { connectionId } = await world.connectXero(owner);
    const scope = ownScope(world.people.providerId);
    await world.context.database.asProvider(scope.providerId, (tx) =>
      world.context.connections.markConsentLost(
        tx,
        scope,
        connectionId as ConnectionId,
        'grant-dead',
      ),
    );
    const { id, one } = await asked({ organisations: [xeroOrgs.nz] });
    expect(one.warnings[0]).toEqual({
      kind: 'differs',
      lastName: 'Harbour Training Pty Ltd',
      makesWay: true,
    });
    await choose(id, xeroOrgs.nz);
    await world.settle();
    expect(await connections()).toMatchObject([
      { state: 'active', organisation: { xeroOrgId: xeroOrgs.nz } },
    ]);
    const { rules } = await owner.call(api.getOrganisationRules);
    expect(rules.defaultXeroOrgId).toBe(xeroOrgs.nz);
  });

  test('about a demo company', async () => {
    world.emulator.control.bookkeeper(xeroOrgs.au).setPlan('DEMO');
    const { one } = await asked({ organisations: [xeroOrgs.au] });
    expect(one).toMatchObject({ isDemo: true, warnings: [{ kind: 'demo' }] });
  });
});

describe('the question', () => {
  test('that is answered with Cancel leaves nothing behind, here or at Xero', async () => {
    const { id } = await asked({ organisations: [xeroOrgs.nz] });
    await owner.call(api.disconnect, { params: { connectionId: id } });
    await world.settle();
    expect(await connections()).toEqual([]);
    expect(world.emulator.control.people.connections()).toEqual([]);
  });

  test('is only for those who may connect, and only of this provider', async () => {
    const { id } = await asked({ organisations: [xeroOrgs.nz] });
    const params = { connectionId: id };
    const staff = await world.people.staff();
    expect((await staff.refusal(api.listChoices, { params })).code).toBe('permission.missing');
    const neighbour = await world.neighbours.owner();
    expect((await neighbour.refusal(api.listChoices, { params })).code).toBe('request.not-found');
  });

  test('answers with a refusal when another provider took the organisation meanwhile', async () => {
    const { id } = await asked({ organisations: [xeroOrgs.nz] });
    await world.connectXero(await world.neighbours.owner(), { organisations: [xeroOrgs.nz] });
    const params = { connectionId: id };
    const { organisations } = await owner.call(api.listChoices, { params });
    expect(organisations[0]?.taken).toBe(true);
    const problem = await owner.refusal(api.chooseOrganisation, {
      params,
      body: { xeroOrgId: xeroOrgs.nz },
    });
    expect(problem.code).toBe('consent.organisation-taken');
  });
});

test('a plain first organisation is connected without a question', async () => {
  const { outcome } = await world.connectXero(owner, { organisations: [xeroOrgs.au] });
  expect(outcome).toBe('connected');
});
