import type { WorkerEvents } from 'graphile-worker';
import type pg from 'pg';

/** The jobs that a worker has in hand. */
export interface RunningJobs {
  /** Those that run now, or ended since this was last asked. */
  ids(): string[];
}

/** Keeps account of what a worker runs. */
export function noteRunning(events: WorkerEvents): RunningJobs {
  const running = new Set<string>();
  const ended = new Set<string>();
  events.on('job:start', ({ job }) => running.add(job.id));
  events.on('job:complete', ({ job }) => {
    running.delete(job.id);
    ended.add(job.id);
  });
  return {
    ids() {
      // Of those that have ended the database may not know yet.
      const ids = [...running, ...ended];
      ended.clear();
      return ids;
    },
  };
}

/** For so long the answer to who took a job, or the word of its end, may be on the way. */
const FORGOTTEN_AFTER_SECONDS = 60;

/**
 * Frees jobs that the database takes to run at the living worker `workerId`, and that it does not
 * have in hand: the connection was lost while one was handed over or told to be over. Nothing else
 * frees them for hours. One that was done by then is done once more, as any job may be.
 */
export async function freeForgotten(
  pool: pg.Pool,
  workerId: string,
  running: readonly string[],
): Promise<void> {
  await pool.query(
    `update graphile_worker._private_jobs set locked_by = null, locked_at = null
      where locked_by = $1 and not (id = any($2::bigint[]))
        and locked_at < clock_timestamp() - make_interval(secs => $3)`,
    [workerId, running, FORGOTTEN_AFTER_SECONDS],
  );
}
