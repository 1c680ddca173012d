import fs from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { api } from '#contract/api';
import type { ConnectionId } from '#contract/ids';
import { MINUTE_MS } from '#platform/clock';
import { comeBack, goThroughXero, xeroOrgs } from '../world/connect-xero.ts';
import { startWorld, type World } from '../world/world.ts';

/** Everything that left Bursar during the story: answers with their headers, and the log. */
const answers: string[] = [];
const logged: string[] = [];
/** Everything that must not: tokens, codes, verifiers and the app's secret. */
const secrets = new Set<string>(['emulator-client-secret']);

const KEPT = /^(?:access_token|refresh_token|id_token|code|code_verifier)$/;
let world: World;
let rows: string;
let files: string;

/** Listens on the line between everybody: what Xero gives and takes is secret, what we answer is heard. */
function tapTheLine(): void {
  const send = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const answer = await send(input, init);
    const url = String(input);
    const heard = await answer.clone().text();
    if (url.includes('/connect/token')) {
      const asked = Object.fromEntries(new URLSearchParams(String(init?.body)));
      for (const [name, value] of Object.entries({ ...asked, ...JSON.parse(heard) })) {
        if (KEPT.test(name)) secrets.add(String(value));
      }
    }
    if (world && url.startsWith(world.url)) {
      const headers = JSON.stringify([...answer.headers]);
      answers.push(`${url.split('?')[0]} ${answer.status} ${headers} ${heard}`);
    }
    return answer;
  });
  const write = fs.writeSync.bind(fs) as typeof fs.writeSync;
  vi.spyOn(fs, 'writeSync').mockImplementation(((file: number, ...rest: unknown[]) => {
    if (file !== 2) return (write as (...all: unknown[]) => number)(file, ...rest);
    const text = String(rest[0]);
    logged.push(text);
    return Buffer.byteLength(text);
  }) as typeof fs.writeSync);
}

async function everyRow(): Promise<string> {
  const client = new pg.Client({ connectionString: world.config.databaseUrl });
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname in ('public', 'auth', 'graphile_worker')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const found = await client.query<{ row: string }>(`select t::text as row from ${name} t`);
    texts.push(...found.rows.map(({ row }) => row));
  }
  await client.end();
  return texts.join('\n');
}

async function everyFile(folder: string): Promise<string> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return (await Promise.all(paths.map((path) => readFile(path, 'utf8')))).join('\n');
}

/** Connects, is refused in many ways, renews, is thrown out, disconnects: with the log at its loudest. */
beforeAll(async () => {
  vi.stubEnv('LOG_LEVEL', 'trace');
  tapTheLine();
  world = await startWorld();
  const { control } = world.emulator;
  const owner = await world.people.owner();
  const begun = await owner.call(api.beginConsent, { body: { app: 'xero' } });
  const twice = control.people.consent(begun.authorizeUrl ?? '', {
    user: 'ada.adviser@example.com',
    organisations: 'all',
  });
  const landing = await comeBack(owner, twice);
  await comeBack(owner, twice);
  const params = { connectionId: landing.connectionId as ConnectionId };
  await owner.call(api.listChoices, { params });
  await owner.call(api.chooseOrganisation, { params, body: { xeroOrgId: xeroOrgs.au } });
  await world.settle();

  world.clock.advance(29 * MINUTE_MS);
  control.faults.add({
    path: '/connect/token',
    times: 1,
    effect: { kind: 'reset', when: 'after' },
  });
  const [active] = await world.context.database.asProvider(world.people.providerId, (tx) =>
    world.context.connections.active(tx, {
      providerId: world.people.providerId,
      actor: { kind: 'bursar', name: 'Bursar' },
    }),
  );
  if (!active) throw new Error('Nothing is connected');
  await world.context.xero.client.forOrg(active).organisation();
  rows = await everyRow();
  files = await everyFile(world.config.dataDir);

  await owner.call(api.listApps);
  await owner.call(api.getConnection, { params });
  control.faults.add({
    path: '/connections/*',
    times: 1,
    effect: { kind: 'reset', when: 'before' },
  });
  await owner.refusal(api.disconnect, { params });
  await owner.call(api.disconnect, { params });
  const again = await owner.call(api.beginConsent, { body: { app: 'xero' } });
  control.faults.add({
    path: '/connect/token',
    times: 1,
    effect: { kind: 'status', status: 500, when: 'before' },
  });
  await goThroughXero(world.emulator, owner, again.authorizeUrl ?? '');
  await world.settle();
});

afterAll(async () => {
  await world.close();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test('the story met real secrets', () => {
  expect(secrets.size).toBeGreaterThan(8);
  for (const secret of secrets) expect(secret.length).toBeGreaterThan(15);
});

test('no answer holds a token, a code, a verifier or the secret', () => {
  expect(answers.length).toBeGreaterThan(10);
  const everything = answers.join('\n');
  for (const secret of secrets) expect(everything).not.toContain(secret);
});

test('no log line holds one, however loud the log', () => {
  expect(logged.join('')).toContain('asking again');
  expect(logged.length).toBeGreaterThan(20);
  const everything = logged.join('\n');
  for (const secret of secrets) expect(everything).not.toContain(secret);
});

test('no row of the database holds one that can be read', () => {
  expect(rows).toContain('Harbour Training');
  for (const secret of secrets) expect(rows).not.toContain(secret);
});

test('no file of the data folder holds one that can be read', () => {
  expect(files).toContain('"sealed":"v1.test.');
  for (const secret of secrets) expect(files).not.toContain(secret);
});
