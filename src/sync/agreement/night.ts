import { DAY_MS, MINUTE_MS, plus } from '#platform/clock';

const NIGHT_HOUR = 2;
const STEP_MS = 15 * MINUTE_MS;
/** A night in which the clock is turned has no such hour, or has it later. */
const SEARCH_MS = 26 * 60 * MINUTE_MS;

/**
 * The next time that it is night where the provider is: after two o'clock, spread over an hour by
 * the organisation, so that not all of them ask at once.
 */
export function nextNight(now: Date, timeZone: string, xeroOrgId: string): Date {
  const hourOf = new Intl.DateTimeFormat('en-GB', { hour: 'numeric', hourCycle: 'h23', timeZone });
  const start = Math.ceil(now.getTime() / STEP_MS) * STEP_MS;
  for (let at = start; at < start + SEARCH_MS; at += STEP_MS) {
    const isNight = Number(hourOf.format(at)) === NIGHT_HOUR;
    const wasNight = Number(hourOf.format(at - STEP_MS)) === NIGHT_HOUR;
    if (isNight && !wasNight) return new Date(at + minuteOf(xeroOrgId) * MINUTE_MS);
  }
  return plus(now, DAY_MS);
}

function minuteOf(xeroOrgId: string): number {
  return Number.parseInt(xeroOrgId.slice(-4), 16) % 60;
}
