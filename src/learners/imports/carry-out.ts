import { sql } from 'kysely';
import type { ImportRunId, ProviderId } from '#contract/ids';
import { DAY_MS, MINUTE_MS, plus } from '#platform/clock';
import { enqueueEach } from '#platform/jobs/job';
import { announce } from '#platform/live-updates';
import type { LearnersDeps } from '../write-learners.ts';
import { applyBatch, type WhichImport } from './apply-batch.ts';
import { carryOutImport } from './import-jobs.ts';
import { countRows, numbersGiven } from './row-store.ts';

/** Starts without any progress after which an import is given up. */
const ATTEMPTS_MAX = 5;
/** A running import that is silent for so long was lost. */
const SILENCE_MS = MINUTE_MS;
/** How long files wait for a person's yes. */
const KEPT_MS = 7 * DAY_MS;
const PER_TICK = 20;

/** Carries an import out to its end; called again after a stop, it goes on where it stood. */
export async function carryOut(deps: LearnersDeps, which: WhichImport): Promise<void> {
  const attempts = await countAttempt(deps, which);
  if (attempts === null) return;
  if (attempts > ATTEMPTS_MAX) return giveUp(deps, which);
  const promised = await deps.database.asProvider(which.providerId, (tx) =>
    numbersGiven(tx, which.importId),
  );
  while ((await applyBatch(deps, which, promised)) === 'more');
}

async function countAttempt(deps: LearnersDeps, which: WhichImport): Promise<number | null> {
  return deps.database.asProvider(which.providerId, async (tx) => {
    const run = await tx
      .updateTable('import_runs')
      .set({ attempts: sql<number>`attempts + 1`, progressed_at: deps.clock.now() })
      .where('id', '=', which.importId)
      .where('state', '=', 'running')
      .returning('attempts')
      .executeTakeFirst();
    return run?.attempts ?? null;
  });
}

async function giveUp(deps: LearnersDeps, { providerId, importId }: WhichImport): Promise<void> {
  const failure =
    'It stopped several times at the same row. What is marked as imported stays. Import the file again to go on: rows that are in already change nothing.';
  await deps.database.asProvider(providerId, async (tx) => {
    await countRows(tx, importId);
    await tx
      .updateTable('import_runs')
      .set({ state: 'failed', failure, finished_at: deps.clock.now() })
      .where('id', '=', importId)
      .execute();
    await tx.deleteFrom('import_files').where('import_id', '=', importId).execute();
    await announce(tx, providerId, 'imports', [importId]);
  });
  deps.logger.error({ importId }, 'an import was given up after several stops without progress');
}

/**
 * What is due by the clock, for all providers: running imports that fell silent are called again,
 * and previews nobody said yes to within seven days are discarded with their files.
 */
export async function tidyImports(deps: LearnersDeps): Promise<void> {
  const now = deps.clock.now();
  await deps.database.asSystem(async (tx) => {
    const silent = await tx
      .selectFrom('import_runs')
      .select(['provider_id', 'id'])
      .where('state', '=', 'running')
      .where('progressed_at', '<', plus(now, -SILENCE_MS))
      .limit(PER_TICK)
      .execute();
    const wishes = silent.map(({ provider_id: providerId, id }) => ({
      payload: { providerId: providerId as ProviderId, importId: id as ImportRunId },
      key: id,
    }));
    await enqueueEach(tx, carryOutImport, wishes);
    const aged = await tx
      .updateTable('import_runs')
      .set({ state: 'discarded', finished_at: now })
      .where('state', 'in', ['mapping', 'preview'])
      .where('created_at', '<', plus(now, -KEPT_MS))
      .returning('id')
      .execute();
    const ids = aged.map((run) => run.id);
    if (ids.length === 0) return;
    await tx.deleteFrom('import_files').where('import_id', 'in', ids).execute();
    await tx.deleteFrom('import_rows').where('import_id', 'in', ids).execute();
  });
}
