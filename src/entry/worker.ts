import { SECOND_MS } from '#platform/clock';
import { startWorker, type Worker } from '#platform/jobs/worker';
import type { Context } from './context.ts';

const TICK_MS = 2 * SECOND_MS;
const RESTS = 'No jobs are taken until then.';

export interface WorkerProcess {
  /** Lets what is under way end, or hands it back. */
  close(): Promise<void>;
  /** Rejects if the worker ends by itself. */
  ended: Promise<void>;
}

/**
 * Carries out jobs, and every two seconds wakes what is due by the clock. While another machine has
 * brought the database to a schema that this process does not know, it takes no jobs and says so.
 */
export async function startWorkerProcess(context: Context): Promise<WorkerProcess> {
  const { config, logger, handlers, schema } = context;
  const ended = Promise.withResolvers<void>();
  // Nobody may be listening yet.
  ended.promise.catch(() => undefined);
  let worker: Worker | null = null;
  let said = '';

  async function beat(): Promise<void> {
    const fault = await schema.fault();
    if (fault !== null) {
      if (said !== fault.message) logger.error({ code: fault.code }, `${fault.message} ${RESTS}`);
      said = fault.message;
      return rest();
    }
    said = '';
    worker ??= await begin();
    await context.tick();
  }

  async function begin(): Promise<Worker> {
    const begun = await startWorker({
      ownerUrl: config.databaseUrl,
      handlers,
      logger,
      concurrency: config.workerJobs,
    });
    begun.ended.catch(ended.reject);
    return begun;
  }

  async function rest(): Promise<void> {
    const resting = worker;
    worker = null;
    await resting?.stop();
  }

  // Waited for, so that a worker that can't begin is told as one.
  if ((await schema.fault()) === null) worker = await begin();
  const ticking = repeat(beat, TICK_MS, (error) =>
    logger.error({ err: error }, 'waking what is due failed; trying again'),
  );
  return {
    ended: ended.promise,
    async close() {
      await ticking.stop();
      await rest();
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
