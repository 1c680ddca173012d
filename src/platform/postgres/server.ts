import { spawn } from 'node:child_process';
import { open, readFile, rm, rmdir, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { SetupError } from '../setup-error.ts';
import { program } from './binaries.ts';
import type { ServerOptions, Transport } from './data-folder.ts';
import { DATABASE_NAME, type Layout, OWNER_ROLE, PASSWORD_FILE, SOCKET_PORT } from './layout.ts';
import { commandLineOf, isAlive } from './processes.ts';
import { cleanEnvironment, type RunAs } from './run-as.ts';

/** A server with much to recover after a crash may need long; it is not killed for that. */
const START_SECONDS = 120;
const STOP_SECONDS = 30;
const POLL_MS = 25;
const LOG_ROTATE_BYTES = 5_000_000;

interface LockFile {
  readonly pid: number;
  readonly port: number;
  readonly socketFolder: string;
}

/** Reads PostgreSQL's lock file: line 1 is the process id, 4 the port, 5 the socket's folder. */
async function readLockFile(layout: Layout): Promise<LockFile | undefined> {
  const text = await readFile(join(layout.cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0
    ? { pid, port: Number(lines[3]), socketFolder: lines[4] ?? '' }
    : undefined;
}

/** The living server of this folder, if there is one; a lock file that names a stranger is removed. */
export async function findServer(layout: Layout): Promise<ServerProcess | undefined> {
  const lock = await readLockFile(layout);
  if (lock === undefined || !isAlive(lock.pid)) return undefined;
  const { pid } = lock;
  const commandLine = commandLineOf(pid);
  if (commandLine === undefined || commandLine.includes(layout.cluster)) {
    return { pid, isRunning: () => isAlive(pid) };
  }
  // PostgreSQL only looks whether the id is taken and would refuse to start for ever.
  await rm(join(layout.cluster, 'postmaster.pid'), { force: true });
  return undefined;
}

/** A connection address for `database`, for `pg` and everything built on it. */
export async function urlOf(
  layout: Layout,
  transport: Transport,
  database: string = DATABASE_NAME,
): Promise<string> {
  const lock = await readLockFile(layout);
  if (transport === 'socket') {
    // Another process may have started the server with another temporary folder.
    const host = encodeURIComponent(lock?.socketFolder || layout.socketFolder);
    return `postgresql://${OWNER_ROLE}@localhost:${SOCKET_PORT}/${database}?host=${host}`;
  }
  const password = await readFile(join(layout.cluster, PASSWORD_FILE), 'utf8');
  return `postgresql://${OWNER_ROLE}:${password}@127.0.0.1:${lock?.port || 1}/${database}`;
}

/** A server process, whoever started it. */
export interface ServerProcess {
  readonly pid: number;
  isRunning(): boolean;
}

/** Starts the server and returns at once, before it answers. */
export async function launchServer(
  layout: Layout,
  as: RunAs,
  options: ServerOptions,
): Promise<ServerProcess> {
  await rotateLog(layout);
  const log = await open(layout.log, 'a', 0o600);
  const settings = await settingsOf(layout, options);
  const [file = '', ...args] = [
    ...as.prefix,
    program(as.home, 'postgres'),
    '-D',
    layout.cluster,
    ...settings.flatMap((setting) => ['-c', setting]),
  ];
  const child = spawn(file, args, {
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
    cwd: '/',
    env: cleanEnvironment(),
    ...as.identity,
  });
  await log.close();
  let hasEnded = false;
  const end = (): void => {
    hasEnded = true;
  };
  child.once('exit', end);
  child.once('error', end);
  child.unref();
  return { pid: child.pid ?? 0, isRunning: () => !hasEnded };
}

async function settingsOf(layout: Layout, options: ServerOptions): Promise<string[]> {
  const port = options.port ?? (await freePort());
  const reach =
    options.transport === 'socket'
      ? [
          'listen_addresses=',
          `port=${SOCKET_PORT}`,
          `unix_socket_directories=${layout.socketFolder}`,
          'unix_socket_permissions=0700',
        ]
      : ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories='];
  const haste = [
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'wal_level=minimal',
    'max_wal_senders=0',
    'max_wal_size=128MB',
    'autovacuum=off',
  ];
  return [
    ...reach,
    ...(options.durable ? [] : haste),
    'max_connections=200',
    'timezone=UTC',
    'log_timezone=UTC',
  ];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

async function rotateLog(layout: Layout): Promise<void> {
  const size = await stat(layout.log).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_ROTATE_BYTES) await rm(layout.log, { force: true });
}

/** Waits until the server answers. False: it ended instead, and its log says why. */
export async function waitUntilReady(
  layout: Layout,
  transport: Transport,
  server: ServerProcess,
): Promise<boolean> {
  const deadline = performance.now() + START_SECONDS * 1000;
  while (performance.now() < deadline) {
    if (await answers(await urlOf(layout, transport, 'postgres'))) return true;
    if (!server.isRunning()) return false;
    await pause(POLL_MS);
  }
  throw new SetupError(
    'postgres_silent',
    `The embedded PostgreSQL did not answer within ${START_SECONDS} s; what it says is in ${layout.log}.`,
  );
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** Makes Bursar's database when the cluster is new; several callers at once are fine. */
export async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [
      DATABASE_NAME,
    ]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE_NAME}`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== '42P04' && code !== '23505') throw error;
  } finally {
    await client.end();
  }
}

/** Stops the server in order (clients are cut off, everything is written); waits for its end. */
export async function stopServer(layout: Layout): Promise<void> {
  const server = await findServer(layout);
  if (server === undefined) return;
  signal(server.pid, 'SIGINT');
  const deadline = performance.now() + STOP_SECONDS * 1000;
  while (isAlive(server.pid) && performance.now() < deadline) await pause(POLL_MS);
  if (isAlive(server.pid)) signal(server.pid, 'SIGQUIT');
  // Only an empty one is removed; one inside the data folder is empty now as well.
  await rmdir(layout.socketFolder).catch(() => undefined);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
