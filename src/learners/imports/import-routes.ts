import { importRoutes } from '#contract/imports';
import { type Endpoint, endpoint } from '#platform/http';
import type { LearnersDeps } from '../write-learners.ts';
import { commitImport, discardImport } from './commit-import.ts';
import { listRuns, loadRun, toRun } from './import-store.ts';
import { listRows } from './row-store.ts';
import { setImportOptions } from './set-options.ts';
import { startImport } from './start-import.ts';

/**
 * The steps of an import: files, matched columns, a preview, and a yes or no to it. What follows a
 * yes is done by a job.
 */
export function importEndpoints(deps: LearnersDeps): Endpoint[] {
  const { database } = deps;
  return [
    endpoint(importRoutes.startImport, async ({ scope, body }) => {
      const files = body.files.map(({ name, contentBase64 }) => ({
        name,
        content: Buffer.from(contentBase64, 'base64'),
      }));
      return startImport(deps, scope, { files, correctNameCase: body.correctNameCase });
    }),
    endpoint(importRoutes.listImports, ({ scope, query }) =>
      database.asProvider(scope.providerId, (tx) => listRuns(tx, scope, query)),
    ),
    endpoint(importRoutes.getImport, ({ scope, params }) =>
      database.asProvider(scope.providerId, async (tx) =>
        toRun(await loadRun(tx, scope, params.importId)),
      ),
    ),
    endpoint(importRoutes.setImportOptions, ({ scope, params, body }) =>
      setImportOptions(deps, scope, params.importId, body),
    ),
    endpoint(importRoutes.listImportRows, ({ scope, params, query }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const run = await loadRun(tx, scope, params.importId);
        return listRows(tx, toRun(run).id, query);
      }),
    ),
    endpoint(importRoutes.commitImport, ({ scope, params, body }) =>
      commitImport(deps, scope, { ...params, ...body }),
    ),
    endpoint(importRoutes.discardImport, async ({ scope, params }) => {
      await discardImport(deps, scope, params.importId);
      return null;
    }),
  ];
}
