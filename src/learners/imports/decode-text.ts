import type { GivenFile } from './import-record.ts';
import { unreadable } from './import-record.ts';

/** A file's text and, where its bytes could be read in more than one way, what was assumed. */
export interface DecodedText {
  text: string;
  remark: string | null;
}

const NO_TEXT = 'this is not a text file. Export it as CSV or as NAT files.';

/**
 * Text of a file: UTF-8 with or without byte order mark, UTF-16 with one, else Windows-1252,
 * which is said. `import.unreadable` for what is no text at all.
 */
export function decodeText(file: GivenFile): DecodedText {
  const [first, second] = file.content;
  if (first === 0xff && second === 0xfe)
    return { text: decodeWide(file, 'utf-16le'), remark: null };
  if (first === 0xfe && second === 0xff)
    return { text: decodeWide(file, 'utf-16be'), remark: null };
  refuseBinary(file);
  try {
    return { text: decode(file, 'utf-8'), remark: null };
  } catch {
    const remark = `${file.name} is not UTF-8, so it was read as Windows-1252. Look at names with accents.`;
    return { text: decode(file, 'windows-1252'), remark };
  }
}

function decode(file: GivenFile, encoding: string): string {
  return new TextDecoder(encoding, { fatal: true }).decode(file.content);
}

/** UTF-16, in which every other byte may be 0 but no character is. */
function decodeWide(file: GivenFile, encoding: string): string {
  try {
    const text = decode(file, encoding);
    if (!text.includes('\0')) return text;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  throw unreadable(file.name, {}, NO_TEXT);
}

function refuseBinary(file: GivenFile): void {
  const at = file.content.indexOf(0);
  if (at === -1) return;
  let line = 1;
  let lineStart = 0;
  for (let index = 0; index < at; index += 1) {
    if (file.content[index] === 0x0a) {
      line += 1;
      lineStart = index + 1;
    }
  }
  const place = { line, column: at - lineStart + 1 };
  throw unreadable(file.name, place, NO_TEXT);
}
