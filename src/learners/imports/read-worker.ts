import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '#platform/app-error';
import type { ReadAnswer } from './read-apart.ts';
import { carryOutRead, type ReadTask } from './read-tasks.ts';

// The thread that reads one large input and ends: see read-apart.
function answer(): ReadAnswer {
  try {
    return { outcome: carryOutRead(workerData as ReadTask) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { refusal: { code: error.code, detail: error.detail, extras: error.extras } };
  }
}

parentPort?.postMessage(answer());
