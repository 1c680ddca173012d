import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { Connection } from '#contract/connections';
import type { ConnectionId } from '#contract/ids';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#platform/clock';
import { ownScope } from '#platform/scope';
import { xeroScopes } from '#xero/index';
import type { Client } from '../world/client.ts';
import { comeBack, goThroughXero, xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;
let owner: Client;

beforeEach(async () => {
  world = await startWorld();
  owner = await world.people.owner();
});
afterEach(() => world.close());

async function xeroRow(client: Client) {
  const { apps } = await client.call(api.listApps);
  const row = apps.find(({ key }) => key === 'xero');
  if (!row) throw new Error('The catalogue has Xero');
  return row;
}

async function onlyConnection(client: Client): Promise<Connection> {
  const [connection] = (await xeroRow(client)).connections;
  if (!connection) throw new Error('Nothing is connected');
  return connection;
}

async function begin(client: Client): Promise<string> {
  const { authorizeUrl } = await client.call(api.beginConsent, { body: { app: 'xero' } });
  return authorizeUrl ?? '';
}

/** Organisations that Xero has connected with us, by the person who connected them. */
function connectedAtXero(): string[] {
  return world.emulator.control.people.connections().map(({ orgId }) => orgId);
}

async function expectNothingConnected(): Promise<void> {
  await world.settle();
  expect((await xeroRow(owner)).connections).toEqual([]);
  expect(connectedAtXero()).toEqual([]);
}

describe('before connecting', () => {
  test('the row says what flows which way, what is asked for and why, and who may', async () => {
    const row = await xeroRow(owner);
    expect(row).toMatchObject({ key: 'xero', name: 'Xero', barrier: null, connections: [] });
    expect(row.scopes).toEqual(xeroScopes);
    for (const { why } of row.scopes) expect(why.length).toBeGreaterThan(20);
    expect(new Set(row.flows.map(({ direction }) => direction))).toEqual(
      new Set(['to-app', 'from-app']),
    );
    expect(row.whoMay).toContainEqual({ name: 'Odile Marchand', role: 'Owner' });
  });

  test('a package without Xero greys the row and refuses, until the licence is back', async () => {
    const { providers } = world.context;
    const scope = ownScope(world.people.providerId);
    await providers.withdrawLicence(scope, 'xero');
    expect((await xeroRow(owner)).barrier).toBe('not-licensed');
    const problem = await owner.refusal(api.beginConsent, { body: { app: 'xero' } });
    expect(problem).toMatchObject({ status: 403, code: 'connection.not-licensed', remedy: 'ask' });
    await providers.grantLicence(scope, 'xero');
    expect((await xeroRow(owner)).barrier).toBeNull();
  });

  test('someone without the role sees why, and who here may', async () => {
    const staff = await world.people.staff();
    const row = await xeroRow(staff);
    expect(row.barrier).toBe('not-permitted');
    expect(row.whoMay).toEqual([{ name: 'Odile Marchand', role: 'Owner' }]);
    const problem = await staff.refusal(api.beginConsent, { body: { app: 'xero' } });
    expect(problem).toMatchObject({ status: 403, code: 'permission.missing', whoMay: row.whoMay });
  });
});

describe('connecting', () => {
  test('the way to Xero asks for exactly the documented scopes, bound to this request', async () => {
    const url = new URL(await begin(owner));
    expect(url.pathname).toBe('/identity/connect/authorize');
    const { scope = '', state, code_challenge, ...rest } = Object.fromEntries(url.searchParams);
    expect(scope.split(' ')).toEqual(xeroScopes.map((one) => one.scope));
    expect(scope).toContain('offline_access');
    expect(rest).toEqual({
      response_type: 'code',
      client_id: 'emulator-client-id',
      redirect_uri: `${world.url}/connect/xero/callback`,
      code_challenge_method: 'S256',
    });
    for (const secret of [state, code_challenge]) expect(secret).toMatch(/^[\w-]{43}$/);
  });

  test('one organisation is connected at once, with its name, country and currency', async () => {
    const landing = await world.connectXero(owner, { organisations: [xeroOrgs.au] });
    const connection = await onlyConnection(owner);
    expect(landing).toEqual({
      path: `/settings/connected-apps?outcome=connected&connection=${connection.id}`,
      outcome: 'connected',
      connectionId: connection.id,
    });
    expect(connection).toMatchObject({
      state: 'active',
      organisation: { xeroOrgId: xeroOrgs.au, country: 'AU', baseCurrency: 'AUD' },
      connectedAt: world.clock.now().toISOString(),
      connectedBy: 'Odile Marchand',
      xeroPerson: 'Ada Adviser',
      lastCallAt: world.clock.now().toISOString(),
      trouble: null,
    });
    expect(connection.organisation?.name).toBeTruthy();
    expect(
      await owner.call(api.getConnection, { params: { connectionId: connection.id } }),
    ).toEqual(connection);
    const again = await owner.refusal(api.beginConsent, { body: { app: 'xero' } });
    expect(again).toMatchObject({ status: 409, code: 'connection.already-connected' });
  });

  test('only an organisation of this very consent is taken, whatever the person connected before', async () => {
    const neighbour = await world.neighbours.owner();
    await world.connectXero(neighbour, { organisations: [xeroOrgs.nz] });
    await world.connectXero(owner, { organisations: [xeroOrgs.au] });
    expect((await onlyConnection(owner)).organisation?.xeroOrgId).toBe(xeroOrgs.au);
    expect((await onlyConnection(neighbour)).organisation?.xeroOrgId).toBe(xeroOrgs.nz);
    await world.settle();
    expect(connectedAtXero().toSorted()).toEqual([xeroOrgs.au, xeroOrgs.nz]);
  });

  test('the way back is a redirect to a clean address, whatever happened', async () => {
    const callback = world.emulator.control.people.consent(await begin(owner), {
      user: xeroUsers.adviser,
    });
    for (const address of [callback, callback, `${world.url}/connect/xero/callback?error=x`]) {
      const answer = await owner.fetch(address);
      expect(answer.status).toBe(302);
      expect(answer.headers.get('location')).toMatch(
        new RegExp(
          `^${world.url}/settings/connected-apps\\?outcome=[a-z-]+(&connection=[\\w-]+)?$`,
        ),
      );
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      expect(answer.headers.get('content-type') ?? '').not.toContain('html');
      expect(await answer.text()).toBe('');
    }
  });

  test('another provider sees nothing of it', async () => {
    const { connectionId } = await world.connectXero(owner);
    const neighbour = await world.neighbours.owner();
    expect((await xeroRow(neighbour)).connections).toEqual([]);
    const params = { connectionId: connectionId as ConnectionId };
    for (const route of [api.getConnection, api.disconnect, api.listChoices]) {
      expect((await neighbour.refusal(route, { params })).code).toBe('request.not-found');
    }
  });
});

describe('several organisations', () => {
  async function chooser(client = owner) {
    const landing = await world.connectXero(client, { organisations: 'all' });
    const connectionId = landing.connectionId as ConnectionId;
    return { landing, params: { connectionId } };
  }

  test('are offered to choose from, and the others are removed at Xero', async () => {
    const { landing, params } = await chooser();
    expect(landing.path).toBe(`/settings/connected-apps/${params.connectionId}/choose`);
    expect(await onlyConnection(owner)).toMatchObject({ state: 'choosing', organisation: null });
    const { organisations } = await owner.call(api.listChoices, { params });
    expect(organisations).toHaveLength(2);
    expect(organisations).toContainEqual(
      expect.objectContaining({ country: 'NZ', baseCurrency: 'NZD', taken: false }),
    );
    const body = { xeroOrgId: xeroOrgs.nz };
    const chosen = await owner.call(api.chooseOrganisation, { params, body });
    expect(chosen).toMatchObject({ state: 'active', organisation: body });
    expect(await owner.call(api.chooseOrganisation, { params, body })).toEqual(chosen);
    await world.settle();
    expect(connectedAtXero()).toEqual([xeroOrgs.nz]);
  });

  test('that serve another provider are marked and can’t be chosen', async () => {
    await world.connectXero(await world.neighbours.owner(), { organisations: [xeroOrgs.nz] });
    const { params } = await chooser();
    const { organisations } = await owner.call(api.listChoices, { params });
    expect(organisations.map(({ country, taken }) => [country, taken])).toEqual(
      expect.arrayContaining([
        ['AU', false],
        ['NZ', true],
      ]),
    );
    const problem = await owner.refusal(api.chooseOrganisation, {
      params,
      body: { xeroOrgId: xeroOrgs.nz },
    });
    expect(problem.code).toBe('consent.organisation-taken');
    await owner.call(api.chooseOrganisation, { params, body: { xeroOrgId: xeroOrgs.au } });
    await world.settle();
    expect(connectedAtXero().toSorted()).toEqual([xeroOrgs.au, xeroOrgs.nz]);
  });

  test('that were not allowed can’t be chosen', async () => {
    const { params } = await chooser();
    const problem = await owner.refusal(api.chooseOrganisation, {
      params,
      body: { xeroOrgId: xeroOrgs.uk },
    });
    expect(problem.code).toBe('request.not-found');
  });

  test('of which none is chosen are let go when someone begins anew or gives up', async () => {
    const first = await chooser();
    const second = await chooser();
    expect((await onlyConnection(owner)).id).toBe(second.params.connectionId);
    expect((await owner.refusal(api.listChoices, { params: first.params })).code).toBe(
      'consent.nothing-to-choose',
    );
    await owner.call(api.disconnect, { params: second.params });
    await expectNothingConnected();
  });

  test('of which none is chosen for a week are let go', async () => {
    await chooser();
    await world.pass(7 * DAY_MS - HOUR_MS);
    expect(await onlyConnection(owner)).toMatchObject({ state: 'choosing' });
    await world.pass(2 * HOUR_MS);
    await expectNothingConnected();
  });
});

describe('a consent that comes to nothing says so, and leaves nothing behind:', () => {
  test('cancelled at Xero', async () => {
    const landing = await world.connectXero(owner, { decision: 'cancel' });
    expect(landing.path).toBe('/settings/connected-apps?outcome=cancelled');
    await expectNothingConnected();
  });

  test('after more than ten minutes', async () => {
    const url = await begin(owner);
    world.clock.advance(10 * MINUTE_MS);
    expect((await goThroughXero(world.emulator, owner, url)).outcome).toBe('expired');
  });

  test('with a state that was never given out, or none', async () => {
    const url = `${world.url}/connect/xero/callback`;
    for (const query of ['?code=x&state=invented', '?code=x', '', '?state[]=a&code[]=b']) {
      expect((await comeBack(owner, `${url}${query}`)).path).toBe(
        '/settings/connected-apps?outcome=wrong-state',
      );
      expect((await comeBack(world.visitor(), `${url}${query}`)).path).toBe(
        '/connect/done?outcome=wrong-state',
      );
    }
  });

  test('in another browser, and then in the first one neither', async () => {
    const url = await begin(owner);
    const callback = world.emulator.control.people.consent(url, { user: xeroUsers.adviser });
    expect((await comeBack(world.visitor(), callback)).outcome).toBe('wrong-state');
    expect((await comeBack(owner, callback)).outcome).toBe('wrong-state');
    expect((await xeroRow(owner)).connections).toEqual([]);
  });

  test('when someone else signed in meanwhile in the same browser', async () => {
    const url = await begin(owner);
    const callback = world.emulator.control.people.consent(url, { user: xeroUsers.adviser });
    const admin = await world.people.admin();
    await owner.call(api.signOut);
    await owner.signIn(admin.email, 'a quiet harbour');
    expect((await comeBack(owner, callback)).outcome).toBe('wrong-state');
  });

  test('used twice', async () => {
    const url = await begin(owner);
    const callback = world.emulator.control.people.consent(url, { user: xeroUsers.adviser });
    expect((await comeBack(owner, callback)).outcome).toBe('connected');
    expect((await comeBack(owner, callback)).outcome).toBe('wrong-state');
    expect((await onlyConnection(owner)).state).toBe('active');
  });

  test('with a Xero sign-in that can connect no organisation', async () => {
    for (const user of [xeroUsers.none, xeroUsers.readOnly]) {
      const landing = await world.connectXero(owner, { user, organisations: [] });
      expect(landing.outcome).toBe('no-organisation');
    }
    await expectNothingConnected();
  });

  test('for an organisation that serves another provider', async () => {
    const neighbour = await world.neighbours.owner();
    await world.connectXero(neighbour, { organisations: [xeroOrgs.au], confirm: true });
    const landing = await world.connectXero(owner, { organisations: [xeroOrgs.au] });
    expect(landing.outcome).toBe('organisation-taken');
    await world.settle();
    expect((await xeroRow(owner)).connections).toEqual([]);
    expect((await onlyConnection(neighbour)).state).toBe('active');
    expect(connectedAtXero()).toEqual([xeroOrgs.au]);
  });

  test.each([
    ['refuses the code', '/connect/token', 400],
    ['has trouble with tokens', '/connect/token', 500],
    ['does not list what was allowed', '/connections', 500],
    ['does not describe the organisation', '/api.xro/2.0/Organisation', 503],
  ])('when Xero %s', async (_, path, status) => {
    const url = await begin(owner);
    const body = '{"error":"invalid_grant"}';
    world.emulator.control.faults.add({
      path,
      times: 1,
      effect: { kind: 'status', status, contentType: 'application/json', body },
    });
    const landing = await goThroughXero(world.emulator, owner, url);
    expect(landing.outcome).toBe('refused-by-xero');
    await world.settle();
    expect((await xeroRow(owner)).connections).toEqual([]);
  });
});

test('without a Xero app the row says who has to act, and connecting is refused', async () => {
  const bare = await startWorld({ hasXeroApp: false });
  try {
    const asker = await bare.people.owner();
    expect((await xeroRow(asker)).barrier).toBe('not-configured');
    const problem = await asker.refusal(api.beginConsent, { body: { app: 'xero' } });
    expect(problem).toMatchObject({ status: 409, code: 'connection.not-configured' });
  } finally {
    await bare.close();
  }
});
