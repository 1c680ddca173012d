import type { ImportRun } from '#contract/imports';
import type { Scope } from '#platform/scope';
import type { LearnersDeps } from '../write-learners.ts';
import { carryOut } from './carry-out.ts';
import { commitImport } from './commit-import.ts';
import type { GivenFile } from './import-record.ts';
import { loadRun, toRun } from './import-store.ts';
import { type ImportOptions, setImportOptions } from './set-options.ts';
import { startImport } from './start-import.ts';

/**
 * Imports files in one go, in this process: preview and yes in one, as the command line does it.
 * Columns are matched by `mapping`, or by their names. A stop on the way is carried on by the
 * worker. Fails as the single steps do; faulty rows are left out and counted.
 */
export async function importFromFiles(
  deps: LearnersDeps,
  scope: Scope,
  files: readonly GivenFile[],
  options: ImportOptions = {},
): Promise<ImportRun> {
  const correctNameCase = options.correctNameCase ?? true;
  const started = await startImport(deps, scope, { files, correctNameCase });
  const isToSet = started.state === 'mapping' || options.importLookAlikes || options.mapping;
  const preview = isToSet ? await setImportOptions(deps, scope, started.id, options) : started;
  const { id: importId, previewVersion } = preview;
  await commitImport(deps, scope, { importId, previewVersion }, 'here');
  await carryOut(deps, { providerId: scope.providerId, importId: started.id });
  return deps.database.asProvider(scope.providerId, async (tx) =>
    toRun(await loadRun(tx, scope, started.id)),
  );
}
