import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SetupError } from './setup-error.ts';

/**
 * Makes a folder that Bursar keeps data in, and those above it.
 * @throws SetupError when that is not possible
 */
export async function makeDataFolder(path: string): Promise<void> {
  await makeFolder(path).catch((cause: Error) => {
    throw new SetupError(
      'data_folder_unusable',
      `The data folder ${path} cannot be used (${cause.message}); set DATA_DIR to a folder that Bursar may write to.`,
      { cause },
    );
  });
}

// Not `mkdir` with `recursive`, which never returns for a path below /proc.
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    if (await exists(dirname(path))) throw error;
    await makeFolder(dirname(path));
    await makeFolder(path);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * Writes a file for the owner alone. Another process sees it as it was or as it is, and never half
 * of it; nor does a crash, which leaves at most a file beside it whose name ends in `.half`.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const half = `${path}.${randomUUID()}.half`;
  const file = await open(half, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(half, path);
}
