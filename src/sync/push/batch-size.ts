import { SECOND_MS } from '#platform/clock';
import { LIMITS } from '#xero/index';

/** How many contacts one call carries now, and whether Xero was slow lately. */
export interface BatchSize {
  rows: number;
  /** From the first slow, lost or refused call on, growth goes by steps instead of doubling. */
  isCareful: boolean;
}

/**
 * Xero advises 50 elements a call for timely answers and names no bound but 3.5 MB a request
 * (its page "API limits"). We begin at the advice and leave it only while answers stay quick.
 */
export const BATCH = {
  first: 50,
  least: 5,
  most: 500,
  step: 50,
  /** An answer that takes longer than this is slow; calls end at twice as much. */
  quickMs: 10 * SECOND_MS,
  /** Below Xero's 3.5 MB, whichever way it counts a megabyte. */
  bytesMax: 3_300_000,
  atOnce: LIMITS.inFlight - LIMITS.inFlightForPeople,
} as const;

export const firstBatch: BatchSize = { rows: BATCH.first, isCareful: false };

/** What came of one call that carried `rows` contacts in `bytes` of request body. */
export type Sent =
  | { how: 'answered'; rows: number; tookMs: number; bytes: number }
  /** No answer, an answer too late, or an error of Xero's own. */
  | { how: 'lost'; rows: number }
  /** Xero would not take a body of this size. */
  | { how: 'too-large'; rows: number };

/**
 * The size of the next batch. It grows while answers are quick, to no more than what would still
 * be quick at the pace just seen; shrinks to that when they are slow; and is halved when an answer
 * is lost or the size refused. A call that was not full says nothing about a larger one, so it
 * never lets the size grow. `most` is what whoever runs Bursar allows.
 */
export function nextBatch(size: BatchSize, sent: Sent, most: number = BATCH.most): BatchSize {
  const within = (rows: number) => Math.max(BATCH.least, Math.min(BATCH.most, most, rows));
  if (sent.rows < 1) return size;
  if (sent.how !== 'answered') {
    const half = Math.floor(Math.min(size.rows, sent.rows) / 2);
    return { rows: within(half), isCareful: true };
  }
  const quick = Math.floor((sent.rows * BATCH.quickMs) / Math.max(sent.tookMs, 1));
  const fitting = Math.floor((sent.rows * BATCH.bytesMax) / Math.max(sent.bytes, 1));
  const possible = Math.min(quick, fitting);
  if (possible < size.rows) {
    const isSlow = sent.tookMs > BATCH.quickMs;
    return { rows: within(possible), isCareful: size.isCareful || isSlow };
  }
  if (sent.rows < size.rows) return size;
  const grown = size.rows + (size.isCareful ? Math.min(BATCH.step, size.rows) : size.rows);
  return { ...size, rows: within(Math.min(grown, possible)) };
}

/**
 * How many batches go to Xero at once. Several only where a call carries as much as it ever may and
 * Xero has not been slow: until then a larger call is the better way to send more, and while Xero
 * is slow the kinder one is to wait. One of the places that Xero gives stays for people.
 */
export function callsAtOnce(size: BatchSize, most: number = BATCH.most): number {
  const isFull = size.rows >= Math.min(BATCH.most, most);
  return isFull && !size.isCareful ? BATCH.atOnce : 1;
}

/**
 * Cuts rows into parts whose bodies stay below the bytes that Xero takes; at least one row each.
 *
 * @param bytesOf the bytes that a row takes in the body, its comma included
 */
export function partsWithin<Row>(
  rows: readonly Row[],
  bytesOf: (row: Row) => number,
  bytesMax: number = BATCH.bytesMax,
): Row[][] {
  const parts: Row[][] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = bytesOf(row);
    const part = parts.at(-1);
    if (part && bytes + size <= bytesMax) {
      part.push(row);
      bytes += size;
    } else {
      parts.push([row]);
      bytes = size;
    }
  }
  return parts;
}
