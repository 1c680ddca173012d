import { IMPORT_BYTES_MAX, IMPORT_ROWS_MAX, type ImportKind } from '#contract/imports';
import { AppError } from '#platform/app-error';
import { withOrdinaryCase } from './correct-case.ts';
import { proposeTargets, requireComplete } from './csv-mapping.ts';
import { csvRecords } from './csv-records.ts';
import type { GivenFile, Reading } from './import-record.ts';
import { unreadable } from './import-record.ts';
import type { RunColumn } from './import-store.ts';
import { natNumber, readAvetmiss } from './read-avetmiss.ts';
import { readCsv } from './read-csv.ts';
import { unpackFiles } from './unpack-files.ts';

/** Files as they are kept while their import is open: unpacked, and known for what they are. */
export interface Input {
  kind: ImportKind;
  files: GivenFile[];
}

/**
 * Unpacks what was given and tells its kind: an AVETMISS export as soon as one name is that of a
 * NAT file, else one table. `request.too-large`, or `import.unreadable` for anything else.
 */
export function openInput(given: readonly GivenFile[]): Input {
  const bytes = given.reduce((sum, file) => sum + file.content.byteLength, 0);
  if (bytes > IMPORT_BYTES_MAX) {
    const most = IMPORT_BYTES_MAX / 1024 / 1024;
    throw new AppError('request.too-large', `The files are larger than ${most} MB together.`);
  }
  const files = unpackFiles(given);
  if (files.some((file) => natNumber(file.name) !== null)) return { kind: 'avetmiss', files };
  const [table, ...more] = files;
  if (!table || more.length > 0) {
    const names = files.map((file) => file.name).join(', ');
    throw unreadable(names, {}, 'choose one CSV file, or the NAT files of one AVETMISS export.');
  }
  return { kind: 'csv', files: [table] };
}

const SAMPLES = 3;
const SAMPLE_MAX = 80;

/** The columns of a table, each with a few different values and the match proposed. */
export function columnsOf(table: GivenFile): RunColumn[] {
  const { columns, rows } = readCsv(table);
  const targets = proposeTargets(columns);
  return columns.map((name, index) => {
    const samples = new Set<string>();
    for (const row of rows) {
      const text = (row.cells[index] ?? '').trim();
      if (text !== '') samples.add(text.slice(0, SAMPLE_MAX));
      if (samples.size === SAMPLES) break;
    }
    return { name, samples: [...samples], target: targets[index] ?? null };
  });
}

/** Reads the records of an input. `columns` says where each column of a table goes. */
export function readInput(
  input: Input,
  columns: readonly RunColumn[],
  options: { correctNameCase: boolean; today: string },
): Reading {
  const { records, remarks } = readRecords(input, columns, options.today);
  if (records.length > IMPORT_ROWS_MAX) {
    const most = IMPORT_ROWS_MAX.toLocaleString('en-AU');
    throw new AppError('request.too-large', `There are more than ${most} records.`);
  }
  return { remarks, records: options.correctNameCase ? records.map(withOrdinaryCase) : records };
}

function readRecords(input: Input, columns: readonly RunColumn[], today: string): Reading {
  const [table] = input.files;
  if (input.kind === 'avetmiss' || !table) return readAvetmiss(input.files, today);
  const targets = columns.map((column) => column.target);
  requireComplete(targets);
  return csvRecords(readCsv(table), targets, today);
}
