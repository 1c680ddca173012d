import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres } from '#platform/postgres/start-postgres';
import { freePort } from '../world/free-port.ts';
import { fastestFolder } from '../world/memory-folder.ts';
import { type Ended, processesOf, runToEnd, startProduct, until } from './product.ts';

let dataDir: string;
let settings: Record<string, string>;

beforeAll(async () => {
  dataDir = await mkdtemp(join(fastestFolder(), 'bursar-start-'));
  settings = {
    DATA_DIR: dataDir,
    PORT: String(await freePort()),
    EMULATOR_PORT: String(await freePort()),
  };
});

afterAll(() => rm(dataDir, { recursive: true, force: true }));

const SCRIPTS = [
  'supervise.ts',
  'web-main.ts',
  'worker-main.ts',
  'emulator/main.ts',
  'bin/postgres',
];

function living(): string[] {
  return SCRIPTS.filter((script) => processesOf(dataDir, script).length > 0);
}

function status(path: string, host = '127.0.0.1'): Promise<number> {
  return fetch(`http://${host}:${settings.PORT}${path}`).then(
    (answer) => answer.status,
    () => 0,
  );
}

/** Asks the product's database, which runs for it alone. */
async function inDatabase<Row extends pg.QueryResultRow>(statement: string): Promise<Row[]> {
  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres') });
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query('set role bursar_system');
  const { rows } = await client.query<Row>(statement);
  await client.end();
  await postgres.stop();
  return rows;
}

async function providers(): Promise<string[]> {
  const rows = await inDatabase<{ name: string }>('select name from providers order by name');
  return rows.map(({ name }) => name);
}

// The living processes are looked up in /proc.
describe.skipIf(process.platform !== 'linux')('npm start (on Linux alone)', () => {
  it('sets everything up, says where it is and how to sign in, and stops whole', async () => {
    const product = await startProduct(settings);
    expect(product.url).toBe(`http://localhost:${settings.PORT}`);
    expect(product.out).toContain('owner@demo.bursar.example');
    expect(product.out).toContain(`http://localhost:${settings.EMULATOR_PORT}/desk`);
    expect(await status('/healthz')).toBe(200);
    expect(await status('/readyz')).toBe(200);
    // An address of this machine other than the one that PUBLIC_URL names.
    expect(await status('/healthz', '127.0.0.2')).toBe(0);
    expect((await stat(join(dataDir, 'encryption-keys'))).mode & 0o777).toBe(0o600);
    expect(living()).toEqual(SCRIPTS);
    product.signal('SIGINT');
    expect((await product.ended).code).toBe(0);
    expect(living()).toEqual([]);
  });

  it('starts again with the same data and keys, and says how long it took', async ({
    annotate,
  }) => {
    const keys = await readFile(join(dataDir, 'encryption-keys'), 'utf8');
    const product = await startProduct(settings);
    await annotate(`the second start took ${product.tookMs} ms`);
    console.info(`the second start took ${product.tookMs} ms`);
    expect(await providers()).toEqual(['Harbour Training', 'Kea Skills Institute']);
    expect(await readFile(join(dataDir, 'encryption-keys'), 'utf8')).toBe(keys);
    product.signal('SIGTERM');
    expect((await product.ended).code).toBe(0);
  });

  it('starts a killed database again with all its data, under processes that live on', async () => {
    const product = await startProduct(settings);
    const children = (): number[] =>
      ['web-main.ts', 'worker-main.ts'].flatMap((script) => processesOf(dataDir, script));
    const before = children();
    expect(before).toHaveLength(2);
    const lock = join(dataDir, 'postgres', 'cluster', 'postmaster.pid');
    process.kill(Number.parseInt(await readFile(lock, 'utf8'), 10), 'SIGKILL');
    await until(() => /PostgreSQL has ended/.exec(product.err)?.[0], 'the database to be missed');
    await until(async () => ((await status('/readyz')) === 200 ? true : undefined), 'readiness');
    expect(await providers()).toHaveLength(2);
    expect(children()).toEqual(before);
    product.signal('SIGTERM');
    expect((await product.ended).code).toBe(0);
    expect(living()).toEqual([]);
  });

  it('starts killed children again', async () => {
    const product = await startProduct(settings);
    for (const script of ['web-main.ts', 'worker-main.ts', 'emulator/main.ts']) {
      const [pid = 0] = processesOf(dataDir, script);
      process.kill(pid, 'SIGKILL');
      await until(
        () => processesOf(dataDir, script).find((other) => other !== pid),
        `${script} to be started again`,
      );
    }
    await until(async () => ((await status('/readyz')) === 200 ? true : undefined), 'readiness');
    product.signal('SIGTERM');
    expect((await product.ended).code).toBe(0);
    expect(living()).toEqual([]);
  });

  it('leaves no process behind when its supervisor is killed, and starts again at once', async () => {
    const first = await startProduct(settings);
    const [supervisor = 0] = processesOf(dataDir, 'supervise.ts');
    process.kill(supervisor, 'SIGKILL');
    expect((await first.ended).code).not.toBe(0);
    const second = await startProduct(settings);
    expect(processesOf(dataDir, 'web-main.ts')).toHaveLength(1);
    expect(await providers()).toHaveLength(2);
    second.signal('SIGTERM');
    expect((await second.ended).code).toBe(0);
    expect(living()).toEqual([]);
  });

  it('gives the command line its database, running or not, and answers in JSON', async () => {
    const product = await startProduct(settings);
    const made = await bursar(
      'provider',
      'create',
      '--name',
      'Third College',
      '--country',
      'AU',
      '--json',
    );
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(made.out)).toMatchObject({ provider: { name: 'Third College' } });
    expect(await status('/readyz')).toBe(200);
    product.signal('SIGTERM');
    await product.ended;
    const other = await bursar(
      'provider',
      'create',
      '--name',
      'Fourth College',
      '--country',
      'AU',
      '--json',
    );
    expect(JSON.parse(other.out)).toMatchObject({ provider: { name: 'Fourth College' } });
    expect(living()).toEqual([]);
    expect(await providers()).toContain('Fourth College');
  });

  it('listens at the address that is wanted', async () => {
    const product = await startProduct({ ...settings, LISTEN_ADDRESS: '0.0.0.0' });
    expect(await status('/healthz', '127.0.0.2')).toBe(200);
    product.signal('SIGTERM');
    await product.ended;
  });

  it('refuses to be reached by others while people of the demo, with their public password, work here', async () => {
    const inPublic = { ...settings, PUBLIC_URL: 'https://bursar.example.org' };
    const refused = await runToEnd('bin/start.mjs', [], inPublic);
    expect(refused.code).toBe(1);
    expect(refused.err.trim()).toMatch(
      /^People of the demo .*owner@demo\.bursar\.example.*PUBLIC_URL/,
    );
    expect(refused.err.trim().split('\n')).toHaveLength(1);
    expect(living()).toEqual([]);
  });

  it('refuses the emulator where permissions of a real app of Xero lie', async () => {
    await inDatabase(`insert into grants (id, app, xero_user_id, state, generation,
      sealed_access_token, access_expires_at, sealed_refresh_token, refresh_expires_at, scopes,
      refreshed_at, created_at, client_id, issuer)
      values (gen_random_uuid(), 'xero', 'somebody', 'live', 1, '', now(), '', now(), '', now(),
        now(), 'REAL-CLIENT-ID', 'https://identity.xero.com')`);
    const refused = await runToEnd('bin/start.mjs', [], settings);
    expect(refused.code).toBe(1);
    expect(refused.err.trim()).toMatch(/^XERO_CLIENT_ID is not set.* app REAL-CLIENT-ID: .*\.env/);
    expect(refused.err.trim().split('\n')).toHaveLength(1);
    expect(living()).toEqual([]);
    await inDatabase("delete from grants where client_id = 'REAL-CLIENT-ID'");
  });

  function bursar(...args: string[]): Promise<Ended> {
    return runToEnd('bin/bursar.mjs', args, settings);
  }
});

describe('npm start refuses in one sentence', () => {
  it('a port that is taken', async () => {
    const squatter = createServer().listen(Number(settings.PORT));
    await once(squatter, 'listening');
    await expectRefusal({}, new RegExp(`^Port ${settings.PORT} is taken .*PORT`));
    squatter.close();
  });

  it('a port for both', async () => {
    await expectRefusal(
      { EMULATOR_PORT: settings.PORT ?? '' },
      /PORT and EMULATOR_PORT must differ/,
    );
  });

  it.each([
    ['PORT', 'http'],
    ['EMULATOR_PORT', '-1'],
    ['PUBLIC_URL', 'bursar.example.org'],
    ['LOG_LEVEL', 'loud'],
    ['XERO_API_URL', 'api.xero.com'],
  ])('a wrong %s', async (name, value) => {
    await expectRefusal({ [name]: value }, new RegExp(`^The setting ${name} must .*“${value}”`));
  });

  it('a database without keys, and one that does not answer', async () => {
    const DATABASE_URL = 'postgresql://bursar:hush@127.0.0.1:1/bursar';
    await expectRefusal({ DATABASE_URL }, /^The setting ENCRYPTION_KEYS is required/);
    const ENCRYPTION_KEYS = `k:${Buffer.alloc(32).toString('base64')}`;
    await expectRefusal({ DATABASE_URL, ENCRYPTION_KEYS }, /^The database cannot be reached/);
  });

  it('a data folder that is a file', async () => {
    const file = join(dataDir, 'file');
    await writeFile(file, '');
    await expectRefusal({ DATA_DIR: file }, /^The data folder .* cannot be used/);
  });

  it('a data folder that is damaged', async () => {
    const damaged = join(dataDir, 'damaged');
    await mkdir(join(damaged, 'postgres', 'cluster'), { recursive: true });
    await expectRefusal({ DATA_DIR: damaged }, /^The database folder .* is damaged/);
  });

  async function expectRefusal(wrong: Record<string, string>, sentence: RegExp): Promise<void> {
    const ended = await runToEnd('bin/start.mjs', [], { ...settings, ...wrong });
    const said = ended.err.trim();
    expect(ended.code).toBe(1);
    expect(said).toMatch(sentence);
    expect(said.split('\n')).toHaveLength(1);
    expect(said).not.toContain('hush');
  }
});
