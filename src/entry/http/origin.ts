import { AppError } from '#platform/app-error';

interface Asked {
  method: string;
  origin: string | undefined;
  /** `Sec-Fetch-Site`, which browsers set and pages can't. */
  fetchSite: string | undefined;
  /** Whether the caller would be known by a cookie, which browsers send along unasked. */
  hasCookie: boolean;
  /** An API key is sent on purpose, never by a browser alone. */
  hasKey: boolean;
}

const HARMLESS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a change that another site's page makes a browser send with our cookie. A program
 * without a cookie has no such headers and needs none.
 * @throws AppError `request.wrong-origin`
 */
export function checkOrigin(asked: Asked, ourOrigin: string): void {
  if (HARMLESS.has(asked.method) || asked.hasKey) return;
  if (asked.fetchSite === 'same-origin') return;
  if (asked.origin !== undefined && asked.origin === ourOrigin) return;
  const isFromBrowser = asked.origin !== undefined || asked.fetchSite !== undefined;
  if (isFromBrowser || asked.hasCookie) throw new AppError('request.wrong-origin');
}
