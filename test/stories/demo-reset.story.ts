import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#platform/clock';
import { newId } from '#platform/ids';
import { ownScope } from '#platform/scope';
import { openCheck, saveCheck } from '../../src/sync/agreement/check-store.ts';
import { compare, stand } from '../world/compare.ts';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

/** Xero empties its demo company after 28 days: the same organisation with books of its own. */
let world: ConnectedWorld;
let learner: Learner;
let connectionId: ConnectionId;
beforeAll(async () => {
  world = await startConnectedWorld();
  world.bookkeeper.setPlan('DEMO');
  await world.pass(HOUR_MS);
  learner = await world.addLearner({ firstName: 'Dena', lastName: 'Demo' });
  await world.settle();
  const first = raise('120.00');
  world.bookkeeper.pay(first, '50.00');
  raise('30.00');
  await world.pass(HOUR_MS);
  expect(await owed()).toEqual([10_000]);
  expect((await compare(world, 'everything')).check.verdict).toBe('agreed');
});
afterAll(() => world.close());

function raise(unitAmount: string): string {
  return world.bookkeeper.createInvoice({
    contactId: world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '',
    lines: [{ description: 'Fee', unitAmount, taxType: 'EXEMPTOUTPUT' }],
  }).id;
}

/** What the learner owes, by organisation. */
async function owed(): Promise<number[]> {
  const { balances } = await world.documentsOf(learner.id);
  return balances.map(({ due }) => due.amountMinor);
}

async function owing(): Promise<string[]> {
  const { items } = await world.owner.call(api.listLearners, { query: { owing: 'true' } });
  return items.map(({ id }) => id);
}

/** What is wrong with the only connection, if anything is. */
async function news() {
  return (await world.owner.call(api.listConnectionNews)).news[0];
}

/** Lets Xero reset the demo company, and answers with the connection that stopped working by it. */
async function reset(): Promise<ConnectionId> {
  world.emulator.control.troubles.resetDemo(xeroOrgs.au);
  for (let quarter = 0; quarter < 8 && !(await news()); quarter += 1) {
    await world.pass(15 * MINUTE_MS);
  }
  const found = await news();
  if (found?.trouble?.code !== 'xero.demo-reset') throw new Error('The reset was not noticed');
  return found.connectionId;
}

/** Has the comparison that is on name a paper that it did not find in Xero any more. */
async function missAPaper(): Promise<void> {
  const missed = {
    kind: 'invoice' as const,
    xeroId: newId(),
    number: 'INV-1',
    partyId: null,
    why: 'It is no longer in Xero.',
    ours: null,
    theirs: null,
    isMended: false,
  };
  const scope = ownScope(world.people.providerId);
  const check = await world.context.database.asProvider(scope.providerId, async (tx) => {
    const open = await openCheck(tx, scope, xeroOrgs.au);
    if (open) await saveCheck(tx, scope, { ...open, differences: [missed], differenceCount: 1 });
    return open;
  });
  expect(check).not.toBeNull();
}

describe('A demo company that Xero has reset', () => {
  it('keeps the papers of before as long as nobody has connected it anew', async () => {
    await world.pass(27 * DAY_MS);
    // Somebody asks for a comparison just before, which the reset leaves half done.
    await world.owner.call(api.checkAgreement, {
      body: { xeroOrgId: xeroOrgs.au, way: 'everything' },
    });
    await missAPaper();
    connectionId = await reset();
    expect(await owed()).toEqual([10_000]);
  });

  it('is known as reset also after the permission itself has ended', async () => {
    world.emulator.control.faults.add({
      path: '/connect/token',
      effect: {
        kind: 'status',
        status: 400,
        contentType: 'application/json',
        body: '{"error":"invalid_grant"}',
      },
    });
    await world.pass(DAY_MS);
    world.emulator.control.faults.clear();
    expect(await news()).toMatchObject({ trouble: { code: 'xero.demo-reset' } });
  });

  it('is owed nothing by the papers of before once it is connected anew', async () => {
    await world.connectXero(world.owner, { organisations: [xeroOrgs.au] });
    await world.pass(HOUR_MS);
    expect(await world.standingOf(learner.id)).toMatchObject({ standing: 'in-step' });
    expect(world.bookkeeper.books.invoices.all()).toEqual([]);
    expect((await world.documentsOf(learner.id)).items).toEqual([]);
    expect(await owed()).toEqual([]);
    expect(await owing()).toEqual([]);
  });

  it('agrees with ours from the first comparison on, and no comparison is left half done', async () => {
    await world.pass(DAY_MS);
    const { latest, running } = await stand(world);
    expect(running).toBeNull();
    expect(latest).toMatchObject({ verdict: 'agreed', differenceCount: 0, papers: 0 });
    const query = { xeroOrgId: xeroOrgs.au };
    const { items } = await world.owner.call(api.listAgreementChecks, { query });
    expect(new Set(items.map(({ verdict }) => verdict))).toEqual(new Set(['agreed']));
    for (const way of ['counts', 'everything'] as const) {
      expect(await compare(world, way)).toMatchObject({
        check: { verdict: 'agreed' },
        differences: [],
      });
    }
  });

  it('has its new papers followed as any other', async () => {
    raise('7.00');
    await world.pass(HOUR_MS);
    expect(await owed()).toEqual([700]);
    expect(await owing()).toEqual([learner.id]);
    expect((await compare(world, 'everything')).check).toMatchObject({
      verdict: 'agreed',
      papers: 1,
    });
  });

  it('tells in the history of the connection what became of its contacts and papers', async () => {
    const params = { connectionId };
    const { items } = await world.owner.call(api.connectionHistory, { params });
    expect(items.map(({ summary }) => summary)).toContain(
      'Xero reset the demo company: contacts and papers of before are gone, here too',
    );
  });

  it('is owed nothing by them either where it is disconnected first and connected later', async () => {
    await world.pass(27 * DAY_MS);
    const params = { connectionId: await reset() };
    await world.owner.call(api.disconnect, { params });
    await world.pass(HOUR_MS);
    expect((await world.documentsOf(learner.id)).items).toEqual([]);
    expect((await world.owner.call(api.listAgreements)).agreements).toEqual([]);
    await world.connectXero(world.owner, {
      organisations: [xeroOrgs.au],
      confirm: true,
    });
    await world.pass(DAY_MS);
    expect(await world.standingOf(learner.id)).toMatchObject({ standing: 'in-step' });
    expect(await owed()).toEqual([]);
    expect((await compare(world, 'everything')).check.verdict).toBe('agreed');
  });
});
