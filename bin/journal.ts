import { appendFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROTATE_BYTES = 10_000_000;
const WARNING = 40;

/** Where a child's lines go. */
export interface Journal {
  write(line: string): void;
}

/**
 * Keeps what a child prints in `folder/name.log` (and one older file), and shows on the terminal
 * what a person should see: warnings and worse in one line each, or everything when `showAll`.
 */
export function openJournal(folder: string, name: string, showAll: boolean): Journal {
  const path = join(folder, `${name}.log`);
  let size = sizeOf(path);
  return {
    write(line) {
      if (size > ROTATE_BYTES) {
        rmSync(`${path}.1`, { force: true });
        renameSync(path, `${path}.1`);
        size = 0;
      }
      const text = `${line}\n`;
      appendFileSync(path, text, { mode: 0o600 });
      size += Buffer.byteLength(text);
      const shown = showAll ? line : briefly(line);
      if (shown !== undefined) process.stderr.write(`${name}: ${shown}\n`);
    },
  };
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
