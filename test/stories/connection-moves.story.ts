import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { connectionMoves } from '#connections/connection';
import { api } from '#contract/api';
import { connectionActs } from '#contract/connection-life';
import type { ConnectionState } from '#contract/connections';
import type { ConnectionId } from '#contract/ids';
import { HOUR_MS } from '#platform/clock';
import { xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

type Moves = typeof connectionMoves;
type Move = { [From in keyof Moves]: `${From} → ${Moves[From][number]}` }[keyof Moves];

let world: World;
let owner: SignedIn;
let connectionId: ConnectionId;

beforeEach(async () => {
  world = await startWorld();
  owner = await world.people.owner();
});
afterEach(() => world.close());

const params = () => ({ connectionId });
const people = () => world.emulator.control.people;

async function stateNow(): Promise<ConnectionState> {
  return (await owner.call(api.getConnection, { params: params() })).state;
}

async function connect(organisations: 'all' | (typeof xeroOrgs)['au'][]): Promise<void> {
  const landing = await world.connectXero(owner, { organisations });
  connectionId = landing.connectionId as ConnectionId;
  await world.settle();
}

/** The ways by which a connection gets into each state, for those that begin there. */
const arrive: Record<ConnectionState, () => Promise<unknown>> = {
  choosing: () => connect('all'),
  active: () => connect([xeroOrgs.au]),
  async paused() {
    await arrive.active();
    await owner.call(api.pauseConnection, { params: params() });
  },
  async 'needs-consent'() {
    await arrive.active();
    people().disconnect(xeroOrgs.au);
    await owner.call(api.testConnection, { params: params() });
  },
  async disconnected() {
    await arrive.active();
    await owner.call(api.disconnect, { params: params() });
  },
};

const disconnect = () => owner.call(api.disconnect, { params: params() });

/** Every move of the table, as who makes or meets it would tell it; one that is missing does not compile. */
const moves: Record<Move, { told: string; make(): Promise<unknown>; noted: string | null }> = {
  'choosing → active': {
    told: 'I choose one of the organisations I allowed',
    make: () =>
      owner.call(api.chooseOrganisation, { params: params(), body: { xeroOrgId: xeroOrgs.au } }),
    noted: 'connection.activated',
  },
  'choosing → disconnected': {
    told: 'I cancel instead of choosing, and what I allowed is gone at Xero',
    async make() {
      await disconnect();
      await world.settle();
      expect(people().connections()).toEqual([]);
    },
    noted: null,
  },
  'active → paused': {
    told: 'I pause, and nothing is sent',
    async make() {
      await owner.call(api.pauseConnection, { params: params() });
      await expectSilence();
    },
    noted: 'connection.paused',
  },
  'active → needs-consent': {
    told: 'somebody disconnects Bursar in Xero, and the next call meets it',
    async make() {
      people().disconnect(xeroOrgs.au);
      await somethingToSend();
    },
    noted: 'connection.consent-lost',
  },
  'active → disconnected': {
    told: 'I disconnect, and it is gone at Xero',
    async make() {
      await disconnect();
      expect(people().connections()).toEqual([]);
    },
    noted: 'connection.disconnected',
  },
  'paused → active': {
    told: 'I resume, and what waited is sent',
    async make() {
      await somethingToSend();
      await owner.call(api.resumeConnection, { params: params() });
      await world.settle();
      expect(contactsInXero()).toBe(1);
    },
    noted: 'connection.resumed',
  },
  'paused → needs-consent': {
    told: 'while it is paused Xero stops letting us in, which a test finds',
    async make() {
      people().disconnect(xeroOrgs.au);
      await owner.call(api.testConnection, { params: params() });
    },
    noted: 'connection.consent-lost',
  },
  'paused → disconnected': {
    told: 'I disconnect what is paused',
    make: disconnect,
    noted: 'connection.disconnected',
  },
  'needs-consent → active': {
    told: 'I reconnect, and what waited is sent',
    async make() {
      await somethingToSend();
      await connect([xeroOrgs.au]);
      expect(contactsInXero()).toBe(1);
    },
    noted: 'connection.activated',
  },
  'needs-consent → disconnected': {
    told: 'I disconnect what Xero does not let us into any more',
    make: disconnect,
    noted: 'connection.disconnected',
  },
};

async function somethingToSend(): Promise<void> {
  const body = { firstName: 'Wanda', lastName: 'Waits', syncToXero: true } as const;
  await owner.call(api.addLearner, { body });
  await world.settle();
}

async function expectSilence(): Promise<void> {
  const before = world.emulator.control.log.calls('/api.xro/').length;
  await somethingToSend();
  await world.pass(HOUR_MS);
  expect(world.emulator.control.log.calls('/api.xro/')).toHaveLength(before);
}

function contactsInXero(): number {
  const { contacts } = world.emulator.control.bookkeeper(xeroOrgs.au).books;
  return contacts.all().filter(({ name }) => name.includes('Waits')).length;
}

/** What the audit log holds of this connection, the newest first. */
async function acts(): Promise<string[]> {
  const { items } = await owner.call(api.listAudit);
  return items.filter(({ subject }) => subject.id === connectionId).map(({ kind }) => kind);
}

describe('a connection', () => {
  test.each((Object.keys(moves) as Move[]).map((move) => ({ move, ...moves[move] })))(
    'goes $move: $told',
    async ({ move, make, noted }) => {
      const [from, to] = move.split(' → ') as [ConnectionState, ConnectionState];
      await arrive[from]();
      expect(await stateNow()).toBe(from);
      await make();
      expect(await stateNow()).toBe(to);
      if (noted) expect(await acts()).toContain(noted);
    },
  );
});

describe('a state lets nothing happen but what its page offers:', () => {
  test.each(Object.keys(connectionActs) as ConnectionState[])('%s', async (state) => {
    await arrive[state]();
    const may = connectionActs[state] as readonly string[];
    const attempts = {
      test: api.testConnection,
      pause: api.pauseConnection,
      resume: api.resumeConnection,
    };
    for (const [act, route] of Object.entries(attempts)) {
      if (may.includes(act)) continue;
      await owner.call(route, { params: params() }).catch(() => undefined);
      expect([act, await stateNow()]).toEqual([act, state]);
    }
  });
});

describe('a pause outlives a loss of Xero’s consent:', () => {
  beforeEach(async () => {
    await arrive.paused();
    await somethingToSend();
  });

  async function expectStillPaused(): Promise<void> {
    expect(await stateNow()).toBe('paused');
    expect(contactsInXero()).toBe(0);
    expect(await owner.call(api.getConnectionLife, { params: params() })).toMatchObject({
      pausedBy: owner.name,
      catchingUpSince: null,
    });
    await owner.call(api.resumeConnection, { params: params() });
    await world.settle();
    expect(contactsInXero()).toBe(1);
  }

  test('nothing flows because a role in Xero came back by itself', async () => {
    people().demoteUser(xeroUsers.adviser, xeroOrgs.au);
    await owner.call(api.testConnection, { params: params() });
    expect(await stateNow()).toBe('needs-consent');
    people().setRole(xeroUsers.adviser, xeroOrgs.au, 'ADVISER');
    await world.pass(HOUR_MS);
    await expectStillPaused();
  });

  test('nothing flows because it was reconnected', async () => {
    people().disconnect(xeroOrgs.au);
    await owner.call(api.testConnection, { params: params() });
    await world.settle();
    await connect([xeroOrgs.au]);
    await expectStillPaused();
    const [over] = world.mailbox
      .to(owner.email)
      .filter(({ subject }) => /works again/.test(subject));
    expect(over?.text).toContain('stays paused');
  });
});
