import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId, LearnerId, SyncRunId, XeroOrgId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import type { RunWish } from '#contract/runs';
import { xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;
/** The books of the campus North, beside those of the Australian organisation, the default. */
let north: XeroOrgId;
let northConnection: ConnectionId;

beforeEach(async () => {
  world = await startConnectedWorld();
  const { people } = world.emulator.control;
  north = people.addOrganisation('Harbour Training North', 'AU') as XeroOrgId;
  people.setRole(xeroUsers.adviser, north, 'ADVISER');
  const landing = await connectAnother([north]);
  expect(landing.outcome).toBe('connected');
  northConnection = landing.connectionId as ConnectionId;
  await setRules([{ campus: 'North', xeroOrgId: north }]);
  await world.settle();
});
afterEach(() => world.close());

function connectAnother(organisations: XeroOrgId[]) {
  return world.connectXero(world.owner, { organisations, another: true });
}

function setRules(campuses: { campus: string; xeroOrgId: XeroOrgId }[]) {
  const body = { defaultXeroOrgId: xeroOrgs.au, campuses };
  return world.owner.call(api.setOrganisationRules, { body });
}

function keeperOf(xeroOrgId: XeroOrgId) {
  return world.emulator.control.bookkeeper(xeroOrgId);
}

/** Whether a contact with the learner's number stands in these books. */
function isIn(xeroOrgId: XeroOrgId, learner: Learner): boolean {
  return keeperOf(xeroOrgId).findContact(learner.learnerNumber) !== undefined;
}

function invoice(xeroOrgId: XeroOrgId, contactKey: string, number: string, amount: string): void {
  const keeper = keeperOf(xeroOrgId);
  const contact = keeper.findContact(contactKey);
  if (!contact) throw new Error(`${contactKey} is in these books`);
  keeper.createInvoice({
    contactId: contact.id,
    number,
    status: 'AUTHORISED',
    lineAmountTypes: 'NoTax',
    lines: [{ description: 'Tuition', unitAmount: amount }],
  });
}

async function papersOf(learnerId: LearnerId) {
  const { items, balances } = await world.documentsOf(learnerId);
  return {
    papers: items.map(({ number, xeroOrgId }) => [number, xeroOrgId]).toSorted(),
    due: balances.map(({ xeroOrgId, isConnected, due }) => [
      xeroOrgId,
      isConnected,
      due.amountMinor,
    ]),
  };
}

async function resync(body: RunWish) {
  return (await world.owner.call(api.startSyncRun, { body })).runs;
}

/** What became of the learners of a run. */
async function learnersOf(runId: SyncRunId) {
  const { items } = await world.owner.call(api.listSyncRunItems, { params: { runId }, query: {} });
  return items.map(({ subjectId, outcome, reason }) => [subjectId, outcome, reason]);
}

async function rowOf(learnerId: LearnerId) {
  const { items } = await world.owner.call(api.listLearners, { query: {} });
  const row = items.find(({ id }) => id === learnerId);
  if (!row) throw new Error('The learner is listed');
  return row;
}

describe('two organisations of one provider', () => {
  test('each learner is put into one of them, by campus, else the default', async () => {
    const mei = await world.addLearner({ firstName: 'Mei', lastName: 'Chen' });
    const ben = await world.addLearner({ firstName: 'Ben', lastName: 'Ito', campus: ' north ' });
    await world.settle();
    expect([isIn(xeroOrgs.au, mei), isIn(north, mei)]).toEqual([true, false]);
    expect([isIn(xeroOrgs.au, ben), isIn(north, ben)]).toEqual([false, true]);
    expect(await world.syncOf(ben.id)).toMatchObject({
      organisation: { xeroOrgId: north, name: 'Harbour Training North', isConnected: true },
      link: { xeroOrgId: north, standing: 'in-step' },
    });
    const { items } = await world.owner.call(api.listLearners, { query: { campus: 'NORTH' } });
    expect(items.map(({ id }) => id)).toEqual([ben.id]);
    const { campuses } = await world.owner.call(api.getOrganisationRules);
    expect(campuses).toEqual([{ campus: 'north', learners: 1, xeroOrgId: north }]);
  });

  test('never mix, though both have contacts and invoices of the same name and number', async () => {
    const mei = await world.addLearner({ firstName: 'Mei', lastName: 'Chen' });
    const ben = await world.addLearner({ firstName: 'Ben', lastName: 'Ito', campus: 'North' });
    await world.settle();
    for (const [org, learner] of [
      [north, mei],
      [xeroOrgs.au, ben],
    ] as const) {
      keeperOf(org).createContact({
        Name: `${learner.firstName} ${learner.lastName}`,
        ContactNumber: learner.learnerNumber,
      });
    }
    for (const org of [xeroOrgs.au, north]) {
      for (const { learnerNumber } of [mei, ben]) {
        invoice(org, learnerNumber, `INV-${learnerNumber}`, org === north ? '20.00' : '10.00');
      }
    }
    await world.settle();
    expect(await papersOf(mei.id)).toEqual({
      papers: [[`INV-${mei.learnerNumber}`, xeroOrgs.au]],
      due: [[xeroOrgs.au, true, 1_000]],
    });
    expect(await papersOf(ben.id)).toEqual({
      papers: [[`INV-${ben.learnerNumber}`, north]],
      due: [[north, true, 2_000]],
    });
    await world.edit(mei, { email: 'mei@learner.example' });
    await world.settle();
    const emailIn = (org: XeroOrgId) => keeperOf(org).findContact(mei.learnerNumber)?.email;
    expect(emailIn(xeroOrgs.au)).toBe('mei@learner.example');
    expect(emailIn(north)).not.toBe('mei@learner.example');
  });

  test('a learner who changes campus moves: the old link is kept and not sent to any more', async () => {
    let mei = await world.addLearner({ firstName: 'Mei', lastName: 'Chen' });
    await world.settle();
    invoice(xeroOrgs.au, mei.learnerNumber, 'INV-A', '10.00');
    await world.settle();
    mei = await world.edit(mei, { campus: 'North' });
    await world.settle();
    expect((await world.syncOf(mei.id)).link).toMatchObject({
      xeroOrgId: north,
      standing: 'in-step',
    });
    invoice(north, mei.learnerNumber, 'INV-B', '20.00');
    mei = await world.edit(mei, { phoneMobile: '0400 111 222' });
    await world.settle();
    const sentTo = (org: XeroOrgId) =>
      JSON.stringify(keeperOf(org).findContact(mei.learnerNumber)).includes('111 222');
    expect([sentTo(xeroOrgs.au), sentTo(north)]).toEqual([false, true]);
    expect((await papersOf(mei.id)).papers).toEqual([
      ['INV-A', xeroOrgs.au],
      ['INV-B', north],
    ]);
    expect((await rowOf(mei.id)).owing).toHaveLength(2);
    expect((await rowOf(mei.id)).owing).toEqual(
      expect.arrayContaining([
        { xeroOrgId: xeroOrgs.au, amountMinor: 1_000, currency: 'AUD' },
        { xeroOrgId: north, amountMinor: 2_000, currency: 'AUD' },
      ]),
    );

    await world.edit(mei, { campus: null });
    await world.settle();
    expect((await world.syncOf(mei.id)).link).toMatchObject({
      xeroOrgId: xeroOrgs.au,
      standing: 'in-step',
    });
  });

  test('a rule that changes moves the learners it is about', async () => {
    const ben = await world.addLearner({ firstName: 'Ben', lastName: 'Ito', campus: 'North' });
    const ana = await world.addLearner({ firstName: 'Ana', lastName: 'Silva', campus: 'South' });
    await world.settle();
    expect((await world.syncOf(ana.id)).link?.xeroOrgId).toBe(xeroOrgs.au);
    await setRules([{ campus: 'South', xeroOrgId: north }]);
    await world.settle();
    expect((await world.syncOf(ben.id)).link?.xeroOrgId).toBe(xeroOrgs.au);
    expect((await world.syncOf(ana.id)).link?.xeroOrgId).toBe(north);
    expect(isIn(north, ana)).toBe(true);
  });

  test('a resync asks each for its own learners, and says of who has moved that they have', async () => {
    const mei = await world.addLearner({ firstName: 'Mei', lastName: 'Chen' });
    const ben = await world.addLearner({ firstName: 'Ben', lastName: 'Ito', campus: 'North' });
    await world.settle();
    const started = await resync({ kind: 'resync-everything' });
    await world.settle();
    const seen = await Promise.all(
      started.map(async ({ id, xeroOrgId }) => [xeroOrgId, await learnersOf(id)]),
    );
    expect(seen.toSorted()).toEqual(
      [
        [xeroOrgs.au, [[mei.id, 'unchanged', null]]],
        [north, [[ben.id, 'unchanged', null]]],
      ].toSorted(),
    );
    const ofMei = { kind: 'resync-learners' as const, learners: { ids: [mei.id] } };
    expect((await resync(ofMei)).map(({ xeroOrgId }) => xeroOrgId)).toEqual([xeroOrgs.au]);
    const body = { ...ofMei, xeroOrgId: north };
    expect(await world.owner.refusal(api.startSyncRun, { body })).toMatchObject({
      code: 'run.nothing-to-do',
      detail: 'None of them belongs to that Xero organisation.',
    });
    await world.settle();

    const [run] = await resync(ofMei);
    await world.edit(mei, { campus: 'North' });
    await world.settle();
    expect(run && (await learnersOf(run.id))).toEqual([
      [mei.id, 'skipped', 'Belongs to another Xero organisation.'],
    ]);
  });

  test('one that is disconnected holds its learners back and no longer counts as owing', async () => {
    const ben = await world.addLearner({ firstName: 'Ben', lastName: 'Ito', campus: 'North' });
    await world.settle();
    invoice(north, ben.learnerNumber, 'INV-B', '20.00');
    await world.settle();
    await world.owner.call(api.disconnect, { params: { connectionId: northConnection } });
    await world.edit(ben, { email: 'ben@learner.example' });
    await world.settle();
    expect(isIn(xeroOrgs.au, ben)).toBe(false);
    expect(await world.syncOf(ben.id)).toMatchObject({
      organisation: { xeroOrgId: north, isConnected: false },
      link: null,
    });
    expect((await rowOf(ben.id)).owing).toEqual([]);
    const query = { owing: 'true' as const };
    expect((await world.owner.call(api.listLearners, { query })).items).toEqual([]);
    expect(await papersOf(ben.id)).toEqual({
      papers: [['INV-B', north]],
      due: [[north, false, 2_000]],
    });
    const { organisations } = await world.owner.call(api.listOrganisations);
    expect(organisations.map(({ name, isConnected }) => [name, isConnected])).toEqual([
      ['Harbour Training Pty Ltd', true],
      ['Harbour Training North', false],
    ]);
  });

  test('one that loses its consent comes back beside the other', async () => {
    world.emulator.control.people.disconnect(north);
    const ben = await world.addLearner({ firstName: 'Ben', lastName: 'Ito', campus: 'North' });
    await world.settle();
    const states = async () =>
      ((await world.owner.call(api.listApps)).apps[0]?.connections ?? [])
        .map(({ organisation, state }) => [organisation?.name, state])
        .toSorted();
    expect(await states()).toEqual([
      ['Harbour Training North', 'needs-consent'],
      ['Harbour Training Pty Ltd', 'active'],
    ]);
    const { connectionId } = await world.connectXero(world.owner, { organisations: [north] });
    expect(connectionId).toBe(northConnection);
    await world.settle();
    expect((await states()).map(([, state]) => state)).toEqual(['active', 'active']);
    expect((await world.standingOf(ben.id))?.standing).toBe('in-step');
  });
});

test('rules name organisations of this provider and each campus once, and are for Owners and Admins', async () => {
  const refusal = (campuses: { campus: string; xeroOrgId: XeroOrgId }[]) =>
    world.owner.refusal(api.setOrganisationRules, {
      body: { defaultXeroOrgId: xeroOrgs.au, campuses },
    });
  const foreign = await refusal([{ campus: 'East', xeroOrgId: xeroOrgs.uk }]);
  expect(foreign.fields?.[0]?.field).toBe('campuses.0.xeroOrgId');
  const twice = await refusal([
    { campus: 'East', xeroOrgId: north },
    { campus: 'EAST ', xeroOrgId: xeroOrgs.au },
  ]);
  expect(twice.fields?.[0]?.field).toBe('campuses.1.campus');
  const finance = await world.people.finance();
  const body = { defaultXeroOrgId: xeroOrgs.au, campuses: [] };
  const problem = await finance.refusal(api.setOrganisationRules, { body });
  expect(problem.code).toBe('permission.missing');
  expect((await finance.call(api.getOrganisationRules)).rules.campuses).toHaveLength(1);
  const again = await world.owner.refusal(api.beginConsent, { body: { app: 'xero' } });
  expect(again.code).toBe('connection.already-connected');
});

test('several are connected at one go from the chooser', async () => {
  const { people } = world.emulator.control;
  const [east, west] = ['East', 'West'].map((name) => {
    const id = people.addOrganisation(`Harbour ${name}`, 'AU') as XeroOrgId;
    people.setRole(xeroUsers.adviser, id, 'ADVISER');
    return id;
  });
  if (!east || !west) throw new Error('Two organisations were made');
  const { connectionId } = await connectAnother([east, west]);
  const params = { connectionId: connectionId as ConnectionId };
  const body = { xeroOrgId: east, also: [west] };
  await world.owner.call(api.chooseOrganisation, { params, body });
  await world.settle();
  const connections = (await world.owner.call(api.listApps)).apps[0]?.connections ?? [];
  expect(connections.map(({ state }) => state)).toEqual(['active', 'active', 'active', 'active']);
  expect(people.connections()).toHaveLength(4);
});
