import { Unzip, UnzipInflate } from 'fflate';
import { AppError } from '#platform/app-error';
import type { GivenFile } from './import-record.ts';
import { unreadable } from './import-record.ts';

const ENTRIES_MAX = 200;
const UNPACKED_BYTES_MAX = 60 * 1024 * 1024;
/** Put in at once; at most a thousandfold comes out before it is counted. */
const PIECE_BYTES = 8 * 1024;
const HELPER_FILE = /(^|\/)(__MACOSX\/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/i;

/** Whether the content is a zip, however small: a hundredfold may come out of it. */
export function isZip(file: GivenFile): boolean {
  const [p, k, three, four] = file.content;
  return p === 0x50 && k === 0x4b && three === 0x03 && four === 0x04;
}

/**
 * The files themselves, out of their zip where they came in one. Folders are left out of names.
 * `import.unreadable` for a damaged zip, a workbook, or a zip with too many or too large files.
 */
export function unpackFiles(files: readonly GivenFile[]): GivenFile[] {
  return files.flatMap((file) =>
    isZip(file) ? unzip(file) : [{ ...file, name: baseName(file.name) }],
  );
}

function baseName(path: string): string {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  return name.replace(/[\p{Cc}\p{Cs}]/gu, '');
}

/**
 * Counts the bytes that come out and stops there: what a zip says of its own sizes may be a lie.
 * Entries are read where they lie, one after the other, so that none is unpacked twice.
 */
function unzip(file: GivenFile): GivenFile[] {
  const found: { name: string; pieces: Uint8Array[] }[] = [];
  let entries = 0;
  let bytes = 0;
  const refuse = (why: string) => {
    throw unreadable(file.name, {}, why);
  };
  const unzipper = new Unzip((entry) => {
    entries += 1;
    if (/^xl\/workbook/.test(entry.name)) refuse('this is an Excel workbook. Save it as CSV.');
    if (entries > ENTRIES_MAX) refuse(`there are more than ${ENTRIES_MAX} files in it.`);
    if (entry.name.endsWith('/') || HELPER_FILE.test(entry.name)) return;
    const pieces: Uint8Array[] = [];
    found.push({ name: baseName(entry.name), pieces });
    entry.ondata = (error, piece) => {
      if (error) throw error;
      bytes += piece.byteLength;
      if (bytes > UNPACKED_BYTES_MAX) refuse('unpacked it is larger than 60 MB.');
      pieces.push(piece);
    };
    entry.start();
  });
  unzipper.register(UnzipInflate);
  attempt(file, () => {
    for (let at = 0; at < file.content.byteLength; at += PIECE_BYTES) {
      const end = at + PIECE_BYTES;
      unzipper.push(file.content.subarray(at, end), end >= file.content.byteLength);
    }
  });
  if (entries === 0) throw damaged(file);
  if (found.length === 0) throw unreadable(file.name, {}, 'there is no file in this zip.');
  const files = found.map(({ name, pieces }) => ({
    name,
    content: new Uint8Array(Buffer.concat(pieces)),
  }));
  const inner = files.find(isZip);
  if (inner) throw unreadable(inner.name, {}, 'a zip within a zip is not opened.');
  return files;
}

function attempt<T>(file: GivenFile, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof AppError ? error : damaged(file, error);
  }
}

function damaged(file: GivenFile, cause?: unknown): AppError {
  const failure = unreadable(file.name, {}, 'this zip is damaged or locked with a password.');
  failure.cause = cause;
  return failure;
}
