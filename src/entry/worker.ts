import { SECOND_MS } from '#platform/clock';
import { startWorker } from '#platform/jobs/worker';
import type { Context } from './context.ts';

const TICK_MS = 2 * SECOND_MS;

export interface WorkerProcess {
  /** Lets what is under way end, or hands it back. */
  close(): Promise<void>;
  /** Rejects if the worker dies by itself. */
  ended: Promise<void>;
}

/** Carries out jobs, and every two seconds wakes what is due by the clock. */
export async function startWorkerProcess(context: Context): Promise<WorkerProcess> {
  const { config, database, logger, handlers } = context;
  const worker = await startWorker({ ownerUrl: config.databaseUrl, database, handlers, logger });
  const ticking = repeat(
    () => context.tick(),
    TICK_MS,
    (error) => logger.error({ err: error }, 'waking what is due failed; trying again'),
  );
  return {
    ended: worker.ended,
    async close() {
      await ticking.stop();
      await worker.stop();
    },
  };
}

/** Does `work` again and again with a pause between; never twice at once. */
function repeat(
  work: () => Promise<void>,
  pauseMs: number,
  failed: (error: unknown) => void,
): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  function next() {
    running = work()
      .catch(failed)
      .then(() => {
        if (!stopped) timer = setTimeout(next, pauseMs);
      });
  }
  next();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
