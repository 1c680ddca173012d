import { randomBytes } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError } from '../setup-error.ts';
import { type Layout, OWNER_ROLE, PASSWORD_FILE } from './layout.ts';
import { isAlive } from './processes.ts';
import { type RunAs, runToEnd } from './run-as.ts';

/** How clients reach the server. Windows has no Unix sockets that PostgreSQL could keep private. */
export type Transport = 'socket' | 'loopback';

/** What a start was asked for. */
export interface ServerOptions {
  readonly transport: Transport;
  /** False only for tests: data may be lost with the power. */
  readonly durable: boolean;
  /** The loopback port; a free one when left out. */
  readonly port?: number;
}

/** Makes the folders; creates the cluster when there is none; refuses one that is not usable. */
export async function prepareDataFolder(
  layout: Layout,
  as: RunAs,
  major: string,
  options: ServerOptions,
): Promise<void> {
  if (!(await isThere(layout.cluster))) await createCluster(layout, as, options);
  const version = await readFile(join(layout.cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) {
    throw new SetupError(
      'data_folder_broken',
      `The database folder ${layout.cluster} is damaged (it has no readable PG_VERSION); restore it from a backup, or move it away to begin with an empty database.`,
    );
  }
  if (version.trim() !== major) {
    throw new SetupError(
      'data_folder_version',
      `The database folder ${layout.cluster} was made by PostgreSQL ${version.trim()} and this Bursar ships PostgreSQL ${major}; go back to the Bursar that made it and export there, or move the folder away to begin with an empty database.`,
    );
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * Runs initdb beside the final place and renames the result, so that a killed initdb never leaves
 * half a cluster. Of several at once one wins the rename and the others use the winner's.
 */
async function createCluster(layout: Layout, as: RunAs, options: ServerOptions): Promise<void> {
  const { transport } = options;
  await removeLeftovers(layout);
  const half = `${layout.cluster}.init-${process.pid}`;
  await mkdir(half, { mode: 0o700 });
  if (as.identity.uid !== undefined) await chown(half, as.identity.uid, as.identity.gid ?? 0);
  const passwordFile = join(layout.root, `password.${process.pid}`);
  try {
    const auth = await authArguments(transport, passwordFile);
    await runToEnd(as, 'initdb', [
      ...initArguments(half),
      ...(options.durable ? [] : ['--no-sync']),
      ...auth,
    ]).catch(refuse(layout));
    if (transport === 'loopback') await rename(passwordFile, join(half, PASSWORD_FILE));
    await rename(half, layout.cluster).catch(ignoreLostRace);
  } finally {
    await rm(half, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
  }
}

function initArguments(folder: string): string[] {
  return [
    `--pgdata=${folder}`,
    `--username=${OWNER_ROLE}`,
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ];
}

/** The socket folder is the guard of the socket; a loopback port needs a password. */
async function authArguments(transport: Transport, passwordFile: string): Promise<string[]> {
  if (transport === 'socket') return ['--auth=trust'];
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return ['--auth=scram-sha-256', `--pwfile=${passwordFile}`];
}

async function removeLeftovers(layout: Layout): Promise<void> {
  const names = await readdir(layout.root);
  for (const name of names) {
    const pid = /^cluster\.init-(\d+)$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(layout.root, name), { recursive: true, force: true });
  }
}

function refuse(layout: Layout): (cause: { stderr?: string; message: string }) => never {
  return (cause) => {
    const said = (cause.stderr ?? cause.message).trim().split('\n').at(-1) ?? '';
    throw new SetupError(
      'initdb_failed',
      `A new database could not be made in ${layout.root}: ${said}`,
      { cause },
    );
  };
}

function ignoreLostRace(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST' && error.code !== 'EPERM') throw error;
}
