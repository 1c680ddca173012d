/**
 * Xero writes dates twice: `/Date(ms+0000)/` and a twin without a zone. A document date is a
 * calendar day, sent as midnight UTC; inside it is `YYYY-MM-DD`. Moments are milliseconds.
 */

const DAY_PATTERN = /^(\d{4})-(\d{2})-(\d{2})(?:T.*)?$/;
const WIRE_PATTERN = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/;
const DAY_MS = 86_400_000;

/** `/Date(ms+0000)/` for a moment. */
export function wireMoment(ms: number): string {
  return `/Date(${ms}+0000)/`;
}

/** `/Date(ms+0000)/` for a calendar day: midnight UTC. */
export function wireDay(day: string): string {
  return wireMoment(Date.parse(`${day}T00:00:00Z`));
}

/** The twin of a calendar day: `2026-09-14T00:00:00`. */
export function dayTwin(day: string): string {
  return `${day}T00:00:00`;
}

/** The twin of a moment: `2026-09-14T09:29:59Z`, whole seconds. */
export function momentTwin(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/**
 * A calendar day from what clients send: `YYYY-MM-DD`, the same with a time, or `/Date(..)/`.
 * @returns undefined when it is no real day between 1900 and 2200.
 */
export function parseDay(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const wire = WIRE_PATTERN.exec(value);
  if (wire) return dayOfMoment(Number(wire[1]));
  const match = DAY_PATTERN.exec(value);
  if (!match) return undefined;
  const day = `${match[1]}-${match[2]}-${match[3]}`;
  const ms = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(ms) || dayOfMoment(ms) !== day ? undefined : day;
}

/** The UTC day of a moment, or undefined outside 1900 to 2200. */
function dayOfMoment(ms: number): string | undefined {
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  return year >= 1900 && year <= 2200 ? date.toISOString().slice(0, 10) : undefined;
}

/** Midnight UTC of a day, in milliseconds. */
export function dayMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** The day `count` days later (negative: earlier). */
export function addDays(day: string, count: number): string {
  return new Date(dayMs(day) + count * DAY_MS).toISOString().slice(0, 10);
}

/** The spelling of `/connections`: no zone, seven decimals. */
export function connectionMoment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}0000`;
}
