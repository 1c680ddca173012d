import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { LearnersDeps } from '../write-learners.ts';

/** Ends every import of a provider that is closed, where it stands; what it has brought in stays. */
export async function stopImports(
  deps: Pick<LearnersDeps, 'clock'>,
  tx: Tx,
  scope: Scope,
): Promise<void> {
  const stopped = await tx
    .updateTable('import_runs')
    .set({ state: 'discarded', finished_at: deps.clock.now() })
    .where('provider_id', '=', scope.providerId)
    .where('state', 'in', ['mapping', 'preview', 'running'])
    .returning('id')
    .execute();
  const ids = stopped.map(({ id }) => id);
  if (ids.length === 0) return;
  await tx
    .deleteFrom('import_files')
    .where('provider_id', '=', scope.providerId)
    .where('import_id', 'in', ids)
    .execute();
  await announce(tx, scope.providerId, 'imports', ids);
}
