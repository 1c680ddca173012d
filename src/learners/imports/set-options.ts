import type { ImportRunId } from '#contract/ids';
import type { ImportKind, ImportMapping, ImportRun } from '#contract/imports';
import { AppError } from '#platform/app-error';
import { jsonText } from '#platform/json-text';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { LearnersDeps } from '../write-learners.ts';
import { applyMapping } from './csv-mapping.ts';
import {
  loadFiles,
  loadRun,
  type RunColumn,
  type RunRow,
  requireState,
  toRun,
} from './import-store.ts';
import { previewRun } from './preview-run.ts';
import { readApart } from './read-apart.ts';

/** Options of an import; what is left out stays as it was. */
export interface ImportOptions {
  mapping?: ImportMapping | undefined;
  correctNameCase?: boolean | undefined;
  importLookAlikes?: boolean | undefined;
}

/**
 * Matches columns, sets options, and previews anew. Without a mapping the matches proposed are
 * taken. Fails with `request.not-found`, `import.wrong-state` once it is carried out,
 * `import.mapping-incomplete`, or `request.invalid` for a mapping that does not fit the file.
 */
export async function setImportOptions(
  deps: LearnersDeps,
  scope: Scope,
  id: ImportRunId,
  options: ImportOptions,
): Promise<ImportRun> {
  const { database } = deps;
  const { run, files } = await database.asProvider(scope.providerId, async (tx) => ({
    run: await loadRun(tx, scope, id),
    files: await loadFiles(tx, id),
  }));
  requireState(run, 'mapping', 'preview');
  const columns = mappedColumns(run, options.mapping);
  const correctNameCase = options.correctNameCase ?? run.correct_name_case;
  const importLookAlikes = options.importLookAlikes ?? run.import_look_alikes;
  const { reading } = await readApart({
    step: 'read',
    input: { kind: run.kind as ImportKind, files },
    columns,
    options: { correctNameCase, today: deps.clock.now().toISOString().slice(0, 10) },
  });
  // Read before the run is locked: it may take a while, and nothing else of the run changes then
  // but its step, which is looked at again.
  return database.asProvider(scope.providerId, async (tx) => {
    requireState(await loadRun(tx, scope, id, 'for-change'), 'mapping', 'preview');
    await tx
      .updateTable('import_runs')
      .set({
        columns: jsonText(columns),
        correct_name_case: correctNameCase,
        import_look_alikes: importLookAlikes,
      })
      .where('id', '=', id)
      .execute();
    if (reading) await previewRun(tx, scope, id, reading, { importLookAlikes });
    await announce(tx, scope.providerId, 'imports', [id]);
    return toRun(await loadRun(tx, scope, id));
  });
}

function mappedColumns(run: RunRow, mapping: ImportMapping | undefined): RunColumn[] {
  const columns = run.columns as unknown as RunColumn[];
  if (mapping === undefined) return columns;
  if (run.kind !== 'csv') {
    throw new AppError('request.invalid', 'NAT files have no columns to match.');
  }
  const names = columns.map((column) => column.name);
  const targets = applyMapping(names, mapping);
  return columns.map((column, index) => ({ ...column, target: targets[index] ?? null }));
}
