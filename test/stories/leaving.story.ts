import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '#contract/api';
import { EXPORT_PATH, GRACE_DAYS } from '#contract/closing';
import { DAY_MS, HOUR_MS } from '#platform/clock';
import type { Client } from '../world/client.ts';
import { typeCommand } from '../world/command-line.ts';
import { type ConnectedWorld, startConnectedWorld } from '../world/connected.ts';
import { PASSWORD } from '../world/people.ts';
import { OPERATOR_EMAIL } from '../world/world.ts';

let world: ConnectedWorld;

beforeAll(async () => {
  world = await startConnectedWorld();
  await world.addLearner({ firstName: '=cmd()', lastName: 'Wong', phoneMobile: '+61 491 570 006' });
  await world.settle();
});
afterAll(() => world.close());

/** Downloads everything, as files by name. */
async function takeOut(client: Client): Promise<Record<string, string>> {
  const answer = await client.fetch(EXPORT_PATH, { method: 'POST' });
  expect(answer.status).toBe(200);
  return textsOf(new Uint8Array(await answer.arrayBuffer()));
}

function textsOf(zip: Uint8Array): Record<string, string> {
  return Object.fromEntries(
    Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, strFromU8(bytes)]),
  );
}

const close = { body: { name: 'Harbour Training' } };

describe('an Owner takes everything out', () => {
  test('as a zip of CSV and JSON with learners, links, papers, people and events', async () => {
    const answer = await world.owner.fetch(EXPORT_PATH, { method: 'POST' });
    expect(answer.headers.get('content-type')).toBe('application/zip');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="harbour-training-2026-03-02\.zip"$/,
    );
    const files = textsOf(new Uint8Array(await answer.arrayBuffer()));
    for (const name of ['learners', 'contact_links', 'documents', 'payments', 'people', 'events']) {
      expect(files).toHaveProperty(`csv/${name}.csv`);
      expect(files).toHaveProperty(`json/${name}.jsonl`);
    }
    expect(files['csv/people.csv']).toContain('Odile Marchand,owner@harbour.example,owner');
    expect(files['json/events.jsonl']).toContain('"learner.added"');
    expect(files['README.txt']).toContain('Harbour Training');
  });

  test('that no spreadsheet runs, and that is exact in JSON', async () => {
    const files = await takeOut(world.owner);
    expect(files['csv/learners.csv']).toContain(",'=cmd(),");
    expect(files['csv/learners.csv']).toContain(",'+61 491 570 006,");
    const [learner = ''] = (files['json/learners.jsonl'] ?? '').split('\n');
    expect(JSON.parse(learner)).toMatchObject({ first_name: '=cmd()', last_name: 'Wong' });
  });

  test('without what lets somebody in', async () => {
    const { key } = await world.owner.call(api.createApiKey, {
      body: { name: 'Web site', role: 'staff' },
    });
    const files = await takeOut(world.owner);
    expect(files['csv/api_keys.csv']).toContain('Web site');
    const all = Object.values(files).join('\n');
    for (const secret of [key, 'key_hash', 'sealed', PASSWORD]) expect(all).not.toContain(secret);
  });

  test('which nobody else may, and a stranger least of all', async () => {
    for (const role of ['admin', 'finance', 'staff'] as const) {
      const person = await world.people[role]();
      expect((await person.fetch(EXPORT_PATH, { method: 'POST' })).status).toBe(403);
    }
    expect((await world.visitor().fetch(EXPORT_PATH, { method: 'POST' })).status).toBe(401);
    const stranger = await world.neighbours.owner();
    const asTheirs = stranger.workingFor(world.people.providerId);
    expect((await asTheirs.fetch(EXPORT_PATH, { method: 'POST' })).status).toBe(403);
    expect(Object.values(await takeOut(stranger)).join('\n')).not.toContain('Wong');
  });

  test('which is an act: it is noted with from where, and no other site’s page can do it', async () => {
    await takeOut(world.owner);
    const { items } = await world.owner.call(api.listAudit, { query: { area: 'audit' } });
    const [entry] = items;
    expect(entry).toMatchObject({ kind: 'provider.exported', actor: { name: 'Odile Marchand' } });
    expect(entry?.origin?.address).toBeTruthy();
    const headers = { origin: 'https://elsewhere.example' };
    const forged = await world.owner.fetch(EXPORT_PATH, { method: 'POST', headers });
    expect(forged.status).toBe(403);
    expect((await world.owner.fetch(EXPORT_PATH)).status).toBe(404);
    const after = await world.owner.call(api.listAudit, { query: { area: 'audit' } });
    expect(after.items).toEqual(items);
  });

  test('once at a time: a second one meanwhile is told to wait', async () => {
    const holder = new pg.Client({ connectionString: world.config.databaseUrl });
    await holder.connect();
    try {
      await holder.query('begin; lock table learners');
      const first = world.owner.fetch(EXPORT_PATH, { method: 'POST' });
      const waiting = `select from pg_locks l join pg_database d on d.oid = l.database
        where d.datname = current_database() and relation = 'learners'::regclass and not granted`;
      await expect.poll(async () => (await holder.query(waiting)).rowCount).toBe(1);
      const second = await world.owner.fetch(EXPORT_PATH, { method: 'POST' });
      expect(second.status).toBe(429);
      expect(await second.json()).toMatchObject({ detail: 'It is being taken out already.' });
      await holder.query('rollback');
      expect((await first).status).toBe(200);
    } finally {
      await holder.end();
    }
  });

  test('by command line too, into a file that was not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bursar-leaving-'));
    try {
      const file = join(folder, 'all.zip');
      const args = ['--provider', 'Harbour Training', '--file', file];
      expect(await typeCommand(world, 'provider', 'export', ...args)).toMatchObject({ code: 0 });
      expect(textsOf(await readFile(file))['csv/learners.csv']).toContain('Wong');
      expect(await typeCommand(world, 'provider', 'export', ...args)).toMatchObject({ code: 2 });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('an Owner closes the provider', () => {
  test('only by its name, only after taking the data out, and nobody else may', async () => {
    const wrong = { body: { name: 'Harbour' } };
    expect(await world.owner.refusal(api.closeProvider, wrong)).toMatchObject({
      code: 'provider.wrong-name',
    });
    expect(await (await world.people.admin()).refusal(api.closeProvider, close)).toMatchObject({
      code: 'permission.missing',
    });
    const owner = await world.neighbours.owner();
    world.clock.advance(8 * DAY_MS);
    const old = await owner.refusal(api.closeProvider, { body: { name: 'Kea Skills Institute' } });
    expect(old.code).toBe('provider.not-exported');
    expect((await world.owner.call(api.getProviderStanding)).closing).toBe(null);
  });

  test('and it is disconnected at Xero, everyone else is signed out, and Owners are told', async () => {
    const staff = await world.people.staff();
    const contentBase64 = Buffer.from('Surname\nTran').toString('base64');
    const files = [{ name: 'people.csv', contentBase64 }];
    const { id: importId } = await world.owner.call(api.startImport, { body: { files } });
    await takeOut(world.owner);
    world.mailbox.empty();
    const standing = await world.owner.call(api.closeProvider, close);
    const eraseAt = new Date(world.clock.now().getTime() + GRACE_DAYS * DAY_MS).toISOString();
    expect(standing.closing).toMatchObject({ closedBy: 'Odile Marchand', eraseAt });
    await world.settle();
    expect(world.emulator.control.people.connections()).toEqual([]);
    expect(await countOf('grants')).toBe(0);
    const after = await world.owner.call(api.getProviderStanding);
    expect(after.closing).toMatchObject({ connectionsLeft: 0 });
    expect(await staff.refusal(api.me)).toMatchObject({ code: 'session.missing' });
    expect(world.mailbox.to(world.owner.email)[0]?.text).toContain('/settings/provider');
    expect(world.mailbox.to(OPERATOR_EMAIL)).toHaveLength(1);
    expect(await stateOfImport(importId)).toBe('discarded');
  });

  test('nobody works there any more, by key neither; the Owner may take data out and undo', async () => {
    const key = await world.apiClient('admin');
    for (const client of [world.owner, key]) {
      expect(await client.refusal(api.listLearners)).toMatchObject({ code: 'provider.closed' });
      expect(await client.refusal(api.beginConsent, { body: { app: 'xero' } })).toMatchObject({
        code: 'provider.closed',
      });
    }
    await takeOut(world.owner);
    const staff = await world.people.staff();
    await staff.signIn(staff.email, PASSWORD);
    expect(await staff.refusal(api.listLearners)).toMatchObject({ code: 'provider.closed' });
  });

  test('closing twice changes nothing, and undone within the grace everyone works on', async () => {
    const first = await world.owner.call(api.getProviderStanding);
    await world.pass(HOUR_MS);
    expect(await world.owner.call(api.closeProvider, close)).toEqual(first);
    await world.pass((GRACE_DAYS - 1) * DAY_MS);
    const owner = await world.people.owner();
    await owner.signIn(owner.email, PASSWORD);
    await owner.call(api.reopenProvider);
    await owner.call(api.reopenProvider);
    await world.pass(2 * DAY_MS);
    expect((await owner.call(api.listLearners)).items).toHaveLength(1);
    expect((await owner.call(api.getProviderStanding)).closing).toBe(null);
    // It was connected here before, so the person may be asked to look at what they connect.
    expect(['connected', 'choose']).toContain((await world.connectXero(owner)).outcome);
  });
});

async function stateOfImport(id: string): Promise<string> {
  const { state } = await world.context.database.asProvider(world.people.providerId, (tx) =>
    tx.selectFrom('import_runs').select('state').where('id', '=', id).executeTakeFirstOrThrow(),
  );
  return state;
}

async function countOf(table: 'grants'): Promise<number> {
  const rows = await world.context.database.asSystem((tx) =>
    tx.selectFrom(table).select('id').execute(),
  );
  return rows.length;
}
