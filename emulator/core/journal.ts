import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** One change: collection, id, and the row as it is now (null: taken away). */
export type Change = readonly [collection: string, id: string, row: unknown];

const FILE_NAME = 'journal.jsonl';
const READ_CHUNK_BYTES = 1 << 20;
const WRITE_CHUNK_CHARS = 1 << 20;

/**
 * An append-only file of changes, one act a line, written before the answer leaves. What the
 * operating system has taken survives `kill -9`; a line torn by a crash is dropped at the next
 * start, whole, so an act is kept entirely or not at all.
 */
export class Journal {
  readonly #path: string;
  #file: number | undefined;

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.#path = join(dataDir, FILE_NAME);
  }

  /**
   * Hands over every kept change in order.
   * @throws Error naming the file when a line other than the last cannot be read.
   */
  read(apply: (change: Change) => void): void {
    if (!existsSync(this.#path)) return;
    let unreadable: number | undefined;
    let lineNumber = 0;
    for (const line of readLines(this.#path)) {
      lineNumber++;
      if (unreadable !== undefined) {
        throw new Error(`the emulator's journal ${this.#path} is damaged at line ${unreadable}`);
      }
      const changes = parseLine(line);
      if (changes) changes.forEach(apply);
      else unreadable = lineNumber;
    }
  }

  /** Replaces the file by these changes; a crash on the way leaves the old one. */
  rewrite(changes: Iterable<Change>): void {
    this.close();
    const draft = `${this.#path}.new`;
    const file = openSync(draft, 'w', 0o600);
    let buffer = '';
    for (const change of changes) {
      buffer += `${JSON.stringify([change])}\n`;
      if (buffer.length > WRITE_CHUNK_CHARS) {
        writeAll(file, buffer);
        buffer = '';
      }
    }
    writeAll(file, buffer);
    fsyncSync(file);
    closeSync(file);
    renameSync(draft, this.#path);
  }

  /** Appends one act. */
  append(changes: readonly Change[]): void {
    this.#file ??= openSync(this.#path, 'a', 0o600);
    writeAll(this.#file, `${JSON.stringify(changes)}\n`);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(file, bytes, written);
  }
}

function parseLine(line: string): Change[] | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return Array.isArray(parsed) ? (parsed as Change[]) : undefined;
  } catch {
    return undefined;
  }
}

function* readLines(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(READ_CHUNK_BYTES);
    let rest: Buffer[] = [];
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      let start = 0;
      for (let end = chunk.indexOf(10); end >= 0 && end < read; end = chunk.indexOf(10, start)) {
        rest.push(Buffer.from(chunk.subarray(start, end)));
        yield Buffer.concat(rest).toString('utf8');
        rest = [];
        start = end + 1;
      }
      rest.push(Buffer.from(chunk.subarray(start, read)));
    }
    const last = Buffer.concat(rest);
    if (last.length > 0) yield last.toString('utf8');
  } finally {
    closeSync(file);
  }
}
