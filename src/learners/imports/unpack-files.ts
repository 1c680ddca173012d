import { unzipSync } from 'fflate';
import type { GivenFile } from './import-record.ts';
import { unreadable } from './import-record.ts';

const ENTRIES_MAX = 200;
const UNPACKED_BYTES_MAX = 60 * 1024 * 1024;
const HELPER_FILE = /(^|\/)(__MACOSX\/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/i;

function isZip(file: GivenFile): boolean {
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

function unzip(file: GivenFile): GivenFile[] {
  let entries = 0;
  let bytes = 0;
  let refusal: string | null = null;
  const unpacked = attempt(file, () =>
    unzipSync(file.content, {
      // Asked before each entry is unpacked, so nothing beyond the limits ever is.
      filter(entry) {
        entries += 1;
        bytes += entry.originalSize;
        if (/^xl\/workbook/.test(entry.name))
          refusal = 'this is an Excel workbook. Save it as CSV.';
        if (entries > ENTRIES_MAX) refusal = `there are more than ${ENTRIES_MAX} files in it.`;
        if (bytes > UNPACKED_BYTES_MAX) refusal = 'unpacked it is larger than 60 MB.';
        return refusal === null && !entry.name.endsWith('/') && !HELPER_FILE.test(entry.name);
      },
    }),
  );
  if (refusal !== null) throw unreadable(file.name, {}, refusal);
  const found = Object.entries(unpacked).map(([name, content]) => ({
    name: baseName(name),
    content,
  }));
  if (found.length === 0) throw unreadable(file.name, {}, 'there is no file in this zip.');
  const inner = found.find(isZip);
  if (inner) throw unreadable(inner.name, {}, 'a zip within a zip is not opened.');
  return found;
}

function attempt<T>(file: GivenFile, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const failure = unreadable(file.name, {}, 'this zip is damaged or locked with a password.');
    failure.cause = error;
    throw failure;
  }
}
