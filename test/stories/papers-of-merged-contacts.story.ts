import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { Learner } from '#contract/learners';
import { HOUR_MS, MINUTE_MS } from '#platform/clock';
import { compare } from '../world/compare.ts';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { learnerNow, mergeLearners, undoMerge } from '../world/merging.ts';
import { owedBy, raiseLongAgo } from '../world/old-papers.ts';

let world: ConnectedWorld;
beforeAll(async () => {
  world = await startConnectedWorld();
});
afterAll(() => world.close());

const contactOf = (learner: Learner) =>
  world.bookkeeper.findContact(learner.learnerNumber)?.id ?? '';

async function linked(firstName: string): Promise<Learner> {
  const learner = await world.addLearner({ firstName, lastName: 'Merge' });
  await world.settle();
  return learner;
}

/** Merges in Xero, and lets whatever notices and sweeps tell of it be heard. */
async function mergeInXero(from: string, into: string): Promise<void> {
  world.clock.advance(MINUTE_MS);
  world.bookkeeper.mergeContacts(from, into);
  await world.settle();
  await world.pass(HOUR_MS);
}

/** An invoice that has come home, where its contact is anybody's here. */
async function raise(contactId: string, unitAmount: string): Promise<string> {
  const lines = [{ description: 'Fee', unitAmount, taxType: 'EXEMPTOUTPUT' }];
  const { id } = world.bookkeeper.createInvoice({ contactId, lines });
  await world.settle();
  // What Xero says of strangers is gathered for some minutes before it is read.
  await world.pass(11 * MINUTE_MS);
  return id;
}

/** Readings of the papers of one contact. */
const byContact = () =>
  world.emulator.control.log.calls('/api.xro').filter(({ path }) => /contactids?[%=]/i.test(path));

/** What the last account of a learner's statement closes with. */
async function closingOf({ id: learnerId }: Learner): Promise<number> {
  const query = { from: '2020-01-01', to: '2030-01-01' };
  const { statements } = await world.owner.call(api.learnerStatement, {
    params: { learnerId },
    query,
  });
  return statements.at(-1)?.closing.amountMinor ?? 0;
}

const WAYS = {
  quietly: { mergesMovePapersLoudly: false, mergesLeavePapers: false },
  loudly: { mergesMovePapersLoudly: true, mergesLeavePapers: false },
  'not at all': { mergesMovePapersLoudly: false, mergesLeavePapers: true },
};

describe.each(Object.keys(WAYS) as (keyof typeof WAYS)[])('where Xero moves papers %s', (way) => {
  beforeAll(() => {
    Object.assign(world.emulator.control.switches, WAYS[way]);
  });
  const named = (name: string) => `${name} ${way}`;

  it('a merge into another learner’s contact brings that learner the papers', async () => {
    const goes = await linked(named('Goes'));
    const stays = await linked(named('Stays'));
    await raiseLongAgo(world, contactOf(goes), '40.00');
    expect(await owedBy(world, goes)).toBe(4_000);
    await mergeInXero(contactOf(goes), contactOf(stays));
    expect(await owedBy(world, stays)).toBe(4_000);
    expect(await owedBy(world, goes)).toBe(0);
    expect(await closingOf(stays)).toBe(4_000);
  });

  it('a learner whose contact is merged into nobody’s keeps their papers', async () => {
    const learner = await linked(named('Moves'));
    await raise(contactOf(learner), '60.00');
    const into = world.bookkeeper.createContact({ Name: named('Nobody Else') });
    await mergeInXero(contactOf(learner), into.id);
    expect((await world.syncOf(learner.id)).link?.contactId).toBe(into.id);
    expect(await owedBy(world, learner)).toBe(6_000);
  });

  it('a contact of nobody that is merged into a learner’s brings its papers along', async () => {
    const learner = await linked(named('Own'));
    const stranger = world.bookkeeper.createContact({ Name: named('Known In Xero Alone') });
    await raiseLongAgo(world, stranger.id, '70.00');
    expect(await owedBy(world, learner)).toBe(0);
    await mergeInXero(stranger.id, contactOf(learner));
    expect(await owedBy(world, learner)).toBe(7_000);
    if (way !== 'loudly') expect(byContact()).not.toEqual([]);
    world.emulator.control.log.clear();
    await world.pass(9 * HOUR_MS);
    expect(byContact()).toEqual([]);
  });

  it('a merge of what was merged before brings the papers of both', async () => {
    const learner = await linked(named('Both'));
    const [first, second] = [named('First One'), named('Second One')].map((Name) =>
      world.bookkeeper.createContact({ Name }),
    );
    await raiseLongAgo(world, first?.id ?? '', '10.00');
    await raiseLongAgo(world, second?.id ?? '', '5.00');
    await mergeInXero(first?.id ?? '', second?.id ?? '');
    await mergeInXero(second?.id ?? '', contactOf(learner));
    expect(await owedBy(world, learner)).toBe(1_500);
  });

  it('while it was disconnected too, once it is connected again', async () => {
    const learner = await linked(named('Later'));
    const stranger = world.bookkeeper.createContact({ Name: named('Merged Meanwhile') });
    await raiseLongAgo(world, stranger.id, '20.00');
    const { apps } = await world.owner.call(api.listApps);
    const active = apps[0]?.connections.find((one) => one.state === 'active');
    if (!active) throw new Error('Nothing is connected');
    await world.owner.call(api.disconnect, { params: { connectionId: active.id } });
    await world.settle();
    await mergeInXero(stranger.id, contactOf(learner));
    await world.connectXero(world.owner, { confirm: true });
    await world.settle();
    await world.pass(HOUR_MS);
    expect(await owedBy(world, learner)).toBe(2_000);
  });

  it('nothing differs when everything is compared, and a diagnosis counts alike', async () => {
    const goes = await linked(named('Told'));
    const stays = await linked(named('Counted'));
    const { number } = world.bookkeeper.invoice(await raise(contactOf(goes), '11.00'));
    await mergeInXero(contactOf(goes), contactOf(stays));
    const { check, differences } = await compare(world, 'everything');
    expect({ differences, verdict: check.verdict }).toEqual({ differences: [], verdict: 'agreed' });
    for (const [learner, count] of [
      [goes, 0],
      [stays, 1],
    ] as const) {
      const { look } = await world.owner.call(api.lookForLearner, {
        params: { learnerId: learner.id },
      });
      const papers = look?.papers.map(({ inXero, here }) => [inXero, here]) ?? [];
      const sum = (side: number) => papers.reduce((all, one) => all + (one[side] ?? 0), 0);
      expect([sum(0), sum(1)]).toEqual([count, count]);
    }
    const { found } = await world.owner.call(api.findPaper, { body: { number: number ?? '' } });
    expect(found).toMatchObject([{ fate: 'here', learnerId: stays.id }]);
    expect(await owedBy(world, stays)).toBe(1_100);
    await world.edit(await learnerNow(world, goes), { syncToXero: false });
  });
});

describe('where papers go on naming the contact that was merged away', () => {
  beforeAll(() => {
    Object.assign(world.emulator.control.switches, WAYS['not at all']);
  });

  it('a merge of learners that is undone leaves each the papers of their own contact', async () => {
    const goes = await linked('Parted');
    const stays = await linked('Kept');
    const stranger = world.bookkeeper.createContact({ Name: 'Part Of Parted' });
    await raise(stranger.id, '3.00');
    await raise(contactOf(goes), '4.00');
    await mergeInXero(stranger.id, contactOf(goes));
    await mergeLearners(world, stays, goes);
    expect(await owedBy(world, stays)).toBe(700);
    await undoMerge(world, stays);
    await world.pass(HOUR_MS);
    expect([await owedBy(world, stays), await owedBy(world, goes)]).toEqual([0, 700]);
    await mergeLearners(world, stays, goes);
    await mergeInXero(contactOf(goes), contactOf(stays));
    await undoMerge(world, stays);
    await world.pass(HOUR_MS);
    expect([await owedBy(world, stays), await owedBy(world, goes)]).toEqual([700, 0]);
    await world.edit(await learnerNow(world, goes), { syncToXero: false });
  });

  it('a link that is moved by hand takes along what was merged into its contact', async () => {
    const learner = await linked('Wrong');
    const right = world.bookkeeper.createContact({ Name: 'Right' });
    const older = world.bookkeeper.createContact({ Name: 'Older Right' });
    await raise(older.id, '8.00');
    await mergeInXero(older.id, right.id);
    const former = contactOf(learner);
    const stranger = world.bookkeeper.createContact({ Name: 'Part Of Wrong' });
    await raise(stranger.id, '9.00');
    await mergeInXero(stranger.id, former);
    expect(await owedBy(world, learner)).toBe(900);
    for (const [contactId, owed] of [
      [right.id, 800],
      [former, 900],
    ] as const) {
      await world.owner.call(api.relinkLearner, {
        params: { learnerId: learner.id },
        body: { xeroOrgId: xeroOrgs.au as never, contactId },
      });
      await world.settle();
      await world.pass(HOUR_MS);
      expect(await owedBy(world, learner)).toBe(owed);
    }
  });

  it('papers that go on naming a contact leave with it when Xero’s people bring it back', async () => {
    const learner = await linked('Too Much');
    const stranger = world.bookkeeper.createContact({ Name: 'Merged By Mistake' });
    await raise(stranger.id, '12.00');
    await mergeInXero(stranger.id, contactOf(learner));
    expect(await owedBy(world, learner)).toBe(1_200);
    world.clock.advance(MINUTE_MS);
    world.bookkeeper.restoreContact(stranger.id);
    await world.settle();
    await world.pass(HOUR_MS);
    expect(await owedBy(world, learner)).toBe(0);
  });
});

it('papers that come to a stranger’s contact first, since nothing told of the merge, stay with the learner', async () => {
  Object.assign(world.emulator.control.switches, WAYS.loudly);
  const { webhooks } = world.emulator.control;
  const { url, key } = webhooks.subscription() ?? { url: '', key: '' };
  const learner = await linked('Followed');
  const stranger = world.bookkeeper.createContact({ Name: 'F. Merge' });
  await raise(contactOf(learner), '30.00');
  webhooks.configure(url, { key, categories: ['INVOICE'] });
  world.clock.advance(MINUTE_MS);
  world.bookkeeper.mergeContacts(contactOf(learner), stranger.id);
  await world.settle();
  expect(await owedBy(world, learner)).toBe(3_000);
  expect((await world.syncOf(learner.id)).link?.contactId).toBe(stranger.id);
  const { items } = await world.owner.call(api.learnerHistory, {
    params: { learnerId: learner.id },
    query: {},
  });
  expect(items.filter(({ summary }) => summary.includes('someone else'))).toEqual([]);
  webhooks.configure(url, { key });
});
