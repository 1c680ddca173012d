import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askDatabase } from '../../../test/world/ask.ts';
import { fastestFolder } from '../../../test/world/memory-folder.ts';
import { type RunningPostgres, type StartOptions, startPostgres } from './start-postgres.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

let folder: string;
let open: RunningPostgres[];
let others: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(fastestFolder(), 'bursar-pg-'));
  open = [];
  others = [];
});

afterEach(async () => {
  // Also after a failure: who is left would hold the output of the whole run open.
  for (const other of others) other.kill('SIGKILL');
  for (const server of open) await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Partial<StartOptions> = {}): Promise<RunningPostgres> {
  const server = await startPostgres({ dataDir: folder, durable: false, ...options });
  open.push(server);
  return server;
}

async function postmasterPid(): Promise<number> {
  return Number.parseInt(await readFile(join(folder, 'cluster', 'postmaster.pid'), 'utf8'), 10);
}

/** Another process that starts or adopts the server of this folder and keeps using it. */
async function otherUser(): Promise<{ kill(signal: NodeJS.Signals): Promise<void> }> {
  const script = `
    import { startPostgres } from '#platform/postgres/start-postgres';
    const server = await startPostgres({ dataDir: process.argv[1], durable: false });
    process.on('SIGTERM', () => server.stop().then(() => process.exit(0)));
    console.log('up');
    setInterval(() => undefined, 1000);`;
  const child = spawn(
    process.execPath,
    [
      '--input-type=module-typescript',
      '--disable-warning=ExperimentalWarning',
      '-e',
      script,
      folder,
    ],
    { cwd: PROJECT, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  others.push(child);
  await once(child.stdout, 'data');
  return {
    async kill(signal) {
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
}

describe('startPostgres', () => {
  it('makes a database that knows Unicode and no time zone but UTC', async () => {
    const { url, adopted } = await start();
    expect(adopted).toBe(false);
    expect(
      await askDatabase(
        url,
        `select current_database() as name, upper('ärger') as word, current_setting('timezone') as zone,
           current_setting('listen_addresses') as tcp`,
      ),
    ).toEqual([{ name: 'bursar', word: 'ÄRGER', zone: 'UTC', tcp: '' }]);
  });

  it('keeps what was written over a stop and a start', async () => {
    const first = await start();
    await askDatabase(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    expect(await first.isRunning()).toBe(false);
    const second = await start();
    expect(await askDatabase(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('is one server for several users, and the last to leave stops it', async () => {
    const other = await otherUser();
    const ours = await start();
    expect(ours.adopted).toBe(true);
    await other.kill('SIGTERM');
    expect(await askDatabase(ours.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await ours.stop();
    expect(await ours.isRunning()).toBe(false);
  });

  it('leaves no data behind when they were only passing', async () => {
    const server = await start({ passing: true });
    await askDatabase(server.url, 'create table kept as select 1');
    await server.stop();
    await expect(readFile(join(folder, 'cluster', 'PG_VERSION'))).rejects.toThrow('ENOENT');
    expect(await askDatabase((await start()).url, `select to_regclass('kept') as kept`)).toEqual([
      { kept: null },
    ]);
  });

  it('adopts a server whose user was killed', async () => {
    const other = await otherUser();
    const pid = await postmasterPid();
    await other.kill('SIGKILL');
    const ours = await start();
    expect(ours.adopted).toBe(true);
    expect(await postmasterPid()).toBe(pid);
  });

  it.each(['socket', 'loopback'] as const)(
    'recovers what was committed when the server is killed, at the same address (%s)',
    async (transport) => {
      const server = await start({ durable: true, transport });
      await askDatabase(server.url, 'create table kept as select 42 as answer');
      process.kill(await postmasterPid(), 'SIGKILL');
      await expect.poll(() => server.isRunning()).toBe(false);
      await server.revive();
      expect(await askDatabase(server.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    },
  );

  // Four processes that load the product at once, on two cores with other tests on them.
  it('lets several start at once on an empty folder', { timeout: 60_000 }, async () => {
    const several = await Promise.all([otherUser(), otherUser(), otherUser()]);
    const ours = await start();
    expect(ours.adopted).toBe(true);
    await Promise.all(several.map((other) => other.kill('SIGTERM')));
    expect(await ours.isRunning()).toBe(true);
  });

  it('is not misled by a lock file that names a stranger’s process', async () => {
    await (await start()).stop();
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    await writeFile(
      join(folder, 'cluster', 'postmaster.pid'),
      `${stranger.pid}\n${join(folder, 'cluster')}\n0\n5432\n${join(folder, 'socket')}\n\n`,
    );
    const again = await start();
    expect(again.adopted).toBe(false);
    stranger.kill();
  });

  it('clears away what a killed initdb has left', async () => {
    const ended = spawn(process.execPath, ['-e', '']);
    await once(ended, 'exit');
    await mkdir(join(folder, `cluster.init-${ended.pid}`, 'base'), { recursive: true });
    const { url } = await start();
    expect(await askDatabase(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('serves a folder whose path is too long for a socket', async () => {
    const { url } = await start({ dataDir: join(folder, 'd'.repeat(100)) });
    expect(await askDatabase(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('asks for a password where it must listen on loopback', async () => {
    const { url } = await start({ transport: 'loopback' });
    expect(await askDatabase(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    const guess = new URL(url);
    guess.password = 'guess';
    await expect(askDatabase(guess.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });
});

describe('startPostgres refuses in a sentence', () => {
  it.each([
    [
      'a file in the place of the folder',
      'data_folder_unusable',
      async () => {
        await rm(folder, { recursive: true });
        await writeFile(folder, '');
      },
    ],
    [
      'a folder that is no cluster',
      'data_folder_broken',
      async () => {
        await mkdir(join(folder, 'cluster'));
      },
    ],
    [
      'a cluster of another version',
      'data_folder_version',
      async () => {
        await mkdir(join(folder, 'cluster'));
        await writeFile(join(folder, 'cluster', 'PG_VERSION'), '12\n');
      },
    ],
    [
      'a cluster that lost its heart',
      'data_folder_broken',
      async () => {
        await (await start()).stop();
        await rm(join(folder, 'cluster', 'global', 'pg_control'));
      },
    ],
  ])('%s', async (_case, code, spoil) => {
    await spoil();
    const refused = expect(startPostgres({ dataDir: folder })).rejects;
    await refused.toMatchObject({ code, message: expect.stringMatching(/^[^\n]+\.$/) });
  });
});

it('runs as nobody where root may have no namespace, and back in one where it may', async ({
  skip,
}) => {
  skip(process.getuid?.() !== 0, 'only root can become another user');
  await chmod(folder, 0o755);
  const first = await start({ asNobody: true });
  await askDatabase(first.url, 'create table kept as select 42 as answer');
  await first.stop();
  const second = await start();
  expect(await askDatabase(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
});
