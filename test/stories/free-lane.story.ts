import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId } from '#contract/ids';
import type { Learner } from '#contract/learners';
import { HOUR_MS } from '#platform/clock';
import { lockLaneIfFree } from '../../src/sync/lane/lane-store.ts';
import { stand } from '../world/compare.ts';
import { xeroOrgs } from '../world/connect-xero.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import type { SignedIn } from '../world/people.ts';
import { startWorld, type World } from '../world/world.ts';

/** What may take long with very many records holds no lane, for which everybody else would wait. */
const opened: { close(): Promise<unknown> }[] = [];
afterAll(async () => {
  for (const one of opened.reverse()) await one.close();
});

async function ownerOf(world: World): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: world.config.databaseUrl });
  await client.connect();
  opened.push({ close: () => client.end() });
  return client;
}

/** Lets whoever comes to this table wait there, and looks whether the lane is free meanwhile. */
async function isFreeAt(world: World, table: string, work: () => Promise<unknown>) {
  const owner = await ownerOf(world);
  const { providerId } = world.people;
  await owner.query(`begin; lock table ${table} in access exclusive mode`);
  const working = work();
  const waiting = async () => {
    const { rows } = await owner.query<{ waiting: number }>(
      `select count(*)::int as waiting from pg_locks
        where not granted and relation = '${table}'::regclass`,
    );
    return rows[0]?.waiting;
  };
  const isFree = () =>
    world.context.database.asProvider(providerId, (tx) =>
      lockLaneIfFree(tx, providerId, xeroOrgs.au),
    );
  try {
    await expect.poll(waiting).toBeGreaterThan(0);
    // A heartbeat may have the row for a moment.
    await expect.poll(isFree, { timeout: 5_000 }).toBe(true);
  } finally {
    await owner.query('rollback');
    await working;
  }
}

test('while both sides are added up', async () => {
  const world: ConnectedWorld = await startConnectedWorld();
  opened.push(world);
  const learner = await world.addLearner({ firstName: 'Ada', lastName: 'Sums' });
  await world.settle();
  const contactId = (await world.syncOf(learner.id)).link?.contactId ?? '';
  const lines = [{ description: 'Fee', unitAmount: '10.00', taxType: 'EXEMPTOUTPUT' }];
  world.bookkeeper.createInvoice({ contactId, lines });
  await world.pass(HOUR_MS);
  const { xeroOrgId } = await stand(world);
  await world.owner.call(api.checkAgreement, { body: { xeroOrgId, way: 'everything' } });
  await isFreeAt(world, 'agreement_sums', () => world.settle());
  expect((await stand(world)).latest).toMatchObject({ verdict: 'agreed', papers: 1 });
  // And while our own records are held against each other.
  await world.owner.call(api.checkAgreement, { body: { xeroOrgId, way: 'counts' } });
  await isFreeAt(world, 'paper_marks', () => world.settle());
  expect((await stand(world)).latest).toMatchObject({ verdict: 'agreed', way: 'counts' });
});

test('while it is thought out who in Xero is whom', async () => {
  const world = await startWorld();
  opened.push(world);
  const owner = await world.people.owner();
  const add = (firstName: string) =>
    owner.call(api.addLearner, { body: { firstName, lastName: 'Match', syncToXero: true } });
  const ida: Learner = await add('Ida');
  world.bookkeeper.createContact({ Name: 'Ida Match' });
  const { connectionId } = await world.connectXero(owner, { leavesMatchesOpen: true });
  await world.settle();
  expect(await named(owner, connectionId)).toEqual(['Ida Match: decide']);
  const edit = { revision: ida.revision, lastName: 'Matched' };
  await owner.call(api.editLearner, { params: { learnerId: ida.id }, body: edit });
  await isFreeAt(world, 'xero_contacts', () => world.settle());
  expect(await named(owner, connectionId)).toEqual(['Ida Matched: create']);
});

async function named(owner: SignedIn, connectionId: ConnectionId | null) {
  const params = { connectionId: connectionId as ConnectionId };
  const groups = ['create', 'decide', 'safe'] as const;
  const pages = groups.map((group) =>
    owner.call(api.listProposals, { params, query: { group, limit: 10 } }),
  );
  return (await Promise.all(pages)).flatMap(({ items }) =>
    items.map((one) => `${one.learner.name}: ${one.group}`),
  );
}
