import { type ChildProcess, spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ORGANISATION_IDS } from '../seeds/identity.ts';
import { createEmulator } from '../server.ts';
import { apiClient, obtainTokens, postToken, startEmulator } from '../testing.ts';

let dataDir: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'emulator-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

/** Runs the program and waits for its one line, or for its end. */
function run(
  env: Record<string, string>,
  program = '../main.ts',
  cwd = process.cwd(),
): Promise<{ child: ChildProcess; url: string; text: string; code: number | null }> {
  const main = new URL(program, import.meta.url).pathname;
  const child = spawn(process.execPath, [main], {
    cwd,
    env: { PATH: process.env.PATH, EMULATOR_PORT: '0', EMULATOR_DATA_DIR: dataDir, ...env },
  });
  children.push(child);
  return new Promise((resolve) => {
    let text = '';
    const hear = (chunk: Buffer) => {
      text += chunk.toString();
      const url = /ready at (\S+)/.exec(text)?.[1];
      if (url) resolve({ child, url, text, code: null });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', (code) => resolve({ child, url: '', text, code }));
  });
}

it('keeps tokens, papers, the queue and the clock through a restart', async () => {
  const first = await startEmulator({ dataDir });
  const tokens = await obtainTokens(first);
  first.control.webhooks.configure('http://localhost:9/nowhere');
  const contact = first.control.bookkeeper().createContact({ Name: 'Ana' });
  first.clock.advance(60_000);
  first.control.commit();
  const now = first.clock.nowMs();
  await first.close();

  const second = await startEmulator({ dataDir });
  expect(second.clock.nowMs()).toBe(now);
  const { json } = await apiClient(second, tokens.access_token)('GET', `/Contacts/${contact.id}`);
  expect(json.Contacts[0].Name).toBe('Ana');
  expect(second.control.webhooks.waiting()).toBe(1);
  const refreshed = await postToken(second, {
    grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token,
  });
  expect(refreshed.status).toBe(200);
  await second.close();
});

it('has everything it answered for after kill -9', async () => {
  const { child, url } = await run({});
  const make = (Name: string) =>
    fetch(`${url}/_emulator/organisations/${ORGANISATION_IDS.au}/contacts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ Name }),
    });
  for (let i = 0; i < 20; i++) expect((await make(`Person ${i}`)).status).toBe(200);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  const again = await createEmulator({ dataDir });
  const { contacts } = again.control.bookkeeper().books;
  const made = contacts.all().filter((contact) => contact.name.startsWith('Person '));
  expect(made).toHaveLength(20);
  expect(contacts.size).toBeGreaterThan(50);
  await again.close();
});

it('drops an act that a crash tore, and refuses a journal damaged in the middle', async () => {
  const first = await startEmulator({ dataDir });
  first.control.bookkeeper().createContact({ Name: 'Whole' });
  await first.close();
  const file = join(dataDir, 'journal.jsonl');
  appendFileSync(file, '[["organisations/contacts","x",{"na');
  const second = await startEmulator({ dataDir });
  expect(second.control.bookkeeper().findContact('Whole')).toBeDefined();
  await second.close();
  writeFileSync(file, `rubbish\n${readFileSync(file, 'utf8')}`);
  await expect(startEmulator({ dataDir })).rejects.toThrow(/damaged at line 1/);
});

it('says in one sentence that a port is taken, and stops cleanly when told', async () => {
  const first = await run({});
  const port = new URL(first.url).port;
  const second = await run({ EMULATOR_PORT: port, EMULATOR_DATA_DIR: join(dataDir, 'other') });
  expect(second.code).toBe(1);
  expect(second.text.trim()).toBe(
    `The Xero emulator cannot start: port ${port} is taken. Free it or set EMULATOR_PORT.`,
  );
  first.child.kill('SIGTERM');
  const code = await new Promise((resolve) => first.child.once('exit', resolve));
  expect(code).toBe(0);
});

it('runs from the folder of another project and keeps its data there', async () => {
  const started = await run({ EMULATOR_DATA_DIR: 'books' }, '../../bin/emulator.mjs', dataDir);
  expect((await fetch(`${started.url}/desk`)).status).toBe(200);
  expect(existsSync(join(dataDir, 'books'))).toBe(true);
  started.child.kill('SIGTERM');
  await new Promise((resolve) => started.child.once('exit', resolve));
});
