import pg from 'pg';
import type { Context } from '#entry/context';
import { drainJobs } from '#platform/jobs/worker';

/** Rounds after which a world that is still busy is taken to be going in circles. */
const ROUNDS_MAX = 50;

export interface Settler {
  /**
   * Runs jobs and deliveries until nothing is left to do at the present time of the clock.
   * @throws Error when it never gets quiet, or with the words of a job that failed
   */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** Xero's side of a quiet world: hands over the notices that are due and says how many they were. */
export type DeliverDue = () => Promise<number>;

export function createSettler(context: Context, deliverDue: DeliverDue): Settler {
  const pool = new pg.Pool({ connectionString: context.config.databaseUrl, max: 4 });
  // A connection that dies idle shows itself at its next use.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    async settle() {
      for (let round = 0; round < ROUNDS_MAX; round += 1) {
        await context.tick();
        const jobs = await countWaiting(pool);
        if (jobs > 0) await drainJobs(pool, context.handlers, context.logger);
        await refuseFailures(pool);
        const delivered = await deliverDue();
        if (jobs === 0 && delivered === 0) return;
      }
      throw new Error(`The world is not quiet after ${ROUNDS_MAX} rounds: ${await describe(pool)}`);
    },
    close: () => pool.end(),
  };
}

async function countWaiting(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ waiting: number }>(
    `select count(*)::int as waiting from graphile_worker._private_jobs
      where locked_at is null and run_at <= clock_timestamp() and attempts < max_attempts`,
  );
  return rows[0]?.waiting ?? 0;
}

async function refuseFailures(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ last_error: string }>(
    'select last_error from graphile_worker._private_jobs where last_error is not null limit 3',
  );
  if (rows.length === 0) return;
  throw new Error(`A job failed: ${rows.map((row) => row.last_error).join('\n')}`);
}

async function describe(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ identifier: string; waiting: number }>(
    `select t.identifier, count(*)::int as waiting
       from graphile_worker._private_jobs j
       join graphile_worker._private_tasks t on t.id = j.task_id
      group by t.identifier`,
  );
  const jobs = rows.map(({ identifier, waiting }) => `${waiting} × ${identifier}`);
  return jobs.join(', ') || 'no jobs wait, so deliveries go on and on';
}
