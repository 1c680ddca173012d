import type { ImportRunId } from '#contract/ids';
import type { ImportRun } from '#contract/imports';
import { newId } from '#platform/ids';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { LearnersDeps } from '../write-learners.ts';
import type { GivenFile } from './import-record.ts';
import { insertRun, loadRun, toRun } from './import-store.ts';
import { previewRun } from './preview-run.ts';
import { readApart } from './read-apart.ts';

/**
 * Reads the files given. An AVETMISS export is previewed at once; a table first has its columns
 * matched. A bad file is refused whole with `import.unreadable`, before anything is kept.
 */
export async function startImport(
  deps: LearnersDeps,
  scope: Scope,
  given: { files: readonly GivenFile[]; correctNameCase: boolean },
): Promise<ImportRun> {
  const at = deps.clock.now();
  const options = { correctNameCase: given.correctNameCase, today: at.toISOString().slice(0, 10) };
  const files = [...given.files];
  const { input, columns, reading } = await readApart({ step: 'open', files, options });
  const run = {
    id: newId<ImportRunId>(),
    kind: input.kind,
    fileNames: input.files.map((file) => file.name),
    columns,
    correctNameCase: given.correctNameCase,
    at,
  };
  return deps.database.asProvider(scope.providerId, async (tx) => {
    await insertRun(tx, scope, run, input.files);
    if (reading) await previewRun(tx, scope, run.id, reading, { importLookAlikes: false });
    await announce(tx, scope.providerId, 'imports', [run.id]);
    return toRun(await loadRun(tx, scope, run.id));
  });
}
