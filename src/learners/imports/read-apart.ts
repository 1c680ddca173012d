import { Worker } from 'node:worker_threads';
import { AppError } from '#platform/app-error';
import { MINUTE_MS } from '#platform/clock';
import { carryOutRead, type ReadOutcome, type ReadTask } from './read-tasks.ts';
import { isZip } from './unpack-files.ts';

/** What the reading thread sends back. */
export type ReadAnswer =
  | { outcome: ReadOutcome }
  | { refusal: { code: AppError['code']; detail: string | undefined; extras: AppError['extras'] } };

/** Up to here reading takes some hundredths of a second, less than starting a thread. */
const SMALL_BYTES = 128 * 1024;
const THREADS_MAX = 2;
const THREAD_MEMORY_MB = 768;
const DEADLINE_MS = 2 * MINUTE_MS;
const WORKER = new URL('./read-worker.ts', import.meta.url);

let threads = 0;

/**
 * Reads files; large ones and zips in a thread of their own, so that the server goes on answering others
 * meanwhile, with bounds on its memory and time. Fails as the readers do, or with `server.busy`
 * while two such inputs are being read.
 */
export async function readApart(task: ReadTask): Promise<ReadOutcome> {
  const files = task.step === 'open' ? task.files : task.input.files;
  const bytes = files.reduce((sum, file) => sum + file.content.byteLength, 0);
  if (bytes <= SMALL_BYTES && !files.some(isZip)) return carryOutRead(task);
  if (threads >= THREADS_MAX) {
    throw new AppError('server.busy', 'Other large files are being read at the moment.');
  }
  threads += 1;
  try {
    const answer = await inThread(task);
    if ('outcome' in answer) return answer.outcome;
    const { code, detail, extras } = answer.refusal;
    throw new AppError(code, detail, { extras });
  } finally {
    threads -= 1;
  }
}

function inThread(task: ReadTask): Promise<ReadAnswer> {
  return new Promise((resolve, reject) => {
    const resourceLimits = { maxOldGenerationSizeMb: THREAD_MEMORY_MB };
    const worker = new Worker(WORKER, { workerData: task, resourceLimits });
    const tooMuch = (what: string, cause?: unknown) =>
      reject(
        new AppError('request.too-large', `Reading the files takes more than ${what}.`, { cause }),
      );
    const deadline = setTimeout(() => {
      tooMuch('two minutes');
      void worker.terminate();
    }, DEADLINE_MS);
    worker.once('message', resolve);
    worker.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') tooMuch(`${THREAD_MEMORY_MB} MB`, error);
      else reject(error);
    });
    worker.once('exit', () => {
      clearTimeout(deadline);
      reject(new Error('the reading thread ended without an answer'));
    });
  });
}
