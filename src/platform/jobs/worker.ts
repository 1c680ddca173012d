import { EventEmitter } from 'node:events';
import {
  Logger as QueueLogger,
  run,
  runOnce,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker';
import { sql } from 'kysely';
import type pg from 'pg';
import type { z } from 'zod';
import { SECOND_MS } from '../clock.ts';
import { type Database, openDatabase } from '../database.ts';
import type { Logger } from '../logger.ts';
import { openPool } from '../pool.ts';
import { freeForgotten, noteRunning } from './forgotten-jobs.ts';
import type { Job } from './job.ts';

/** What carries a job out. Throwing means: try again later, with growing waits. */
export interface Handler {
  job: Job;
  handle(payload: unknown): Promise<void>;
}

/** Ties a job's definition to its handler, with the payload checked on the way in. */
export function handlerOf<Payload extends z.ZodType>(
  job: Job<Payload>,
  handle: (payload: z.output<Payload>) => Promise<void>,
): Handler {
  return { job, handle: (payload) => handle(job.payload.parse(payload)) };
}

export interface WorkerOptions {
  /** The owner's login: the queue library works in its own schema. */
  ownerUrl: string;
  handlers: readonly Handler[];
  logger: Logger;
  /**
   * Jobs at once in this process. Most wait for Xero and not for the processor: with eight at once,
   * twenty lanes that are woken in a second would stand in line; 24 keep one core busy.
   */
  concurrency: number;
}

export interface Worker {
  /** Resolves when running jobs have ended or been handed back. */
  stop(): Promise<void>;
  /** Rejects if the worker ends by itself. */
  ended: Promise<void>;
}

/** Connections beside those of the jobs: to hear of new ones, and to look after all. */
const QUEUE_SPARE = 2;
/** New jobs are told by PostgreSQL at once; looking finds retries and what a lost connection missed. */
const POLL_MS = 2 * SECOND_MS;
const HEARTBEAT_MS = 5 * SECOND_MS;
/** A worker silent for this long is dead: its jobs, locked for hours otherwise, are freed. */
const SILENT_SECONDS = 20;

function queueLogger(logger: Logger): QueueLogger {
  return new QueueLogger(() => (level, message) => {
    if (level === 'error') logger.error(message);
    else if (level === 'warning') logger.warn(message);
    else logger.debug(message);
  });
}

function taskListOf(handlers: readonly Handler[]): TaskList {
  return Object.fromEntries(
    handlers.map(({ job, handle }) => [job.name, (payload: unknown) => handle(payload)]),
  );
}

/**
 * Runs jobs in this process until stopped. Any number of such processes may share one database.
 * Each says every few seconds that it lives; whoever is found silent has its jobs freed by the
 * others, or by its own next start.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { logger, ownerUrl, concurrency } = options;
  const pool = openPool(ownerUrl, { size: concurrency + QUEUE_SPARE, name: 'bursar-queue' });
  // Of its own: a worker whose connections all wait for Xero is not dead.
  const database = openDatabase(ownerUrl, { poolSize: 1 });
  const events: WorkerEvents = new EventEmitter();
  const running = noteRunning(events);
  const poolId = new Promise<string>((resolve) => {
    events.once('pool:create', ({ workerPool }) => resolve(workerPool.id));
  });
  await freeDeadWorkers(pool, database);
  const runner = await run({
    pgPool: pool,
    taskList: taskListOf(options.handlers),
    concurrency,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    logger: queueLogger(logger),
    events,
  });
  const id = await poolId;
  await heartbeat(database, id);

  const timer = setInterval(() => {
    heartbeat(database, id)
      .then(() => freeDeadWorkers(pool, database))
      .then(() => freeForgotten(pool, id, running.ids()))
      .catch((error: unknown) => logger.warn({ err: error }, 'the worker’s heartbeat failed'));
  }, HEARTBEAT_MS);
  let isStopping = false;
  // The library calls it an orderly end when its jobs can't go on.
  const ended = runner.promise.then(() => {
    if (!isStopping) throw new Error('The queue has stopped working by itself.');
  });

  return {
    ended,
    async stop() {
      isStopping = true;
      clearInterval(timer);
      // Refused once it has ended by itself.
      await runner.stop().catch((error: unknown) => logger.debug({ err: error }));
      await database.asSystem((tx) => tx.deleteFrom('workers').where('id', '=', id).execute());
      await Promise.all([pool.end(), database.close()]);
    },
  };
}

/** Carries out the jobs that wait now, in this process, and returns when none is left: for tests. */
export async function drainJobs(
  pool: pg.Pool,
  handlers: readonly Handler[],
  logger: Logger,
): Promise<void> {
  await runOnce({
    pgPool: pool,
    taskList: taskListOf(handlers),
    noHandleSignals: true,
    logger: queueLogger(logger),
  });
}

/** How many worker processes have lately said that they live. */
export function countLiveWorkers(database: Database): Promise<number> {
  return database.asSystem(async (tx) => {
    const row = await tx
      .selectFrom('workers')
      .select(sql<number>`count(*)::int`.as('live'))
      .where(
        'seen_at',
        '>',
        sql<Date>`clock_timestamp() - make_interval(secs => ${SILENT_SECONDS})`,
      )
      .executeTakeFirstOrThrow();
    return row.live;
  });
}

// Heartbeats of several machines are compared with each other, so they take the one clock that
// all machines share: the database's.
async function heartbeat(database: Database, id: string): Promise<void> {
  await database.asSystem(async (tx) => {
    const at = sql<Date>`clock_timestamp()`;
    await tx
      .insertInto('workers')
      .values({ id, started_at: at, seen_at: at })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_at: at }))
      .execute();
  });
}

async function freeDeadWorkers(pool: pg.Pool, database: Database): Promise<void> {
  const dead = await database.asSystem((tx) =>
    tx
      .deleteFrom('workers')
      .where(
        'seen_at',
        '<',
        sql<Date>`clock_timestamp() - make_interval(secs => ${SILENT_SECONDS})`,
      )
      .returning('id')
      .execute(),
  );
  if (dead.length === 0) return;
  const ids = dead.map((row) => row.id);
  await pool.query('select graphile_worker.force_unlock_workers($1::text[])', [ids]);
}
