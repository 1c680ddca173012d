import { IMPORT_ROWS_MAX } from '#contract/imports';
import { AppError } from '#platform/app-error';
import { decodeText } from './decode-text.ts';
import type { GivenFile } from './import-record.ts';
import { unreadable } from './import-record.ts';
import { endOf, type Slot } from './nat-layout.ts';

export interface NatLine {
  /** From 1. */
  number: number;
  text: string;
}

export interface NatFile {
  name: string;
  lines: NatLine[];
  /** The length that most lines share, and how many share it. */
  commonLength: number;
  remarks: string[];
}

const LINE_BREAK = /\r\n|\n|\r/;
/** Old systems end a file with this sign (Control-Z). */
const END_OF_FILE = '\u001a';
/** Stands behind a letter of several bytes in files whose columns count bytes. */
const FILLER = '\u200b';

/** Splits a fixed-width file into its lines; the last may end without a line break. */
export function readNatLines(file: GivenFile): NatFile {
  requireFewLines(file);
  const { text, remark } = decodeText(file);
  const numbered = text
    .split(LINE_BREAK)
    .map((line, index) => ({ number: index + 1, text: line.replaceAll(END_OF_FILE, '') }))
    .filter((line) => line.text.trim() !== '');
  const lines = inTrueColumns(numbered);
  const remarks = remark === null ? [] : [remark];
  return { name: file.name, lines, commonLength: commonLength(lines), remarks };
}

/** Lines that are not blank, counted without keeping any of them. */
export function countLines(file: GivenFile): number {
  let count = 0;
  let hasText = false;
  for (const byte of file.content) {
    if (byte === 0x0a || byte === 0x0d) {
      if (hasText) count += 1;
      hasText = false;
    } else if (byte !== 0x20) hasText = true;
  }
  return hasText ? count + 1 : count;
}

function requireFewLines(file: GivenFile): void {
  let breaks = 0;
  for (const byte of file.content) if (byte === 0x0a || byte === 0x0d) breaks += 1;
  // Two signs may make one break, and blank lines don't count.
  if (countLines(file) <= IMPORT_ROWS_MAX && breaks <= 4 * IMPORT_ROWS_MAX) return;
  const most = IMPORT_ROWS_MAX.toLocaleString('en-AU');
  throw new AppError('request.too-large', `${file.name} has more than ${most} lines.`);
}

/**
 * Some writers of UTF-8 count bytes, others letters. Where lines are of one length only when bytes
 * are counted, letters of several bytes are filled up to their width.
 */
function inTrueColumns(lines: NatLine[]): NatLine[] {
  const byBytes = lines.map((line) => ({ ...line, text: filledToBytes(line.text) }));
  return spread(byBytes) < spread(lines) ? byBytes : lines;
}

function filledToBytes(text: string): string {
  return text.replace(/\P{ASCII}/gu, (letter) => {
    const missing = Buffer.byteLength(letter) - letter.length;
    return letter + FILLER.repeat(Math.max(missing, 0));
  });
}

function spread(lines: readonly NatLine[]): number {
  return new Set(lines.map((line) => line.text.length)).size;
}

function commonLength(lines: readonly NatLine[]): number {
  const counts = new Map<number, number>();
  for (const { text } of lines) counts.set(text.length, (counts.get(text.length) ?? 0) + 1);
  const [most] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
  return most && most[1] * 2 > lines.length ? most[0] : 0;
}

/**
 * Refuses lines that are cut. All lines of such a file have one length; where they have not, the
 * spaces at their ends were trimmed, and then a line must at least reach what can't be missing.
 */
export function requireLineLengths(
  file: NatFile,
  layout: Record<string, Slot>,
  needed: Slot,
): void {
  const neededEnd = needed[0] + needed[1];
  const full = Math.min(file.commonLength, endOf(layout));
  for (const { number, text } of file.lines) {
    const isShort = text.length < full;
    if (!isShort && text.length >= neededEnd) continue;
    const expected = isShort
      ? `the others have ${file.commonLength}`
      : `at least ${neededEnd} are needed`;
    const message = `the line ends after ${text.length} characters where ${expected}.`;
    throw unreadable(file.name, { line: number, column: text.length + 1 }, message);
  }
}

/**
 * The text of a field: trimmed, and null where it is empty, filled with `@` (not stated) or says
 * so in the words AVETMISS has for it.
 */
export function slotText(line: NatLine, [start, width]: Slot): string | null {
  const text = line.text
    .slice(start, start + width)
    .replaceAll(FILLER, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return text === '' || /^@+$/.test(text) || /^NOT SPECIFIED$/i.test(text) ? null : text;
}
