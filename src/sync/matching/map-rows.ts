import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { type MapFault, MatchDecision } from '#contract/matching';
import { AppError } from '#platform/app-error';

/** The map's columns; the order is free, and other columns are read past. */
export const MAP_COLUMNS = [
  'Learner number',
  'Learner name',
  'Contact id',
  'Contact name',
  'Decision',
  'Reasons',
] as const;

/** One row of a map as a person gave it. */
export interface MapRow {
  line: number;
  learnerNumber: string;
  /** Null: undecided. */
  decision: MatchDecision | null;
  /** Set with the decision `link` alone; in lower case. */
  contactId: string | null;
}

const ROWS_MAX = 50_000;
const NEEDED = ['Learner number', 'Contact id', 'Decision'] as const;
/** A text that our own export kept from being run as a formula. */
const GUARDED = /^'(?=[=+\-@\t\r＝＋－＠])/;

/**
 * Reads a map. Rows that make no sense by themselves are named by line and reason.
 * @throws AppError `import.unreadable` when it is no CSV, lacks a column or is too long
 */
export function readMap(csv: string): { rows: MapRow[]; faults: MapFault[] } {
  const [head, ...records] = recordsOf(csv);
  const places = placesOf(head?.cells ?? []);
  if (records.length > ROWS_MAX) {
    throw new AppError('import.unreadable', `It has more than ${ROWS_MAX} rows.`);
  }
  const rows: MapRow[] = [];
  const faults: MapFault[] = [];
  const lines = new Map<string, number>();
  for (const { line, cells } of records) {
    const cell = (index: number) => (cells[index] ?? '').trim().replace(GUARDED, '');
    const [learnerNumber = '', contactId = '', decision = ''] = places.map(cell);
    const row = rowOf(line, learnerNumber, contactId, decision);
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

function rowOf(
  line: number,
  learnerNumber: string,
  contactText: string,
  decisionText: string,
): MapRow | string {
  if (learnerNumber === '') return 'The learner number is missing.';
  const said = decisionText.toLowerCase().replace(/[\s_]+/g, '-');
  if (said === 'undecided' || said === '') {
    return { line, learnerNumber, decision: null, contactId: null };
  }
  const decision = MatchDecision.safeParse(said).data;
  if (!decision) {
    return `“${decisionText.slice(0, 40)}” is no decision: link, create, leave-out or undecided.`;
  }
  if (decision !== 'link') return { line, learnerNumber, decision, contactId: null };
  if (contactText === '') return 'To link, the contact id is needed.';
  const contactId = z.guid().safeParse(contactText).data?.toLowerCase();
  if (!contactId) return `“${contactText.slice(0, 40)}” is no contact id.`;
  return { line, learnerNumber, decision, contactId };
}

function placesOf(head: readonly string[]): number[] {
  const names = head.map((name) => name.trim().toLowerCase());
  const places = NEEDED.map((column) => names.indexOf(column.toLowerCase()));
  const missing = NEEDED.filter((_, index) => places[index] === -1);
  if (missing.length === 0) return places;
  throw new AppError('import.unreadable', `The columns ${missing.join(', ')} are missing.`);
}

function recordsOf(csv: string): { line: number; cells: string[] }[] {
  try {
    const parsed: unknown = parse(csv, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      delimiter: [',', ';', '\t'],
    });
    return Parsed.parse(parsed).map(({ info, record }) => ({ line: info.lines, cells: record }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new AppError('import.unreadable', cause.message, { cause });
  }
}

const Parsed = z.array(
  z.object({ info: z.object({ lines: z.int() }), record: z.array(z.string()) }),
);
