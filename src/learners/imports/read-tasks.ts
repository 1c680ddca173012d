import type { GivenFile, Reading } from './import-record.ts';
import type { RunColumn } from './import-store.ts';
import { columnsOf, type Input, openInput, readInput } from './read-files.ts';

export interface ReadOptions {
  correctNameCase: boolean;
  /** `YYYY-MM-DD`: nobody is born later. */
  today: string;
}

/** What may be asked of files; plain data, so that it can be done in a thread of its own. */
export type ReadTask =
  | { step: 'open'; files: GivenFile[]; options: ReadOptions }
  | { step: 'read'; input: Input; columns: RunColumn[]; options: ReadOptions };

/** What came of it: `reading` is null while a table's columns are still to be matched. */
export interface ReadOutcome {
  input: Input;
  columns: RunColumn[];
  reading: Reading | null;
}

/** Carries a task out, here and now. Fails as the readers do. */
export function carryOutRead(task: ReadTask): ReadOutcome {
  if (task.step === 'read') {
    const { input, columns, options } = task;
    return { input, columns, reading: readInput(input, columns, options) };
  }
  const input = openInput(task.files);
  const [table] = input.files;
  if (input.kind === 'csv' && table) return { input, columns: columnsOf(table), reading: null };
  return { input, columns: [], reading: readInput(input, [], task.options) };
}
