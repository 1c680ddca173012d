import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ProviderId } from '#contract/ids';
import type { Heads } from './seal-events.ts';

/**
 * Where each chain had come to, noted outside the database: whoever can rewrite the database can
 * make a shorter or another chain that fits in itself, but not one that fits these lines.
 */
export interface Anchors {
  /** @throws Error when the file can't be written */
  add(heads: Heads, at: Date): Promise<void>;
  /** What was noted, by provider and position; hashes in hex. Empty when there is no file yet. */
  read(): Promise<Map<ProviderId, Map<bigint, string>>>;
  readonly path: string;
}

const FILE = 'audit-anchors.jsonl';
const Line = z.object({
  providerId: ProviderId,
  position: z.coerce.bigint(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

export function createAnchors(dataDir: string): Anchors {
  const path = join(dataDir, FILE);
  return {
    path,
    async add(heads, at) {
      if (heads.size === 0) return;
      const lines = [...heads].map(([providerId, { position, hash }]) =>
        JSON.stringify({
          at: at.toISOString(),
          providerId,
          position: position.toString(),
          hash: hash.toString('hex'),
        }),
      );
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, `${lines.join('\n')}\n`, { mode: 0o600 });
    },
    async read() {
      const found = new Map<ProviderId, Map<bigint, string>>();
      for (const text of (await readIfThere(path)).split('\n')) {
        const line = parsed(text);
        if (!line) continue;
        const ofProvider = found.get(line.providerId) ?? new Map<bigint, string>();
        // The first word on a position counts: a later one that differs was not ours.
        if (!ofProvider.has(line.position)) ofProvider.set(line.position, line.hash);
        found.set(line.providerId, ofProvider);
      }
      return found;
    },
  };
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** A line that a crash has cut short is passed over. */
function parsed(text: string): z.output<typeof Line> | null {
  if (text === '') return null;
  try {
    return Line.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
