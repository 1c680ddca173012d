import { sql } from 'kysely';
import type { z } from 'zod';
import type { Tx } from '../database.ts';

/**
 * The definition of a job: its name and the shape of its payload, which carries ids only. The
 * handler stands elsewhere, so that a room may enqueue what another room carries out.
 */
export interface Job<Payload extends z.ZodType = z.ZodType> {
  name: string;
  payload: Payload;
  /** Attempts before the queue gives up; a job that only says "look" is found again by the sweep. */
  attempts: number;
}

const DEFAULT_ATTEMPTS = 10;

/**
 * Names a kind of job. Jobs that wait in a database bear the name, so another one would strand
 * them; `attempts` counts the first.
 */
export function defineJob<Payload extends z.ZodType>(
  name: string,
  payload: Payload,
  attempts = DEFAULT_ATTEMPTS,
): Job<Payload> {
  return { name, payload, attempts };
}

/**
 * Puts a job on the queue in the caller's transaction. With a `key`, one that still waits is
 * replaced by this one, in its place in the queue; one that runs already is not leant on: this one
 * follows it.
 */
export async function enqueue<Payload extends z.ZodType>(
  tx: Tx,
  job: Job<Payload>,
  payload: z.input<Payload>,
  key: string | null = null,
): Promise<void> {
  const json = JSON.stringify(job.payload.parse(payload));
  const fullKey = key === null ? null : `${job.name}:${key}`;
  await sql`select enqueue_job(${job.name}, ${json}::json, ${fullKey}, ${job.attempts})`.execute(
    tx,
  );
}

/**
 * Puts several jobs of one kind on the queue, in the order of their keys: two who enqueue the same at
 * the same time hold rows of the queue, and in different orders could wait for each other for ever.
 */
export async function enqueueEach<Payload extends z.ZodType>(
  tx: Tx,
  job: Job<Payload>,
  wishes: readonly { payload: z.input<Payload>; key: string }[],
): Promise<void> {
  const ordered = [...wishes].sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { payload, key } of ordered) await enqueue(tx, job, payload, key);
}
