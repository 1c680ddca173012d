import { appendFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ProviderId } from '#contract/ids';
import { makeDataFolder, writeWhole } from '#platform/data-dir';
import {
  type AnchorLine,
  isLongPast,
  lastOfEachDay,
  monthOf,
  readLines,
  readLinesOfAll,
  textOf,
} from './anchor-lines.ts';
import type { Heads } from './seal-events.ts';

/**
 * Where each chain had come to, noted outside the database: whoever can rewrite the database can
 * make a shorter or another chain that fits in itself, but not one that fits these lines. A folder
 * for each provider, in it a file for each month.
 */
export interface Anchors {
  /** Resolves when what a former Bursar noted is moved over, which may take a while, once. */
  ready(): Promise<void>;
  /** @throws Error when a file can't be written */
  add(heads: Heads, at: Date): Promise<void>;
  /** What was noted of one provider's chain, oldest first. Empty when nothing was yet. */
  read(providerId: ProviderId): Promise<AnchorLine[]>;
  /** Everybody of whom something was noted. */
  providers(): Promise<ProviderId[]>;
  /**
   * Keeps of each day that is long past the last line only. The caller has just found that the chain
   * fits every hash of `holds`: each covers all entries before it, so the lines that go prove nothing
   * that a later one does not. Lines that do not hold go too.
   */
  thin(providerId: ProviderId, holds: ReadonlyMap<bigint, string>, now: Date): Promise<void>;
  /** The folder. */
  readonly path: string;
}

/** The folder of all anchors; what belongs to one provider lies in one of that name. */
export const ANCHORS_FOLDER = 'audit-anchors';
/** What held the lines of all providers once. */
const FORMER_FILE = 'audit-anchors.jsonl';
const MONTH_FILE = /^(\d{4}-\d{2})\.jsonl$/;
/** Lines of the former file that are moved in one go. */
const MOVED_AT_ONCE = 10_000;

/**
 * Anchors under `dataDir`, one of these for each process. Nothing is read or made there before it
 * is first asked for something.
 */
export function createAnchors(dataDir: string): Anchors {
  const path = join(dataDir, ANCHORS_FOLDER);
  const former = join(dataDir, FORMER_FILE);
  /** Files to which this process has written, so that their last line is known to be whole. */
  const begun = new Set<string>();
  let moved: Promise<void> | null = null;

  async function append(providerId: ProviderId, lines: readonly AnchorLine[]): Promise<void> {
    const byMonth = Map.groupBy(lines, ({ at }) => monthOf(at));
    for (const [month, ofMonth] of byMonth) {
      const file = fileOf(providerId, month);
      const isFirst = !begun.has(file);
      if (isFirst) await makeFolders(dataDir, join(path, providerId));
      // A crash may have cut the last line short; the next must not be glued to what is left of it.
      await appendFile(file, `${isFirst ? '\n' : ''}${textOf(ofMonth)}`, { mode: 0o600 });
      begun.add(file);
    }
  }

  /**
   * Brings the lines of the one file for everybody into those of each. Stopped half-way it begins
   * anew: the same line twice says the same.
   */
  function moveOver(): Promise<void> {
    moved ??= moveLines().catch((error: unknown) => {
      moved = null;
      throw error;
    });
    return moved;
  }

  async function moveLines(): Promise<void> {
    if (!(await isThere(former))) return;
    let waiting: (AnchorLine & { providerId: ProviderId })[] = [];
    const write = async () => {
      for (const [id, lines] of Map.groupBy(waiting, ({ providerId }) => providerId)) {
        await append(id, lines);
      }
      waiting = [];
    };
    for await (const line of readLinesOfAll(former)) {
      waiting.push(line);
      if (waiting.length >= MOVED_AT_ONCE) await write();
    }
    await write();
    await rm(former, { force: true });
  }

  const fileOf = (providerId: ProviderId, month: string) =>
    join(path, providerId, `${month}.jsonl`);

  async function monthsOf(providerId: ProviderId): Promise<string[]> {
    const names = await namesIn(join(path, providerId));
    return names.flatMap((name) => MONTH_FILE.exec(name)?.[1] ?? []).sort();
  }

  async function linesOf(providerId: ProviderId, month: string): Promise<AnchorLine[]> {
    const lines: AnchorLine[] = [];
    for await (const line of readLines(fileOf(providerId, month))) lines.push(line);
    return lines;
  }

  return {
    path,
    ready: moveOver,
    async add(heads, at) {
      await moveOver();
      for (const [providerId, { position, hash }] of heads) {
        await append(providerId, [{ at, position, hash: hash.toString('hex') }]);
      }
    },

    async read(providerId) {
      await moveOver();
      const lines: AnchorLine[] = [];
      for (const month of await monthsOf(providerId)) {
        for (const line of await linesOf(providerId, month)) lines.push(line);
      }
      return lines;
    },

    async providers() {
      await moveOver();
      return (await namesIn(path)).flatMap((name) => ProviderId.safeParse(name).data ?? []);
    },

    async thin(providerId, holds, now) {
      for (const month of await monthsOf(providerId)) {
        if (!isLongPast(month, now)) continue;
        const lines = await linesOf(providerId, month);
        const kept = lastOfEachDay(lines.filter((line) => holds.get(line.position) === line.hash));
        if (kept.length < lines.length) {
          await writeWhole(fileOf(providerId, month), textOf(kept));
        }
      }
    },
  };
}

async function makeFolders(dataDir: string, folder: string): Promise<void> {
  await makeDataFolder(dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
