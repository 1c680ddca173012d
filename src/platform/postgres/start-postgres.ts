import { readFile, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { makeDataFolder } from '../data-dir.ts';
import { SetupError } from '../setup-error.ts';
import { findBinaries } from './binaries.ts';
import { prepareDataFolder, type ServerOptions, type Transport } from './data-folder.ts';
import { type Layout, layoutOf, makePrivateFolder } from './layout.ts';
import { asNobody, decideRunAs, type RunAs } from './run-as.ts';
import {
  ensureDatabase,
  findServer,
  launchServer,
  stopServer,
  urlOf,
  waitUntilReady,
} from './server.ts';
import { arrive, leave, watchOver } from './users.ts';

/** What a start may be told. */
export interface StartOptions {
  /** Where the server keeps everything; made when it is not there. */
  dataDir: string;
  /** Hears one line about what happened. */
  log?: (line: string) => void;
  /** False only for tests: faster, and data may be lost with the power. */
  durable?: boolean;
  /** True only for tests: whoever leaves last deletes the data too. */
  passing?: boolean;
  /** How clients reach the server; what the platform can do when left out. */
  transport?: Transport;
  /** Run as `nobody` even where user namespaces are allowed; only root can ask for it. */
  asNobody?: boolean;
}

/** A server in use by this process. */
export interface RunningPostgres {
  /** The database `bursar` as its owner; works with `pg` and everything built on it. */
  readonly url: string;
  /** Whether the server ran already. */
  readonly adopted: boolean;
  /** Whether the server still runs; false after somebody killed it. */
  isRunning(): Promise<boolean>;
  /** Starts the server again after somebody killed it, at the same address. */
  revive(): Promise<void>;
  /** Stops using it; the last user stops the server. Safe to call twice. */
  stop(): Promise<void>;
}

const ATTEMPTS = 40;
const RETRY_MS = 250;

/**
 * Starts the embedded PostgreSQL of `dataDir`, or adopts the one that runs there.
 *
 * @throws SetupError with one clear sentence when the folder or the machine does not allow it.
 */
export async function startPostgres(options: StartOptions): Promise<RunningPostgres> {
  const layout = layoutOf(options.dataDir);
  const transport = options.transport ?? (process.platform === 'win32' ? 'loopback' : 'socket');
  await makeDataFolder(layout.root);
  await arrive(layout).catch(refuseFolder(layout));
  const watcher = watchOver(layout);
  const giveUp = async (): Promise<void> => {
    watcher.dismiss();
    await leave(layout, async () => {
      await stopServer(layout);
      if (options.passing) await rm(layout.cluster, { recursive: true, force: true });
    });
  };
  try {
    const server: ServerOptions = { transport, durable: options.durable ?? true };
    const adopted = await bringUp(layout, server, options.asNobody ?? false);
    await ensureDatabase(await urlOf(layout, transport, 'postgres'));
    options.log?.(adopted ? 'adopted the running PostgreSQL' : 'PostgreSQL started');
    let stopped: Promise<void> | undefined;
    const stop = (): Promise<void> => {
      stopped ??= giveUp();
      return stopped;
    };
    const url = await urlOf(layout, transport);
    return {
      url,
      adopted,
      isRunning: async () => (await findServer(layout)) !== undefined,
      revive: async () => {
        const port = Number(new URL(url).port);
        await bringUp(layout, { ...server, port }, options.asNobody ?? false);
      },
      stop,
    };
  } catch (error) {
    await giveUp();
    throw error;
  }
}

/** True when a running server was adopted, false when one was started. */
async function bringUp(layout: Layout, options: ServerOptions, nobody: boolean): Promise<boolean> {
  let as: RunAs | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const running = await findServer(layout);
    if (running !== undefined) {
      if (await waitUntilReady(layout, options.transport, running)) return true;
      continue;
    }
    as ??= await prepare(layout, options, nobody);
    const launched = await launchServer(layout, as, options);
    if (await waitUntilReady(layout, options.transport, launched)) {
      return (await findServer(layout))?.pid !== launched.pid;
    }
    // Either another process starts the same server, or the last one's children are still ending.
    // All write into one log, so that its last words may be those of the server that is coming up.
    const said = await lastWords(layout);
    const isInUse = /shared memory block|lock file .* already exists/.test(said);
    if (!isInUse && (await findServer(layout)) === undefined) throw damaged(layout, said);
    await pause(RETRY_MS);
  }
  throw damaged(layout, await lastWords(layout));
}

async function prepare(layout: Layout, options: ServerOptions, nobody: boolean): Promise<RunAs> {
  const binaries = await findBinaries();
  const as = nobody ? await asNobody(binaries, layout) : await decideRunAs(binaries, layout);
  await prepareDataFolder(layout, as, binaries.major, options);
  if (options.transport === 'socket') await makePrivateFolder(layout.socketFolder, as.identity.uid);
  return as;
}

/** The reason PostgreSQL gave in its log, without its time stamp. */
async function lastWords(layout: Layout): Promise<string> {
  const log = await readFile(layout.log, 'utf8').catch(() => '');
  const lines = log.trimEnd().split('\n').slice(-20);
  const reason = lines.findLast((line) => /FATAL|PANIC|could not/.test(line)) ?? lines.at(-1) ?? '';
  return reason.replace(/^.*?(FATAL|PANIC): +/, '');
}

function damaged(layout: Layout, said: string): SetupError {
  return new SetupError(
    'data_folder_broken',
    `PostgreSQL cannot start on ${layout.cluster} ("${said}"); restore the folder from a backup, or move it away to begin with an empty database.`,
  );
}

function refuseFolder(layout: Layout): (cause: Error) => never {
  return (cause) => {
    throw new SetupError(
      'data_folder_unusable',
      `The data folder ${layout.root} cannot be used (${cause.message}); set DATA_DIR to a folder that Bursar may write to.`,
      { cause },
    );
  };
}
