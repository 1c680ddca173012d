import { CsvError, parse } from 'csv-parse/sync';
import { IMPORT_ROWS_MAX } from '#contract/imports';
import { AppError } from '#platform/app-error';
import { decodeText } from './decode-text.ts';
import type { GivenFile } from './import-record.ts';
import { unreadable } from './import-record.ts';

export interface CsvRow {
  /** Line the row begins on, from 1; a quoted cell may go over several lines. */
  line: number;
  cells: string[];
}

export interface CsvTable {
  columns: string[];
  rows: CsvRow[];
  remarks: string[];
}

const COLUMNS_MAX = 200;
const CELL_MAX = 10_000;
const HEADER_MAX = 200;
/** Characters of one row: no real one comes near. */
const ROW_MAX = 200_000;
/** How far the header line is looked for delimiters. */
const HEADER_LOOK = 64 * 1024;
const DELIMITERS = [',', ';', '\t'] as const;
const DELIMITER_NAMES = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' } as const;

/**
 * Reads a table with a header line, its cells parted by commas, semicolons or tabs.
 * `import.unreadable`, with line and column where there is one, for anything ragged or unclear;
 * `request.too-large` beyond the rows an import takes. Reading stops at the first such place.
 */
export function readCsv(file: GivenFile): CsvTable {
  const { text: whole, remark } = decodeText(file);
  const { text, firstLine, declared } = withoutSeparatorLine(whole);
  const delimiter = declared ?? delimiterOf(text);
  const { columns, rows } = readRows(file, text, delimiter, firstLine);
  const remarks = remark === null ? [] : [remark];
  if (delimiter !== ',') {
    remarks.push(`The columns are parted by ${DELIMITER_NAMES[delimiter]}.`);
  }
  return { columns, rows, remarks };
}

type Delimiter = (typeof DELIMITERS)[number];

/** Excel may write `sep=;` as a first line of its own. */
function withoutSeparatorLine(text: string): {
  text: string;
  firstLine: number;
  declared: Delimiter | null;
} {
  const declared = /^sep=([,;\t])(\r\n|\n|\r)/i.exec(text);
  if (!declared) return { text, firstLine: 1, declared: null };
  const delimiter = DELIMITERS.find((sign) => sign === declared[1]) ?? null;
  return { text: text.slice(declared[0].length), firstLine: 2, declared: delimiter };
}

/** The sign that parts most cells of the header line, outside quotes; a comma in doubt. */
function delimiterOf(text: string): Delimiter {
  const header = (
    /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text.slice(0, HEADER_LOOK))?.[0] ?? ''
  ).replace(/"(?:[^"]|"")*"/g, '');
  const counts = DELIMITERS.map((sign) => header.split(sign).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

function readRows(
  file: GivenFile,
  text: string,
  delimiter: Delimiter,
  firstLine: number,
): { columns: string[]; rows: CsvRow[] } {
  const offset = firstLine - 1;
  const rows: CsvRow[] = [];
  let columns: string[] | null = null;
  let seen = 0;
  let next = firstLine;
  // Judged one by one as they are read and not gathered by the parser, so that a file made to
  // fill the memory is refused long before it does.
  const judge = (cells: string[], { lines }: { lines: number }): null => {
    const row = { line: next, cells };
    next = lines + offset + 1;
    seen += 1;
    if (seen > 2 * IMPORT_ROWS_MAX) throw tooManyRows(file);
    if (cells.every((cell) => cell.trim() === '')) return null;
    if (rows.length === IMPORT_ROWS_MAX) throw tooManyRows(file);
    if (columns === null) columns = columnNames(file, row);
    else rows.push(requireSameWidth(file, columns.length, row));
    return null;
  };
  try {
    parse(text, {
      delimiter,
      relax_column_count: true,
      max_record_size: ROW_MAX,
      on_record: judge,
    });
  } catch (error) {
    throw refusedByParser(file, error, offset);
  }
  if (columns === null) throw unreadable(file.name, {}, 'there is nothing in it.');
  if (rows.length === 0)
    throw unreadable(file.name, {}, 'there is a header line and nothing else.');
  return { columns, rows };
}

function tooManyRows(file: GivenFile): AppError {
  const most = IMPORT_ROWS_MAX.toLocaleString('en-AU');
  return new AppError('request.too-large', `${file.name} has more than ${most} rows.`);
}

function refusedByParser(file: GivenFile, error: unknown, offset: number): AppError {
  if (!(error instanceof CsvError)) throw error;
  const { lines, column } = error as CsvError & { lines?: unknown; column?: unknown };
  const place = {
    ...(typeof lines === 'number' ? { line: lines + offset } : {}),
    ...(typeof column === 'number' ? { column: column + 1 } : {}),
  };
  const reasons: Record<string, string> = {
    CSV_QUOTE_NOT_CLOSED: 'a quoted cell is never closed.',
    CSV_INVALID_CLOSING_QUOTE: 'something follows a closing quote before the next column.',
    INVALID_OPENING_QUOTE: 'a quote stands within an unquoted cell.',
    CSV_MAX_RECORD_SIZE: 'this row is too long.',
  };
  return unreadable(file.name, place, reasons[error.code] ?? 'this is not a table of columns.');
}

function columnNames(file: GivenFile, header: CsvRow): string[] {
  if (header.cells.length > COLUMNS_MAX) {
    throw unreadable(
      file.name,
      { line: header.line },
      `there are more than ${COLUMNS_MAX} columns.`,
    );
  }
  const looksLikeData = header.cells.find((cell) =>
    /^\S+@\S+\.\S+$|^\d{1,4}[/.-]\d/.test(cell.trim()),
  );
  if (looksLikeData !== undefined) {
    const column = header.cells.indexOf(looksLikeData) + 1;
    const message = `“${looksLikeData.slice(0, 60)}” is no column name. The first line must name the columns.`;
    throw unreadable(file.name, { line: header.line, column }, message);
  }
  const seen = new Map<string, number>();
  return header.cells.map((cell, index) => {
    const name =
      cell
        .replace(/\s+/g, ' ')
        .trim()
        .slice(0, HEADER_MAX - 6) || `Column ${index + 1}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

function requireSameWidth(file: GivenFile, expected: number, row: CsvRow): CsvRow {
  if (row.cells.length !== expected) {
    const column = Math.min(row.cells.length, expected) + 1;
    const message = `this row has ${row.cells.length} columns where the header has ${expected}.`;
    throw unreadable(file.name, { line: row.line, column }, message);
  }
  const long = row.cells.findIndex((cell) => cell.length > CELL_MAX);
  if (long !== -1) {
    const place = { line: row.line, column: long + 1 };
    throw unreadable(file.name, place, `this cell is longer than ${CELL_MAX} characters.`);
  }
  return row;
}
