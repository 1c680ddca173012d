import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '#platform/config';
import { silentLogger } from '#platform/logger';
import { createTestDatabase, type TestDatabase } from '../../../test/world/database.ts';
import { createContext } from '../context.ts';
import { runCommand } from './run-command.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function type(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const config = readConfig({
    DATABASE_URL: database.ownerUrl,
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  });
  const code = await runCommand(
    args,
    { out: (line) => out.push(line), err: (line) => err.push(line) },
    () => createContext(config, { logger: silentLogger, poolSize: 2 }),
  );
  return { code, out: out.join('\n'), err: err.join('\n') };
}

async function typeJson(...args: string[]) {
  const told = await type(...args, '--json');
  expect(told).toMatchObject({ code: 0, err: '' });
  return JSON.parse(told.out);
}

describe('making a provider and its people', () => {
  test('says who was made, and shows a made password once', async () => {
    const { provider } = await typeJson('provider', 'create', '--name', 'Tide', '--country', 'nz');
    expect(provider).toMatchObject({ name: 'Tide', country: 'NZ', timeZone: 'Pacific/Auckland' });
    const person = ['person', 'create', '--email', 'Ana@Tide.example', '--name', 'Ana', '--role'];
    const made = await typeJson(...person, 'owner', '--provider', 'tide');
    expect(made).toMatchObject({ email: 'ana@tide.example', isNewPerson: true, isNewMember: true });
    expect(made.password).toMatch(/^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/);
    const again = await typeJson(...person, 'staff', '--provider', provider.id);
    expect(again).toMatchObject({ isNewPerson: false, isNewMember: false });
    expect(again).not.toHaveProperty('password');
  });

  test('leaves a provider of the same name and country as it is', async () => {
    const first = await typeJson('provider', 'create', '--name', 'Reef', '--country', 'AU');
    const second = await typeJson('provider', 'create', '--name', 'reef', '--country', 'AU');
    expect(first.isNew).toBe(true);
    expect(second).toEqual({ provider: first.provider, isNew: false });
    const { providers } = await typeJson('provider', 'list');
    expect(providers).toContainEqual(first.provider);
    const { out } = await type('provider', 'list');
    expect(out).toContain(`${first.provider.id}  Reef, AU`);
  });

  test('has no mails at first, and says so', async () => {
    await typeJson('provider', 'create', '--name', 'Quiet', '--country', 'AU');
    const told = await type('mail', 'list', '--provider', 'Quiet');
    expect(told).toEqual({ code: 0, out: 'No mail was written yet.', err: '' });
  });

  test('asks its Owners and Admins for a second factor until told otherwise', async () => {
    const made = await typeJson('provider', 'create', '--name', 'Strict', '--country', 'AU');
    expect(made.provider).toMatchObject({ secondFactor: 'required' });
    const set = ['provider', 'set', '--provider', 'Strict', '--second-factor'];
    expect(await typeJson(...set, 'optional')).toMatchObject({ secondFactor: 'optional' });
    const told = await type(...set, 'maybe');
    expect(told).toMatchObject({ code: 2, out: '' });
    expect(told.err).toBe('The second factor is required or optional, not “maybe”.');
    const nothing = await type('provider', 'set', '--provider', 'Strict');
    expect(nothing.err).toBe('Please give --second-factor or --colleague-links.');
    expect((await type('person', 'reset-second-factor', '--email', 'no@one.example')).code).toBe(2);
  });

  test('makes an API key of a role', async () => {
    await typeJson('provider', 'create', '--name', 'Keyed', '--country', 'GB');
    const made = await typeJson('api-key', 'create', '--provider', 'Keyed', '--role', 'finance');
    expect(made.key).toMatch(/^bur_[A-Za-z0-9_-]{43}$/);
    expect(made.apiKey).toMatchObject({ role: 'finance', prefix: made.key.slice(0, 10) });
  });
});

describe('importing learners', () => {
  test('takes a file once; the second time changes nothing', async () => {
    const { provider } = await typeJson('provider', 'create', '--name', 'Imp', '--country', 'AU');
    const folder = await mkdtemp(join(tmpdir(), 'bursar-import-'));
    const file = join(folder, 'people.csv');
    await writeFile(
      file,
      'First name,Last name,Email\nMia,Tran,mia@learner.example\nLeo,Ito,leo@learner.example\n',
    );
    const typed = ['import', 'learners', file, '--provider', provider.id];
    const first = await typeJson(...typed);
    expect(first.import.counts).toMatchObject({ total: 2, new: 2, faulty: 0, applied: 2 });
    const second = await type('import', 'learners', folder, '--provider', provider.id);
    expect(second).toMatchObject({ code: 0 });
    expect(second.out).toContain('2 records: 0 new, 0 changed, 2 unchanged');
    await rm(folder, { recursive: true });
  });

  test('names each record that is left out, with its line and reason', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bursar-import-'));
    const file = join(folder, 'faulty.csv');
    await writeFile(
      file,
      'First name,Last name,Email\nAda,Lim,ada@learner.example\nBo,Ek,no-mail\n',
    );
    const told = await type('import', 'learners', file, '--provider', 'Imp');
    expect(told.out).toContain('2 records: 1 new, 0 changed, 0 unchanged, 1 faulty');
    expect(told.out).toMatch(/- Line 3, Bo Ek: .*e-mail/i);
    await rm(folder, { recursive: true });
  });

  test('refuses a file that is not there with one sentence', async () => {
    const told = await type('import', 'learners', '/no/such/file.csv', '--provider', 'Imp');
    expect(told).toEqual({ code: 2, out: '', err: 'There is no file “/no/such/file.csv”.' });
  });
});

describe('among more than a thousand providers', () => {
  const last = { id: 'ffffffff-0000-7000-8000-000000000001', name: 'Zenith' };

  beforeAll(async () => {
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query(`insert into providers (provider_id, name, country, time_zone, created_at)
      select gen_random_uuid(), 'Many ' || n, 'AU', 'UTC', clock_timestamp()
      from generate_series(1, 1_050) n`);
    await owner.query(
      `insert into providers (provider_id, name, country, time_zone, created_at)
       values ($1, $2, 'AU', 'UTC', clock_timestamp())`,
      [last.id, last.name],
    );
    await owner.end();
  });

  test.each([last.id, 'zenith'])('the last one is found as %s', async (provider) => {
    const made = await typeJson('api-key', 'create', '--provider', provider, '--role', 'staff');
    expect(made).toMatchObject({ providerId: last.id });
  });

  test('the last one is known by its name, and not made twice', async () => {
    const made = await typeJson('provider', 'create', '--name', last.name, '--country', 'AU');
    expect(made).toMatchObject({ isNew: false, provider: { id: last.id } });
  });

  test('all are listed, each once', async () => {
    const { providers } = await typeJson('provider', 'list');
    const ids = new Set(providers.map(({ id }: { id: string }) => id));
    expect(ids.size).toBe(providers.length);
    expect(ids.size).toBeGreaterThan(1_050);
    expect(ids).toContain(last.id);
  });

  test('whoever names none is asked which, with a few of them', async () => {
    const told = await type('api-key', 'create', '--role', 'staff');
    expect(told).toMatchObject({ code: 2, out: '' });
    expect(told.err).toMatch(/^Please say which one with --provider and its id: /);
    expect(told.err.split(', ')).toHaveLength(10);
  });
});

describe('what is typed wrongly', () => {
  test.each([
    [['fly', 'away'], 'There is no command “fly away”'],
    [['provider', 'create'], '"provider create" needs --name and --country'],
    [['provider', 'create', '--nmae', 'x'], "Unknown option '--nmae'"],
    [['person', 'create', '--email', 'x', '--name', 'x', '--role', 'owner'], 'not an e-mail'],
    [['api-key', 'create', '--role', 'king'], 'one of owner, admin, finance, staff, not “king”'],
    [['api-key', 'create', '--role', 'owner', '--provider', 'Nowhere'], 'no provider “Nowhere”'],
  ])('%j is answered with one sentence and exit code 2', async (args, sentence) => {
    const told = await type(...args);
    expect(told).toMatchObject({ code: 2, out: '' });
    expect(told.err).toContain(sentence);
    expect(told.err.split('\n')).toHaveLength(1);
  });

  test('is told as JSON too where JSON was asked for', async () => {
    const told = await type('fly', '--json');
    expect(told).toMatchObject({ code: 2, err: expect.stringContaining('no command “fly”') });
    expect(JSON.parse(told.out)).toEqual({ code: 'usage', detail: told.err });
  });

  test('a country that is none fails with its cause', async () => {
    const told = await type('provider', 'create', '--name', 'x', '--country', 'Australia');
    expect(told.code).toBe(1);
    expect(told.err).toContain('two-letter code');
  });

  test('help is given without a database', async () => {
    expect((await type('--help')).out).toContain('person create');
    expect((await type('person', 'create', '--help')).out).toContain('--email ADDRESS');
  });
});
