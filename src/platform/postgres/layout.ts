import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SetupError } from '../setup-error.ts';

/** The superuser that `initdb` makes, and the database that Bursar lives in. */
export const OWNER_ROLE = 'bursar';
export const DATABASE_NAME = 'bursar';

/** Inside the cluster folder, so that it comes into being together with the cluster. */
export const PASSWORD_FILE = 'bursar.password';

/** A socket's port is only part of its file name: nothing listens on it. */
export const SOCKET_PORT = 5432;

/** Linux allows 107 bytes in a socket address, macOS 103; the shorter one holds for both. */
const LONGEST_SOCKET_PATH = 103;

/** Where everything of one embedded server lies. */
export interface Layout {
  /** The folder the caller named; everything else lies inside it (the socket perhaps not). */
  readonly root: string;
  /** PostgreSQL's own data folder (PGDATA). */
  readonly cluster: string;
  /** What the server prints. */
  readonly log: string;
  /** One file per process that uses the server, named by its process id. */
  readonly users: string;
  /** One file per process that is about to stop the server, named by its process id. */
  readonly stopping: string;
  /** The private folder of the Unix socket. */
  readonly socketFolder: string;
}

/**
 * The absolute paths of a server in `dataDir`; makes none of them. The socket lies in the system's
 * temporary folder where its path would be too long.
 */
export function layoutOf(dataDir: string): Layout {
  const root = resolve(dataDir);
  return {
    root,
    cluster: join(root, 'cluster'),
    log: join(root, 'postgres.log'),
    users: join(root, 'users'),
    stopping: join(root, 'stopping'),
    socketFolder: socketFolderOf(root),
  };
}

function socketFolderOf(root: string): string {
  const inside = join(root, 'socket');
  const longest = join(inside, `.s.PGSQL.${SOCKET_PORT}.lock`);
  if (Buffer.byteLength(longest) <= LONGEST_SOCKET_PATH) return inside;
  const fingerprint = createHash('sha256').update(root).digest('hex').slice(0, 12);
  return join(tmpdir(), `bursar-${process.getuid?.() ?? 0}-${fingerprint}`);
}

/**
 * Makes a folder that only its owner (`owner`, else ourselves) may enter, and refuses one that
 * somebody else made first, as anybody may in a shared temporary folder.
 */
export async function makePrivateFolder(path: string, owner?: number): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const found = await lstat(path);
  const self = process.getuid?.();
  const isOurs = self === undefined || found.uid === self || found.uid === owner;
  if (!found.isDirectory() || !isOurs) {
    throw new SetupError(
      'socket_folder_not_ours',
      `The folder ${path} belongs to someone else; remove it, or choose another DATA_DIR.`,
    );
  }
  await chmod(path, 0o700);
  if (self === 0) await chown(path, owner ?? 0, owner ?? 0);
}
