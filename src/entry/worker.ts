import { SECOND_MS } from '#platform/clock';
import { heldWords } from '#platform/installation';
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
 * Carries out jobs, and every two seconds wakes what is due by the clock. In a Bursar that is on hold,
 * and while another machine has brought the database to a schema that this process does not know, it
 * takes no jobs and says so once.
 */
export async function startWorkerProcess(
  context: Context,
  tickMs: number = TICK_MS,
): Promise<WorkerProcess> {
  const { config, logger, handlers } = context;
  const ended = Promise.withResolvers<void>();
  // Nobody may be listening yet.
  ended.promise.catch(() => undefined);
  let worker: Worker | null = null;
  let said = '';

  async function beat(): Promise<void> {
    const obstacle = await obstacleOf(context);
    if (obstacle !== null) {
      if (said !== obstacle.words) logger.error({ code: obstacle.code }, obstacle.words);
      said = obstacle.words;
      return rest();
    }
    if (said !== '') logger.info('nothing keeps this worker from taking jobs any more');
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
  if ((await obstacleOf(context)) === null) worker = await begin();
  const ticking = repeat(beat, tickMs, (error) =>
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

/** What keeps this process from taking jobs; null: nothing. */
async function obstacleOf({
  config,
  installation,
  schema,
}: Context): Promise<{ code: string; words: string } | null> {
  const fault = await schema.fault();
  if (fault !== null) return { code: fault.code, words: `${fault.message} ${RESTS}` };
  const held = await installation.whyHeld();
  return held && { code: 'on-hold', words: heldWords(held, config.publicUrl) };
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
