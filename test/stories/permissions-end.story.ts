import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { api } from '#contract/api';
import { EXPORT_PATH, GRACE_DAYS } from '#contract/closing';
import type { ConnectionId } from '#contract/ids';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#platform/clock';
import { newId } from '#platform/ids';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';

let world: ConnectedWorld;

beforeEach(async () => {
  world = await startConnectedWorld();
});
afterEach(() => world.close());

function grants(): Promise<{ id: string; holder_name: string | null }[]> {
  return world.context.database.asSystem((tx) =>
    tx.selectFrom('grants').select(['id', 'holder_name']).execute(),
  );
}

async function theGrant(): Promise<string> {
  const [only, ...more] = await grants();
  if (!only || more.length > 0) throw new Error('Not exactly one permission is kept');
  return only.id;
}

function copies(): Promise<string[]> {
  return readdir(join(world.config.dataDir, 'grants'));
}

const atXero = () => world.emulator.control.people.connections().map(({ orgId }) => orgId);

/** Somebody else has come back from Xero, and what they brought is not dealt with yet. */
async function leaveConsentUnderWay(): Promise<void> {
  const now = world.clock.now();
  await world.context.database.asSystem((tx) =>
    tx
      .insertInto('consents')
      .values({
        provider_id: world.neighbours.providerId,
        id: newId(),
        app: 'xero',
        asked_by: JSON.stringify({ kind: 'bursar', name: 'Bursar' }),
        created_at: now,
        state_hash: Buffer.alloc(32, 1),
        binding_hash: Buffer.alloc(32, 2),
        sealed_verifier: 'x',
        expires_at: new Date(now.getTime() + 10 * MINUTE_MS),
        used_at: now,
      })
      .execute(),
  );
}

function tidy(grantId: string): Promise<void> {
  const handler = world.context.handlers.find(({ job }) => job.name === 'tidy-xero-connections');
  if (!handler) throw new Error('Nobody tidies');
  return handler.handle({ grantId, authEventId: null });
}

async function disconnect(): Promise<void> {
  const { apps } = await world.owner.call(api.listApps);
  const id = apps.flatMap(({ connections }) => connections)[0]?.id as ConnectionId;
  await world.owner.call(api.disconnect, { params: { connectionId: id } });
}

/** The last connection ended, and the job that was to let its permission go was lost. */
async function loseTheLastConnection(): Promise<void> {
  await world.context.database.asSystem((tx) =>
    tx
      .updateTable('connections')
      .set({ state: 'disconnected', disconnected_at: world.clock.now() })
      .execute(),
  );
}

function refuseToDisconnect(): void {
  world.emulator.control.faults.add({
    path: '/connections/*',
    times: 10_000,
    effect: { kind: 'reset', when: 'before' },
  });
}

test('a permission that ends while somebody connects is let go once they are done', async () => {
  const grantId = await theGrant();
  await leaveConsentUnderWay();
  await disconnect();
  await expect(tidy(grantId)).rejects.toThrow(/under way/);
  expect(await theGrant()).toBe(grantId);
  await world.pass(6 * MINUTE_MS);
  expect(await grants()).toEqual([]);
});

test('a permission that serves a connection is nobody’s to wait for', async () => {
  await leaveConsentUnderWay();
  await tidy(await theGrant());
  expect(await grants()).toHaveLength(1);
});

test('what nothing uses any more is found within a day, removed at Xero and forgotten', async () => {
  await loseTheLastConnection();
  expect(atXero()).toEqual([xeroOrgs.au]);
  await world.pass(DAY_MS + HOUR_MS);
  expect(atXero()).toEqual([]);
  expect(await grants()).toEqual([]);
  expect(await copies()).toEqual([]);
});

test('it is not renewed meanwhile, and goes within a week though Xero does not answer', async () => {
  refuseToDisconnect();
  await loseTheLastConnection();
  await world.pass(DAY_MS + HOUR_MS);
  expect(await world.context.xero.vault.idleGrants()).toEqual([]);
  for (let day = 0; day < 5; day += 1) await world.pass(DAY_MS);
  expect(await grants()).toHaveLength(1);
  for (let day = 0; day < 2; day += 1) await world.pass(DAY_MS);
  expect(await grants()).toEqual([]);
});

test('no permission outlives a provider that is erased without Xero’s word', async () => {
  const [grant] = await grants();
  expect(grant?.holder_name).toBeTruthy();
  refuseToDisconnect();
  expect((await world.owner.fetch(EXPORT_PATH, { method: 'POST' })).status).toBe(200);
  await world.owner.call(api.closeProvider, { body: { name: 'Harbour Training' } });
  await world.settle();
  await world.pass((GRACE_DAYS + 1) * DAY_MS);
  expect(await grants()).toHaveLength(1);
  await world.pass(7 * DAY_MS);
  await world.pass(HOUR_MS);
  expect(await grants()).toEqual([]);
  expect(await copies()).toEqual([]);
});

test('a permission that serves another provider too stays when one is erased', async () => {
  const neighbour = await world.neighbours.owner();
  await world.connectXero(neighbour, { organisations: [xeroOrgs.nz] });
  await world.settle();
  const grantId = await theGrant();
  refuseToDisconnect();
  expect((await world.owner.fetch(EXPORT_PATH, { method: 'POST' })).status).toBe(200);
  await world.owner.call(api.closeProvider, { body: { name: 'Harbour Training' } });
  await world.settle();
  await world.pass((GRACE_DAYS + 8) * DAY_MS);
  await world.pass(HOUR_MS);
  expect(await theGrant()).toBe(grantId);
  const left = await world.context.database.asSystem((tx) =>
    tx.selectFrom('connections').select(['provider_id', 'state']).execute(),
  );
  expect(left).toEqual([{ provider_id: world.neighbours.providerId, state: 'active' }]);
});

/** Two organisations stand at Xero that nothing here uses any more; in the order of removal. */
async function leaveTwoAtXero() {
  const organisations = [xeroOrgs.au, xeroOrgs.nz];
  await world.connectXero(world.owner, { organisations, another: true, confirm: true });
  await world.settle();
  await loseTheLastConnection();
  const [first, second] = world.emulator.control.people
    .connections()
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (!first || !second) throw new Error('Not both stand at Xero');
  return [first, second] as const;
}

test('one that is gone at Xero already keeps no other there, though Xero answers 401', async () => {
  const { control } = world.emulator;
  const [gone] = await leaveTwoAtXero();
  control.switches.unknownConnectionIs401 = true;
  control.people.disconnect(gone.orgId);
  await world.pass(DAY_MS + HOUR_MS);
  expect(atXero()).toEqual([]);
  expect(await grants()).toEqual([]);
});

test('one that Xero refuses to remove keeps no other there', async () => {
  const { control } = world.emulator;
  const [refused] = await leaveTwoAtXero();
  const effect = { kind: 'status', status: 401 } as const;
  control.faults.add({ path: `/connections/${refused.id}`, effect });
  await world.pass(DAY_MS + HOUR_MS);
  expect(atXero()).toEqual([refused.orgId]);
  expect(await grants()).toEqual([]);
});
