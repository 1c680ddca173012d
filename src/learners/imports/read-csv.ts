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
const DELIMITERS = [',', ';', '\t'] as const;

/**
 * Reads a table with a header line, its cells parted by commas, semicolons or tabs.
 * `import.unreadable`, with line and column where there is one, for anything ragged or unclear.
 */
export function readCsv(file: GivenFile): CsvTable {
  const { text: whole, remark } = decodeText(file);
  const { text, firstLine, declared } = withoutSeparatorLine(whole);
  const delimiter = declared ?? delimiterOf(text);
  const found = records(file, text, delimiter, firstLine);
  const [header, ...rows] = found.filter((row) => row.cells.some((cell) => cell.trim() !== ''));
  if (!header) throw unreadable(file.name, {}, 'there is nothing in it.');
  const columns = columnNames(file, header);
  if (rows.length === 0)
    throw unreadable(file.name, {}, 'there is a header line and nothing else.');
  if (rows.length > IMPORT_ROWS_MAX) {
    const most = IMPORT_ROWS_MAX.toLocaleString('en-AU');
    throw new AppError('request.too-large', `${file.name} has more than ${most} rows.`);
  }
  for (const row of rows) requireSameWidth(file, header, row);
  const names = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' };
  const remarks = delimiter === ',' ? [] : [`The columns are parted by ${names[delimiter]}.`];
  return { columns, rows, remarks: remark === null ? remarks : [remark, ...remarks] };
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
  const header = (/^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text)?.[0] ?? '').replace(
    /"(?:[^"]|"")*"/g,
    '',
  );
  const counts = DELIMITERS.map((sign) => header.split(sign).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

interface Parsed {
  info: { lines: number };
  record: string[];
}

function records(file: GivenFile, text: string, delimiter: Delimiter, firstLine: number): CsvRow[] {
  const offset = firstLine - 1;
  let parsed: Parsed[];
  try {
    parsed = parse(text, {
      delimiter,
      info: true,
      relax_column_count: true,
      max_record_size: COLUMNS_MAX * CELL_MAX,
    }) as unknown as Parsed[];
  } catch (error) {
    throw refusedByParser(file, error, offset);
  }
  let next = 1;
  return parsed.map(({ info, record }) => {
    const line = next;
    next = info.lines + 1;
    return { line: line + offset, cells: record };
  });
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

function requireSameWidth(file: GivenFile, header: CsvRow, row: CsvRow): void {
  const expected = header.cells.length;
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
}
