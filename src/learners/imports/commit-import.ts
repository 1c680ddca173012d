import type { ImportRunId } from '#contract/ids';
import type { ImportRun } from '#contract/imports';
import { AppError } from '#platform/app-error';
import { enqueue } from '#platform/jobs/job';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { LearnersDeps } from '../write-learners.ts';
import { carryOutImport } from './import-jobs.ts';
import { deleteFiles, loadRun, requireState, toRun } from './import-store.ts';
import { deleteRows } from './row-store.ts';

/** A yes, and to which version of the preview. */
export interface ImportYes {
  importId: ImportRunId;
  previewVersion: number;
}

/**
 * Says yes to a preview: from here on the import runs by itself, in the background unless the
 * caller carries it out. Fails with `request.not-found`, `import.wrong-state`, or
 * `request.conflict` where the preview was made anew since the version given.
 */
export function commitImport(
  deps: LearnersDeps,
  scope: Scope,
  { importId: id, previewVersion }: ImportYes,
  where: 'background' | 'here' = 'background',
): Promise<ImportRun> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const run = await loadRun(tx, scope, id, 'for-change');
    requireState(run, 'preview');
    if (run.preview_version !== previewVersion) {
      const detail = 'The preview was made anew since you looked, so nothing was imported.';
      throw new AppError('request.conflict', detail);
    }
    await tx
      .updateTable('import_runs')
      .set({
        state: 'running',
        committed_by: JSON.stringify(scope.actor),
        progressed_at: deps.clock.now(),
      })
      .where('id', '=', id)
      .execute();
    if (where === 'background') {
      await enqueue(tx, carryOutImport, { providerId: scope.providerId, importId: id }, id);
    }
    await announce(tx, scope.providerId, 'imports', [id]);
    return toRun(await loadRun(tx, scope, id));
  });
}

/**
 * Throws an import away that was not carried out, with its files; repeating it is harmless.
 * Fails with `request.not-found` or `import.wrong-state`.
 */
export function discardImport(deps: LearnersDeps, scope: Scope, id: ImportRunId): Promise<void> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const run = await loadRun(tx, scope, id, 'for-change');
    requireState(run, 'mapping', 'preview', 'discarded');
    if (run.state === 'discarded') return;
    await deleteFiles(tx, id);
    await deleteRows(tx, id);
    await tx
      .updateTable('import_runs')
      .set({ state: 'discarded', finished_at: deps.clock.now() })
      .where('id', '=', id)
      .execute();
    await announce(tx, scope.providerId, 'imports', [id]);
  });
}
