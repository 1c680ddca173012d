import { DAY_MS, HOUR_MS, MINUTE_MS, plus } from '#platform/clock';
import type { Cursor, Resource } from './cursor-store.ts';

/** Rows that a page of a walk holds at most. */
const ROWS_PER_STEP = 1_000;

/**
 * How often one kind of record is swept, in milliseconds: right after something was found, and at
 * most after many sweeps that found nothing.
 */
interface Pace {
  busy: number;
  idle: number;
}

type SweptResource = 'contacts' | 'invoices' | 'credit-notes' | 'prepayments' | 'overpayments';

/** While webhooks tell of a kind, sweeps find what got lost. */
const WITH_WEBHOOKS: Record<SweptResource | 'payments', Pace> = {
  contacts: { busy: HOUR_MS, idle: 4 * HOUR_MS },
  invoices: { busy: 30 * MINUTE_MS, idle: HOUR_MS },
  'credit-notes': { busy: HOUR_MS, idle: 4 * HOUR_MS },
  prepayments: { busy: 2 * HOUR_MS, idle: 8 * HOUR_MS },
  overpayments: { busy: 2 * HOUR_MS, idle: 8 * HOUR_MS },
  payments: { busy: 30 * MINUTE_MS, idle: 90 * MINUTE_MS },
};

/** Without them sweeps are what finds changes; a payment moves its invoice's date of change too. */
const WITHOUT_WEBHOOKS: typeof WITH_WEBHOOKS = {
  contacts: { busy: 30 * MINUTE_MS, idle: 2 * HOUR_MS },
  invoices: { busy: 10 * MINUTE_MS, idle: 40 * MINUTE_MS },
  'credit-notes': { busy: 30 * MINUTE_MS, idle: 3 * HOUR_MS },
  prepayments: { busy: HOUR_MS, idle: 6 * HOUR_MS },
  overpayments: { busy: HOUR_MS, idle: 6 * HOUR_MS },
  payments: { busy: 30 * MINUTE_MS, idle: 90 * MINUTE_MS },
};

/** Webhooks count as arriving when one did within this time. */
const HEARD_WITHIN_MS = DAY_MS;

/** Which kinds an app is told of is chosen one by one at Xero, so each is judged by itself. */
function isHeardOf({ heardAt }: Cursor, now: Date): boolean {
  return heardAt !== null && heardAt > plus(now, -HEARD_WITHIN_MS);
}

/**
 * A whole walk takes one page this often, over all kinds of records together: 48 calls a day, which
 * is under 5 % of the smallest plan's day.
 */
export const WHOLE_STEP_MS = 30 * MINUTE_MS;
/** Each record is read at least this often, whatever its date of change says. */
export const WHOLE_EVERY_MS = 7 * DAY_MS;
/** Left for the walks of the other kinds, which take their steps in between. */
const WHOLE_MARGIN_MS = 12 * HOUR_MS;

/** Whether a cursor goes over all records of its kind, not over what changed. */
export function isWhole(resource: Resource): boolean {
  return resource.startsWith('all-');
}

/**
 * The cursor after a page, with the time at which it is to go on or to begin again by itself, and at
 * the end of a walk with that moment.
 */
export function paced(before: Cursor, read: Cursor, now: Date): Cursor {
  const { resource } = read;
  const after = read.isWalking ? read : { ...read, walkedAt: now };
  if (isWhole(resource)) return { ...after, nextAt: plus(now, wholeWait(after)) };
  if (after.isWalking) return after;
  if (resource === 'batches') return { ...after, nextAt: plus(now, WHOLE_EVERY_MS) };
  if (resource === 'settings') return { ...after, nextAt: plus(now, DAY_MS) };
  const table = isHeardOf(after, now) ? WITH_WEBHOOKS : WITHOUT_WEBHOOKS;
  const quietWalks = foundSomething(before, after) ? 0 : before.quietWalks + 1;
  const wait = waitOf(table[resource as SweptResource | 'payments'], quietWalks);
  return { ...after, quietWalks, nextAt: plus(now, wait) };
}

function foundSomething({ readUntil }: Cursor, { newestSeen }: Cursor): boolean {
  return newestSeen !== null && (readUntil === null || newestSeen > readUntil);
}

/** Doubled with each sweep that found nothing. */
function waitOf({ busy, idle }: Pace, quietWalks: number): number {
  return Math.min(busy * 2 ** Math.min(quietWalks, 10), idle);
}

/** The more pages a walk took, the sooner the next one has to begin to be through in time. */
function wholeWait(cursor: Cursor): number {
  if (cursor.isWalking) return WHOLE_STEP_MS;
  const pages = Math.ceil(cursor.rowsRead / ROWS_PER_STEP);
  return Math.max(WHOLE_STEP_MS, WHOLE_EVERY_MS - WHOLE_MARGIN_MS - pages * WHOLE_STEP_MS);
}
