import { appendFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROTATE_BYTES = 10_000_000;
const WARNING = 40;
const TRY_AGAIN_AFTER_MS = 10_000;

/** Where a child's lines go. */
export interface Journal {
  write(line: string): void;
}

/** What a journal needs, beside the file. */
export interface JournalMeans {
  /** Shows a line on the terminal. */
  show: (line: string) => void;
  /** Milliseconds of a clock that only goes forward. */
  now: () => number;
}

const ownMeans: JournalMeans = {
  show: (line) => process.stderr.write(`${line}\n`),
  now: () => performance.now(),
};

/**
 * Keeps what a child prints in `folder/name.log` (and one older file), and shows on the terminal
 * what a person should see: warnings and worse in one line each, or everything when `showAll`.
 * While the file can't be written, on a full disk for example, everything is shown instead.
 */
export function openJournal(
  folder: string,
  name: string,
  showAll: boolean,
  { show, now }: JournalMeans = ownMeans,
): Journal {
  const path = join(folder, `${name}.log`);
  let size = sizeOf(path);
  let brokenAt: number | undefined;

  function keep(line: string): void {
    if (size > ROTATE_BYTES) {
      rmSync(`${path}.1`, { force: true });
      renameSync(path, `${path}.1`);
      size = 0;
    }
    const text = `${line}\n`;
    appendFileSync(path, text, { mode: 0o600 });
    size += Buffer.byteLength(text);
  }

  /** Whether the line is in the file; a file that failed is left alone for a while. */
  function isKept(line: string): boolean {
    if (brokenAt !== undefined && now() - brokenAt < TRY_AGAIN_AFTER_MS) return false;
    try {
      keep(line);
    } catch (error) {
      if (brokenAt === undefined) show(`${name}: ${cannotBeWritten(path, error)}`);
      brokenAt = now();
      return false;
    }
    if (brokenAt !== undefined) show(`${name}: ${path} is written again.`);
    brokenAt = undefined;
    return true;
  }

  return {
    write(line) {
      const shown = !isKept(line) || showAll ? line : briefly(line);
      if (shown !== undefined) show(`${name}: ${shown}`);
    },
  };
}

function cannotBeWritten(path: string, error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return `${path} can’t be written (${said}); make room or give the file back its rights. What belongs there is shown here meanwhile.`;
}

/** A structured line as a person reads it; undefined when it is only of interest in the file. */
export function briefly(line: string): string | undefined {
  const entry = parse(line);
  if (entry === undefined) return / ready at http/.test(line) ? undefined : line;
  if (typeof entry.level !== 'number' || entry.level < WARNING) return undefined;
  const cause = entry.err?.message ? ` (${entry.err.message})` : '';
  return `${entry.msg ?? 'something went wrong'}${cause}`;
}

interface Entry {
  level?: unknown;
  msg?: string;
  err?: { message?: string };
}

function parse(line: string): Entry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
