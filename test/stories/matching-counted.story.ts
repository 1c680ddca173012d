import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId, LearnerId } from '#contract/ids';
import { DAY_MS } from '#platform/clock';
import { approveMatches } from '../world/approve-matches.ts';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

let world: World;
let owner: SignedIn;
let anaId: LearnerId;

const lines = [{ description: 'Fee', unitAmount: '80', taxType: 'EXEMPTOUTPUT' }];

/** Two contacts that may be Ana Lima, and one that is surely Tom's. */
beforeEach(async () => {
  world = await startWorld();
  owner = await world.people.owner();
  const { bookkeeper } = world;
  const known = bookkeeper.createContact({ Name: 'Ana Lima' });
  bookkeeper.createContact({ Name: 'Lima, Ana' });
  const tom = bookkeeper.createContact({ Name: 'Tom Safe', EmailAddress: 'tom@example.com' });
  for (const contactId of [...Array(12).fill(known.id), tom.id]) {
    bookkeeper.createInvoice({ contactId, lines });
  }
  bookkeeper.void(bookkeeper.createInvoice({ contactId: known.id, lines }).id);
  const people = [
    { firstName: 'Ana', lastName: 'Lima' },
    { firstName: 'Tom', lastName: 'Safe', email: 'tom@example.com' },
  ];
  for (const body of people) {
    const { id } = await owner.call(api.addLearner, { body: { ...body, syncToXero: true } });
    if (body.firstName === 'Ana') anaId = id;
  }
}, 60_000);
afterEach(() => world.close());

async function connect(): Promise<ConnectionId> {
  world.emulator.control.log.clear();
  const { connectionId } = await world.connectXero(owner, { leavesMatchesOpen: true });
  await world.settle();
  if (!connectionId) throw new Error('Nothing was connected');
  return connectionId;
}

async function candidatesOf(connectionId: ConnectionId, group: 'safe' | 'decide') {
  const params = { connectionId };
  const { items } = await owner.call(api.listProposals, { params, query: { group } });
  return items[0]?.candidates.map(({ contact, invoices }) => [contact.name, invoices]).sort();
}

const counts = () =>
  world.emulator.control.log
    .calls('/api.xro/2.0/Invoices')
    .filter(({ path }) => path.includes('summaryOnly=true')).length;

describe('of two contacts that may be one learner', () => {
  it('is said how many invoices each has, by one call that asks about those alone', async () => {
    const connectionId = await connect();
    expect(await candidatesOf(connectionId, 'decide')).toEqual([
      ['Ana Lima', 12],
      ['Lima, Ana', 0],
    ]);
    expect(counts()).toBe(1);
    // About whom nobody has to decide nobody asks.
    expect(await candidatesOf(connectionId, 'safe')).toEqual([['Tom Safe', null]]);

    // What was decided meanwhile has nothing counted twice.
    await approveMatches(owner, connectionId);
    await world.settle();
    const params = { learnerId: anaId };
    const countsNow = async () =>
      (await owner.call(api.learnerMatch, { params })).open?.candidates
        .map(({ invoices }) => invoices)
        .sort();
    expect(await countsNow()).toEqual([0, 12]);
    // A week later there may be others.
    await world.pass(8 * DAY_MS);
    expect(await countsNow()).toEqual([null, null]);
  });

  it('is said nothing where Xero does not tell, and nobody is troubled', async () => {
    const effect = { kind: 'status', status: 400, body: '{"Message":"No"}' } as const;
    world.emulator.control.faults.add({ path: '/api.xro/2.0/Invoices*', times: 1, effect });
    const connectionId = await connect();
    expect(await candidatesOf(connectionId, 'decide')).toEqual([
      ['Ana Lima', null],
      ['Lima, Ana', null],
    ]);
    await world.pass(DAY_MS);
    expect(counts()).toBe(1);
    const { problems } = await owner.call(api.syncInbox);
    expect(problems.map(({ code }) => code)).toEqual(['matching.open']);
  });
});
