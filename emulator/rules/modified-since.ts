import { plainText } from '../accounting/api-error.ts';

const ISO_PATTERN = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/;
const SECOND_MS = 1000;

/**
 * Reads `If-Modified-Since`: `yyyy-mm-ddThh:mm:ss` in UTC, with milliseconds, an offset or as an
 * HTTP date too. The answer is a whole second, since Xero compares no finer.
 * @throws ApiError 412 when it is no moment.
 */
export function readModifiedSince(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const text = header.trim();
  const iso = ISO_PATTERN.exec(text);
  const ms = Date.parse(iso && !iso[4] && iso[1] ? `${text.replace(' ', 'T')}Z` : text);
  if (Number.isNaN(ms)) throw plainText(412, 'The If-Modified-Since header is not a valid date');
  return floorToSecond(ms);
}

/** Whether a row that changed at `updatedAtMs` counts as created or updated since. */
export function isModifiedSince(updatedAtMs: number, sinceMs: number): boolean {
  return floorToSecond(updatedAtMs) >= sinceMs;
}

function floorToSecond(ms: number): number {
  return Math.floor(ms / SECOND_MS) * SECOND_MS;
}
