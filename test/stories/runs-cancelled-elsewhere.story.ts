import { afterEach, beforeEach, expect, it } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId, XeroOrgId } from '#contract/ids';
import type { SyncRun } from '#contract/runs';
import { DAY_MS, MINUTE_MS } from '#platform/clock';
import { xeroOrgs, xeroUsers } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { runsBy } from '../world/runs.ts';

let world: ConnectedWorld;
beforeEach(async () => {
  world = await startConnectedWorld();
});
afterEach(() => world.close());

const { start, runOf, itemsOf, steer } = runsBy(() => world.owner);

const CALLED_BACK = 'The run was cancelled before it came to Xero. Sync to Xero is off again.';

async function addLearners(count: number, fields: object): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await world.addLearner({ firstName: `P${n}`, lastName: 'Formerly', ...fields });
  }
}

const turn = (kind: 'sync-on' | 'sync-off') =>
  start({ kind, learners: { filter: { search: 'Formerly' } } });

/** Connects a second organisation beside what there is, and has its contacts read. */
async function connectAlso(xeroOrgId: XeroOrgId): Promise<void> {
  const landing = await world.connectXero(world.owner, {
    organisations: [xeroOrgId],
    another: true,
  });
  expect(landing.outcome).toBe('connected');
  await world.settle();
}

/** From now on Xero takes no call until the next day. */
function spendTheDay(): void {
  const headers = { 'retry-after': String(10 * 60 * 60), 'x-rate-limit-problem': 'day' };
  const effect = { kind: 'status' as const, status: 429, headers };
  world.emulator.control.faults.add({ path: '/api.xro/2.0/Contacts', times: 1, effect });
}

/** Cancels the run while nobody came to Xero; says how many get there the next day. */
async function cancelledTooSoon(run: SyncRun, xeroOrgId: XeroOrgId): Promise<number> {
  await world.settle();
  expect(await runOf(run.id)).toMatchObject({ state: 'running', done: 0 });
  await steer(run.id, 'cancel');
  await world.pass(DAY_MS);
  const { contacts } = world.emulator.control.bookkeeper(xeroOrgId).books;
  return contacts.all().filter(({ name }) => name.endsWith('Formerly')).length;
}

async function withSyncOn(): Promise<number> {
  const query = { search: 'Formerly', syncToXero: 'true' as const, limit: 200 };
  return (await world.owner.call(api.listLearners, { query })).items.length;
}

it('A cancelled run calls those back who were in another organisation, and says they would be added', async () => {
  await addLearners(5, {});
  await world.settle();
  await turn('sync-off');
  await world.settle();
  const [au] = (await world.owner.call(api.listApps)).apps[0]?.connections ?? [];
  if (!au) throw new Error('It is connected');
  await world.owner.call(api.disconnect, { params: { connectionId: au.id } });
  const landing = await world.connectXero(world.owner, { organisations: [xeroOrgs.nz] });
  const connectionId = landing.connectionId as ConnectionId;
  const params = { connectionId };
  await world.owner.call(api.chooseOrganisation, { params, body: { xeroOrgId: xeroOrgs.nz } });
  await world.settle();
  await world.pass(2 * MINUTE_MS);

  spendTheDay();
  const run = await turn('sync-on');
  expect(await cancelledTooSoon(run, xeroOrgs.nz)).toBe(0);
  expect(await withSyncOn()).toBe(0);
  expect((await runOf(run.id)).counts).toMatchObject({ skipped: 5, changed: 0 });
  expect((await itemsOf(run.id)).map(({ reason }) => reason)).toEqual(Array(5).fill(CALLED_BACK));

  // Not cancelled, they are new there, however well another organisation knows them.
  const again = await turn('sync-on');
  await world.settle();
  expect((await runOf(again.id)).counts).toMatchObject({ added: 5, changed: 0 });
});

it('A cancelled run calls those back whose campus has moved to another organisation', async () => {
  const { people } = world.emulator.control;
  const north = people.addOrganisation('Harbour Training North', 'AU') as XeroOrgId;
  people.setRole(xeroUsers.adviser, north, 'ADVISER');
  await addLearners(3, { campus: 'North' });
  await world.settle();
  await turn('sync-off');
  await world.settle();
  await connectAlso(north);
  const campuses = [{ campus: 'North', xeroOrgId: north }];
  const body = { defaultXeroOrgId: xeroOrgs.au, campuses };
  await world.owner.call(api.setOrganisationRules, { body });
  await world.settle();
  await world.pass(2 * MINUTE_MS);

  spendTheDay();
  const run = await turn('sync-on');
  expect(await cancelledTooSoon(run, north)).toBe(0);
  expect(await withSyncOn()).toBe(0);
  expect((await runOf(run.id)).counts).toMatchObject({ skipped: 3, changed: 0 });
});
