const LEGACY_DATE = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/;
const ISO_DAY = /^(\d{4}-\d{2}-\d{2})(?:T|$)/;
const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?$/;

type Spelling = string | null | undefined;

/** Milliseconds since 1970 in UTC from Xero's `/Date(1518685950940+0000)/`; the offset is decoration. */
function legacyMilliseconds(text: Spelling): number | null {
  const match = LEGACY_DATE.exec(text ?? '');
  return match ? Number(match[1]) : null;
}

/**
 * The calendar day (`YYYY-MM-DD`) of a document. Xero sends midnight UTC of the day, so the UTC
 * date is the day; a local date would be a day off for half of the world (platform recordings).
 * The `…String` twin is preferred, since it is the day in plain letters. Null when neither reads.
 */
export function dayOf(text: Spelling, twin?: Spelling): string | null {
  const plain = ISO_DAY.exec(twin ?? '') ?? ISO_DAY.exec(text ?? '');
  if (plain?.[1]) return plain[1];
  const milliseconds = legacyMilliseconds(text);
  return milliseconds === null ? null : new Date(milliseconds).toISOString().slice(0, 10);
}

/**
 * An instant, from either spelling. The legacy one is preferred because it carries milliseconds,
 * its twin only seconds, and instants decide which of two versions is newer. A twin without a zone
 * is UTC. Null when neither reads.
 */
export function instantOf(text: Spelling, twin?: Spelling): Date | null {
  const milliseconds = legacyMilliseconds(text);
  if (milliseconds !== null) return new Date(milliseconds);
  for (const spelling of [text, twin]) {
    const match = ISO_INSTANT.exec(spelling ?? '');
    if (match) return new Date(match[1] ? (spelling ?? '') : `${spelling}Z`);
  }
  return null;
}

/**
 * The value of `If-Modified-Since` as Xero reads it: UTC, no zone, whole seconds. Rounded down,
 * so that a change within the second is never missed.
 */
export function modifiedSinceHeader(instant: Date): string {
  return instant.toISOString().slice(0, 19);
}
