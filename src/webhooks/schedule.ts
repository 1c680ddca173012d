import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#platform/clock';

/** Waits after each attempt that failed: some 23 hours in all, then the message has failed. */
const WAITS_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  1 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
];
/** Up to a tenth longer, so that what failed together does not come back together. */
const JITTER = 0.1;

const PROBE_FIRST_MS = 5 * SECOND_MS;
const PROBE_LONGEST_MS = 10 * MINUTE_MS;

/** Milliseconds until a message is tried again after `attempt` failures (from 1); null: never. */
export function waitAfter(attempt: number, random: number): number | null {
  const wait = WAITS_MS[attempt - 1];
  return wait === undefined ? null : Math.round(wait * (1 + JITTER * random));
}

/** Milliseconds until an endpoint that failed so many times in a row is tried with one message. */
export function probeWait(failures: number): number {
  return Math.min(PROBE_FIRST_MS * 2 ** Math.min(failures - 1, 20), PROBE_LONGEST_MS);
}
