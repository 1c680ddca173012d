import { MILD_TROUBLES, TROUBLE_CODES, type TroubleCode } from '#contract/connection-life';
import type { ConnectionState } from '#contract/connections';
import type { ErrorCode } from '#contract/errors';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#platform/clock';
import type { ConsentLossReason, DownReason } from '#xero/index';

/** What is wrong with a connection, and since when. */
export interface Trouble {
  code: ErrorCode;
  since: Date;
}

/** What each way of losing Xero's consent is called before anybody has looked closer. */
export const troubleOfLoss: Record<ConsentLossReason, TroubleCode> = {
  'grant-dead': 'xero.grant-dead',
  'access-removed': 'xero.access-removed',
  'token-refused': 'xero.token-refused',
  'scope-missing': 'xero.scope-missing',
};

export const troubleOfOutage: Record<DownReason, TroubleCode> = {
  line: 'xero.unreachable',
  offline: 'xero.organisation-offline',
  'app-refused': 'xero.app-refused',
  'key-missing': 'xero.key-missing',
  'other-app': 'xero.other-app',
};

/** Troubles that a call which gets through proves to be over. */
export const OVER_WHEN_REACHED: readonly TroubleCode[] = Object.values(troubleOfOutage);

/** Outages are common and short: only what lasts this long is worth a word to people. */
export const OUTAGE_LASTS_MS = 8 * MINUTE_MS;
/** A connection that works is looked at when it made no call for this long. */
export const CHECK_EVERY_MS = 15 * MINUTE_MS;
/** How often the organisation's own description is read at least. */
export const DESCRIBE_EVERY_MS = 1 * DAY_MS;
const LOOK_AGAIN_MS = 5 * MINUTE_MS;
const RARELY_MS = 6 * HOUR_MS;

/** Whether an outage is told at once: it does not pass by itself. */
export function isToldAtOnce(why: DownReason): boolean {
  return why === 'app-refused' || why === 'key-missing' || why === 'other-app';
}

/** Whether `code` is graver than what is wrong already, and so takes its place. */
export function isGraver(code: ErrorCode, present: Trouble | null): boolean {
  return present === null || gravityOf(code) > gravityOf(present.code);
}

/** Whether Xero and Bursar go on working together under it: nobody looks sooner because of it. */
export function isMild(code: ErrorCode): boolean {
  return MILD_TROUBLES.includes(code);
}

function gravityOf(code: ErrorCode): number {
  const place = (TROUBLE_CODES as readonly ErrorCode[]).indexOf(code);
  return place === -1 ? 0 : TROUBLE_CODES.length - place;
}

/**
 * How long to wait before looking at a connection again, in ms. In trouble a few calls an hour at
 * most, and fewer the longer it lasts: nobody is helped by asking Xero often.
 */
export function nextLookIn(
  facts: { state: ConnectionState; trouble: Trouble | null; failingSince: Date | null },
  now: Date,
): number {
  const { state, trouble, failingSince } = facts;
  const since = failingSince ?? (trouble && !isMild(trouble.code) ? trouble.since : null);
  if (since === null) return CHECK_EVERY_MS;
  const lasted = now.getTime() - since.getTime();
  if (state !== 'needs-consent') return lasted < HOUR_MS ? LOOK_AGAIN_MS : CHECK_EVERY_MS;
  if (lasted < HOUR_MS) return CHECK_EVERY_MS;
  return lasted < DAY_MS ? HOUR_MS : RARELY_MS;
}

/** Spreads looks over time: the same connection always waits the same part of the wait, 90 to 100 %. */
export function spread(milliseconds: number, connectionId: string): number {
  const phase = Number.parseInt(connectionId.slice(-4), 16) / 0xffff;
  return Math.round(milliseconds * (0.9 + 0.1 * (Number.isNaN(phase) ? 1 : phase)));
}
