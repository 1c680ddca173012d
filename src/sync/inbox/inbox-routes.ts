import { inboxRoutes } from '#contract/inbox';
import { type Endpoint, endpoint } from '#platform/http';
import type { SyncDeps } from '../lane/lane-run.ts';
import { ignoreProblem, retryProblem, unignoreProblem } from './act-on-problem.ts';
import { countOpen, readInbox } from './inbox.ts';
import { pageOfEntries } from './problem-entries.ts';

/**
 * The inbox of what keeps learners, workplaces and papers from being in step. Reading is of one
 * moment; trying again commits batch by batch, so it is given no transaction.
 */
export function inboxEndpoints(deps: SyncDeps): Endpoint[] {
  const { database } = deps;
  return [
    endpoint(inboxRoutes.syncInbox, ({ scope }) =>
      database.asReader(scope.providerId, (tx) => readInbox(deps, tx, scope)),
    ),

    endpoint(inboxRoutes.listProblemEntries, ({ scope, query }) =>
      database.asReader(scope.providerId, (tx) => pageOfEntries(deps, tx, scope, query)),
    ),

    endpoint(inboxRoutes.syncInboxCount, ({ scope }) =>
      database.asReader(scope.providerId, async (tx) => ({
        open: await countOpen(deps, tx, scope),
      })),
    ),

    endpoint(inboxRoutes.retryProblem, async ({ scope, body }) => ({
      tried: await retryProblem(deps, scope, body),
    })),

    endpoint(inboxRoutes.ignoreProblem, ({ scope, body }) =>
      database.asProvider(scope.providerId, async (tx) => ({
        ignored: await ignoreProblem(deps, tx, scope, body),
      })),
    ),

    endpoint(inboxRoutes.unignoreProblem, ({ scope, body }) =>
      database.asProvider(scope.providerId, async (tx) => {
        await unignoreProblem(deps, tx, scope, body);
        return null;
      }),
    ),
  ];
}
