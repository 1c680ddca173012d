import { createHash } from 'node:crypto';
import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const MEMORY = '/dev/shm';
const BYTES_FREE_MIN = 2 * 2 ** 30;

/**
 * Where throwaway files are made and deleted fastest: in memory where Linux offers 2 GiB of it,
 * else in the system's temporary folder. A database is some thousand files, which most of a
 * story's time went into making on disk.
 */
export function fastestFolder(): string {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= BYTES_FREE_MIN ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** A name that no other checkout or user of this machine has. */
export function nameFor(purpose: string, checkout: string): string {
  const fingerprint = createHash('sha256').update(checkout).digest('hex').slice(0, 12);
  return `bursar-${purpose}-${process.getuid?.() ?? 0}-${fingerprint}`;
}
