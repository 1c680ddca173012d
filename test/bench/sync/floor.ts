import type { Emulator } from '../../../emulator/server.ts';
import { callMs } from './latency.ts';

const MINUTE_MS = 60_000;

/**
 * The least time that so many calls, one after another in Xero's eyes, can take: all minutes but
 * the last are waited out, and the last one's calls go as many at once as Xero allows. Counted for
 * a window that rolls, since nobody knows when Xero's fixed one begins; a program that is right
 * under both can do no better.
 *
 * @returns milliseconds
 */
export function windowFloorMs(emulator: Emulator, calls: number, rowsPerCall: number): number {
  const { minute, concurrent } = emulator.control.limits.numbers;
  const windows = Math.max(0, Math.ceil(calls / minute) - 1);
  const inLast = calls - windows * minute;
  return windows * MINUTE_MS + Math.ceil(inLast / concurrent) * callMs(rowsPerCall);
}

/** Calls that reading so many rows takes at least, by lists of this many. */
export function readFloor(rows: number, rowsPerPage: number): number {
  return Math.max(1, Math.ceil(rows / rowsPerPage));
}
