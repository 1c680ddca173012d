import { execFile, spawnSync } from 'node:child_process';
import { chown, cp, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SetupError } from '../setup-error.ts';
import { type Binaries, program } from './binaries.ts';
import type { Layout } from './layout.ts';

/** The user id that every Linux knows as `nobody`. */
const NOBODY = 65534;

/**
 * How PostgreSQL's programs are started, given that PostgreSQL refuses root:
 * `self` as the user we are; `namespace` in a user namespace where root looks like nobody, so that
 * the files stay ours; `nobody` as that user, where namespaces are not allowed.
 */
export interface RunAs {
  readonly mode: 'self' | 'namespace' | 'nobody';
  readonly home: string;
  /** Put before every command. */
  readonly prefix: readonly string[];
  /** Spawn options: the user to become. */
  readonly identity: { uid?: number; gid?: number };
}

/** Decides how to start PostgreSQL and makes the data folder fit that decision. */
export async function decideRunAs(binaries: Binaries, layout: Layout): Promise<RunAs> {
  if (process.getuid?.() !== 0) {
    return { mode: 'self', home: binaries.home, prefix: [], identity: {} };
  }
  const prefix = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];
  if (canRun([...prefix, program(binaries.home, 'postgres'), '--version'])) {
    await giveTo(layout, 0);
    return { mode: 'namespace', home: binaries.home, prefix, identity: {} };
  }
  return asNobody(binaries, layout);
}

function canRun(command: readonly string[], identity: RunAs['identity'] = {}): boolean {
  const [file = '', ...args] = command;
  return spawnSync(file, args, { stdio: 'ignore', ...identity }).status === 0;
}

/** Run as nobody; `layout.root` comes to belong to that user. */
export async function asNobody(binaries: Binaries, layout: Layout): Promise<RunAs> {
  const identity = { uid: NOBODY, gid: NOBODY };
  await giveTo(layout, NOBODY);
  if (!canRun(['test', '-w', layout.root], identity)) {
    throw new SetupError(
      'postgres_refuses_root',
      `PostgreSQL refuses to run as root and the user nobody cannot reach ${layout.root}; start Bursar as an ordinary user, or set DATA_DIR to a folder below one that everybody may enter, such as /var/lib/bursar.`,
    );
  }
  let home = binaries.home;
  if (!canRun([program(home, 'postgres'), '--version'], identity)) {
    home = await copyBinaries(binaries, layout);
  }
  return { mode: 'nobody', home, prefix: [], identity };
}

/** A machine that begins or ceases to allow namespaces changes who the files must belong to. */
async function giveTo(layout: Layout, uid: number): Promise<void> {
  await chown(layout.root, uid, uid);
  const theirs = uid === 0 ? NOBODY : 0;
  for (const folder of [layout.cluster, layout.socketFolder]) {
    const found = await lstat(folder).catch(() => undefined);
    if (found?.uid === theirs) await run('chown', ['-hR', `${uid}:${uid}`, folder]);
  }
}

async function copyBinaries(binaries: Binaries, layout: Layout): Promise<string> {
  const copy = join(layout.root, `binaries-${binaries.major}`);
  const probe = [program(copy, 'postgres'), '--version'];
  if (canRun(probe, { uid: NOBODY, gid: NOBODY })) return copy;
  const half = `${copy}.${process.pid}`;
  await mkdir(half, { recursive: true });
  await cp(binaries.home, half, { recursive: true, verbatimSymlinks: true });
  await rm(copy, { recursive: true, force: true });
  await rename(half, copy);
  return copy;
}

const run = promisify(execFile);

/** Runs one of PostgreSQL's programs to its end; rejects with what it printed. */
export async function runToEnd(
  as: RunAs,
  name: 'initdb' | 'pg_ctl',
  args: readonly string[],
): Promise<void> {
  const [file = '', ...rest] = [...as.prefix, program(as.home, name), ...args];
  await run(file, rest, { ...as.identity, cwd: '/', env: cleanEnvironment() });
}

/** The environment without variables that would steer PostgreSQL behind our back. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}
