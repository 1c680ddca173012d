import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { Connection } from '#contract/connections';
import type { ConnectionId } from '#contract/ids';
import { DAY_MS } from '#platform/clock';
import { ownScope } from '#platform/scope';
import type { ConsentLossReason } from '#xero/index';
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

async function connect(atXero: AtXero = { organisations: [xeroOrgs.au] }): Promise<Connection> {
  const { connectionId } = await world.connectXero(owner, atXero);
  return show(connectionId as ConnectionId);
}

function show(connectionId: ConnectionId): Promise<Connection> {
  return owner.call(api.getConnection, { params: { connectionId } });
}

function disconnect({ id }: Connection): Promise<unknown> {
  return owner.call(api.disconnect, { params: { connectionId: id } });
}

/** Xero's own id of the one connection that stands there. */
function idAtXero(): string {
  const [only, ...more] = world.emulator.control.people.connections();
  if (!only || more.length > 0) throw new Error('Not exactly one connection stands at Xero');
  return only.id;
}

function deletionsAtXero(): string[] {
  const calls = world.emulator.control.log.calls('/connections/');
  return calls.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
}

function countGrants(): Promise<number> {
  return world.context.database.asSystem(async (tx) => {
    const rows = await tx.selectFrom('grants').select('id').execute();
    return rows.length;
  });
}

/** What happens here when a call finds out that Xero no longer lets us in. */
async function loseConsent({ id }: Connection, reason: ConsentLossReason): Promise<void> {
  const scope = ownScope(world.people.providerId);
  const { connections, database } = world.context;
  await database.asProvider(scope.providerId, (tx) =>
    connections.markConsentLost(tx, scope, id, reason),
  );
}

async function eventsOf({ id }: Connection): Promise<string[]> {
  const scope = ownScope(world.people.providerId);
  const { events, database } = world.context;
  const found = await database.asProvider(scope.providerId, (tx) =>
    events.of(tx, scope, { kind: 'connection', id }, { limit: 50 }),
  );
  return found.map(({ event }) => event.kind).reverse();
}

describe('disconnecting', () => {
  test('really deletes the connection at Xero, by its own id, and forgets the tokens', async () => {
    const connection = await connect();
    const id = idAtXero();
    await disconnect(connection);
    expect(deletionsAtXero()).toEqual([`/connections/${id}`]);
    await world.settle();
    expect(await countGrants()).toBe(0);
    expect((await owner.call(api.listApps)).apps[0]?.connections).toEqual([]);
    expect((await show(connection.id)).state).toBe('disconnected');
    expect(await eventsOf(connection)).toEqual(['connection.activated', 'connection.disconnected']);
  });

  test('is harmless when repeated', async () => {
    const connection = await connect();
    await disconnect(connection);
    await disconnect(connection);
    await world.settle();
    await disconnect(connection);
    expect(deletionsAtXero()).toHaveLength(1);
  });

  test('is fine when it was disconnected in Xero already', async () => {
    const connection = await connect();
    world.emulator.control.people.disconnect(xeroOrgs.au);
    await disconnect(connection);
    expect((await show(connection.id)).state).toBe('disconnected');
  });

  test('says so when Xero does not answer, and stays connected', async () => {
    const connection = await connect();
    world.emulator.control.faults.add({
      path: '/connections/*',
      times: 1,
      effect: { kind: 'reset', when: 'before' },
    });
    const problem = await owner.refusal(api.disconnect, {
      params: { connectionId: connection.id },
    });
    expect(problem).toMatchObject({
      status: 503,
      code: 'connection.still-connected',
      remedy: 'retry',
    });
    expect((await show(connection.id)).state).toBe('active');
    await disconnect(connection);
    expect((await show(connection.id)).state).toBe('disconnected');
  });

  test('ends here even when the permission is dead in Xero', async () => {
    const connection = await connect();
    world.clock.advance(61 * DAY_MS);
    const asker = await signInAgain();
    await asker.call(api.disconnect, { params: { connectionId: connection.id } });
    await world.settle();
    expect(await countGrants()).toBe(0);
  });

  test('lets another provider that shares the Xero person go on', async () => {
    const neighbour = await world.neighbours.owner();
    await world.connectXero(neighbour, { organisations: [xeroOrgs.nz] });
    const connection = await connect();
    expect(await countGrants()).toBe(1);
    await disconnect(connection);
    await world.settle();
    expect(await countGrants()).toBe(1);
    expect((await neighbour.call(api.listApps)).apps[0]?.connections[0]?.state).toBe('active');
  });

  test('makes way for connecting anew, to whichever organisation', async () => {
    const first = await connect();
    await disconnect(first);
    await world.settle();
    const second = await connect({ user: xeroUsers.single, confirm: true });
    expect(second.organisation?.xeroOrgId).toBe(xeroOrgs.uk);
    expect(second.id).not.toBe(first.id);
  });
});

describe('when Xero no longer lets us in', () => {
  async function callOnce(begin = () => {}): Promise<void> {
    const { connections, database, xero } = world.context;
    const scope = ownScope(world.people.providerId);
    const [access] = await database.asProvider(scope.providerId, (tx) =>
      connections.active(tx, scope),
    );
    if (!access) throw new Error('Nothing is connected');
    begin();
    await expect(xero.client.forOrg(access).organisation()).rejects.toThrow('xero.consent-lost');
  }

  test.each([
    [
      'the app was disconnected in Xero',
      () => world.emulator.control.people.disconnect(xeroOrgs.au),
    ],
    [
      'the person lost their role there',
      () => world.emulator.control.people.demoteUser(xeroUsers.adviser, xeroOrgs.au),
    ],
    ['the permission ended', () => world.clock.advance(61 * DAY_MS)],
  ])('the first call finds out: %s', async (_, happens) => {
    const connection = await connect();
    await callOnce(happens);
    const signedIn = await signInAgain();
    const params = { connectionId: connection.id };
    expect((await signedIn.call(api.getConnection, { params })).state).toBe('needs-consent');
    expect(await eventsOf(connection)).toEqual(['connection.activated', 'connection.consent-lost']);
  });

  test('the connection says since when and why, once, and offers to connect again', async () => {
    const connection = await connect();
    await loseConsent(connection, 'access-removed');
    world.clock.advance(60_000);
    await loseConsent(connection, 'grant-dead');
    const shown = await show(connection.id);
    expect(shown.state).toBe('needs-consent');
    expect(shown.trouble).toEqual({
      code: 'xero.access-removed',
      since: new Date(world.clock.now().getTime() - 60_000).toISOString(),
    });
    expect(await eventsOf(connection)).toEqual(['connection.activated', 'connection.consent-lost']);
  });

  test('connecting the same organisation again returns the same connection to life', async () => {
    const connection = await connect();
    world.emulator.control.people.disconnect(xeroOrgs.au);
    await loseConsent(connection, 'access-removed');
    const again = await connect();
    expect(again).toMatchObject({ id: connection.id, state: 'active', trouble: null });
    await world.settle();
    expect(idAtXero()).toBeTruthy();
  });

  test('another person of the organisation may be the one who connects it again', async () => {
    const { people } = world.emulator.control;
    const connection = await connect();
    await loseConsent(connection, 'grant-dead');
    people.setRole(xeroUsers.single, xeroOrgs.au, 'STANDARD');
    const again = await connect({ user: xeroUsers.single, organisations: [xeroOrgs.au] });
    expect(again).toMatchObject({ id: connection.id, state: 'active' });
    await world.settle();
    expect(await countGrants()).toBe(1);
    expect(idAtXero()).toBeTruthy();
  });

  test('connecting again brings back what another provider lost with the same Xero person', async () => {
    const neighbour = await world.neighbours.owner();
    await world.connectXero(neighbour, { organisations: [xeroOrgs.nz] });
    const connection = await connect();
    await world.settle();
    await loseConsent(connection, 'grant-dead');
    const scope = ownScope(world.neighbours.providerId);
    const theirs = async () => (await neighbour.call(api.listApps)).apps[0]?.connections[0];
    const id = (await theirs())?.id as ConnectionId;
    await world.context.database.asProvider(scope.providerId, (tx) =>
      world.context.connections.markConsentLost(tx, scope, id, 'grant-dead'),
    );
    expect((await theirs())?.state).toBe('needs-consent');
    await connect();
    await world.settle();
    expect(await theirs()).toMatchObject({ id, state: 'active', trouble: null });
  });

  test('another organisation is connected only after it was asked for in so many words', async () => {
    const connection = await connect();
    await loseConsent(connection, 'grant-dead');
    const { outcome, connectionId } = await world.connectXero(owner, {
      organisations: [xeroOrgs.nz],
    });
    expect(outcome).toBe('choose');
    expect((await show(connection.id)).state).toBe('needs-consent');
    const params = { connectionId: connectionId as ConnectionId };
    const body = { xeroOrgId: xeroOrgs.nz };
    const chosen = await owner.call(api.chooseOrganisation, { params, body });
    expect(chosen).toMatchObject({ state: 'active', organisation: body });
    expect((await show(connection.id)).state).toBe('disconnected');
    await world.settle();
    expect(world.emulator.control.people.connections().map(({ orgId }) => orgId)).toEqual([
      xeroOrgs.nz,
    ]);
  });
});

/** Sessions end within two months too. */
async function signInAgain(): Promise<Client> {
  const { email } = await world.people.owner();
  await owner.signIn(email, 'a quiet harbour');
  return owner;
}
