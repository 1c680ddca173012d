import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { type MapFault, MatchDecision } from '#contract/matching';
import { AppError } from '#platform/app-error';

/** The map's columns; the order is free, and other columns are read past. */
const MAP_COLUMNS = [
  'Learner number',
  'Learner name',
  'Contact id',
  'Contact name',
  'Decision',
  'Reasons',
  'Version',
] as const;

/** One row of a map as a person gave it. */
export interface MapRow {
  line: number;
  learnerNumber: string;
  /** Null: undecided. */
  decision: MatchDecision | null;
  /** Set with the decision `link` alone; in lower case. */
  contactId: string | null;
  /** That of the proposal when the row was handed out; null where a person made it up. */
  rowVersion: number | null;
}

/** One row of a map as it is handed out. */
export interface MapLine extends Omit<MapRow, 'line'> {
  learnerName: string;
  contactName: string;
  reasons: string;
}

/** A map as CSV text that `readMap` reads; what a spreadsheet would run as a formula is made text. */
export function writeMap(lines: readonly MapLine[]): string {
  const rows = lines.map((line) => [
    line.learnerNumber,
    line.learnerName,
    line.contactId ?? '',
    line.contactName,
    line.decision ?? 'undecided',
    line.reasons,
    line.rowVersion,
  ]);
  return stringify([[...MAP_COLUMNS], ...rows], { bom: true, escape_formulas: true });
}

const ROWS_MAX = 50_000;
const NEEDED = ['Learner number', 'Contact id', 'Decision'] as const;
const VERSION = 'version';
/** A text that our own export kept from being run as a formula. */
const GUARDED = /^'(?=[=+\-@\t\r＝＋－＠])/;

/**
 * Reads a map. Rows that make no sense by themselves are named by line and reason.
 * @throws AppError `import.unreadable` when it is no CSV, lacks a column or is too long
 */
export function readMap(csv: string): { rows: MapRow[]; faults: MapFault[] } {
  const { head, records } = recordsOf(csv);
  const places = placesOf(head);
  const versionPlace = head.findIndex((name) => name.trim().toLowerCase() === VERSION);
  if (records.length > ROWS_MAX) {
    throw new AppError('import.unreadable', `It has more than ${ROWS_MAX} rows.`);
  }
  const rows: MapRow[] = [];
  const faults: MapFault[] = [];
  const lines = new Map<string, number>();
  for (const { line, cells } of records) {
    if (cells.length !== head.length) {
      // A sign within a name that was not quoted would move every cell behind it.
      const reason = `It has ${cells.length} columns where the header has ${head.length}.`;
      faults.push({ line, reason });
      continue;
    }
    const cell = (index: number) => (cells[index] ?? '').trim().replace(GUARDED, '');
    const [learnerNumber = '', contactId = '', decision = ''] = places.map(cell);
    const row = rowOf({ line, learnerNumber, contactId, decision, version: cell(versionPlace) });
    const key = learnerNumber.toLowerCase();
    const earlier = lines.get(key);
    if (typeof row === 'string') faults.push({ line, reason: row });
    else if (earlier !== undefined) {
      faults.push({ line, reason: `${learnerNumber} stands in line ${earlier} already.` });
    } else rows.push(row);
    if (key !== '') lines.set(key, earlier ?? line);
  }
  return { rows, faults };
}

/** A row as its cells say it. */
interface Cells {
  line: number;
  learnerNumber: string;
  contactId: string;
  decision: string;
  version: string;
}

function rowOf(cells: Cells): MapRow | string {
  const { line, learnerNumber } = cells;
  if (learnerNumber === '') return 'The learner number is missing.';
  const rowVersion = cells.version === '' ? null : Number(cells.version);
  if (rowVersion !== null && !Number.isInteger(rowVersion)) {
    return `“${cells.version.slice(0, 40)}” is no version; leave the cell empty in a row of your own.`;
  }
  const shared = { line, learnerNumber, rowVersion };
  const said = cells.decision.toLowerCase().replace(/[\s_]+/g, '-');
  if (said === 'undecided' || said === '') return { ...shared, decision: null, contactId: null };
  const decision = MatchDecision.safeParse(said).data;
  if (!decision) {
    return `“${cells.decision.slice(0, 40)}” is no decision: link, create, leave-out or undecided.`;
  }
  if (decision !== 'link') return { ...shared, decision, contactId: null };
  if (cells.contactId === '') return 'To link, the contact id is needed.';
  const contactId = z.guid().safeParse(cells.contactId).data?.toLowerCase();
  if (!contactId) return `“${cells.contactId.slice(0, 40)}” is no contact id.`;
  return { ...shared, decision, contactId };
}

function placesOf(head: readonly string[]): number[] {
  const places = placesIn(head);
  const missing = NEEDED.filter((_, index) => places[index] === -1);
  if (missing.length === 0) return places;
  throw new AppError('import.unreadable', `The columns ${missing.join(', ')} are missing.`);
}

function placesIn(head: readonly string[]): number[] {
  const names = head.map((name) => name.trim().toLowerCase());
  return NEEDED.map((column) => names.indexOf(column.toLowerCase()));
}

const DELIMITERS = [',', ';', '\t'] as const;
type Delimiter = (typeof DELIMITERS)[number];

interface MapRecord {
  line: number;
  cells: string[];
}

function recordsOf(csv: string): { head: string[]; records: MapRecord[] } {
  try {
    const [head, ...records] = parsed(csv, delimiterOf(csv));
    return { head: head?.cells ?? [], records };
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new AppError('import.unreadable', cause.message, { cause });
  }
}

/**
 * The one sign that parts the columns: with it the header has those that are needed. The others
 * stand for themselves, as in a contact called `Lee; Kim`. A comma in doubt.
 */
function delimiterOf(csv: string): Delimiter {
  const parts = (sign: Delimiter) => !placesIn(headUnder(csv, sign)).includes(-1);
  return DELIMITERS.find(parts) ?? ',';
}

function headUnder(csv: string, delimiter: Delimiter): string[] {
  try {
    return parsed(csv, delimiter, 1)[0]?.cells ?? [];
  } catch (cause) {
    // A quote where none may be under this sign.
    if (cause instanceof CsvError) return [];
    throw cause;
  }
}

function parsed(csv: string, delimiter: Delimiter, rowsMax = -1): MapRecord[] {
  const rows: unknown = parse(csv, {
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    delimiter,
    to: rowsMax,
  });
  return Parsed.parse(rows).map(({ info, record }) => ({ line: info.lines, cells: record }));
}

const Parsed = z.array(
  z.object({ info: z.object({ lines: z.int() }), record: z.array(z.string()) }),
);
