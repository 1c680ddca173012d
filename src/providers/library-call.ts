import { parseSetCookieHeader } from 'better-auth/cookies';
import type { Exchange } from '#platform/http';
import { SESSION_SECONDS } from './sign-in-library.ts';

/** What a browser is to keep; the frame adds HttpOnly, SameSite and Secure. */
export interface SessionCookie {
  name: string;
  value: string;
  maxAgeSeconds: number;
}

/** The cookies of the sign-in library that a browser may hold, by what they are for. */
export interface LibraryCookies {
  session: string;
  /** Between password and code. */
  secondStep: string;
  /** Between asking for a passkey and its answer. */
  passkey: string;
}

/** The headers by which the library knows a browser: its cookies and what kind of program it is. */
export function headersOf(cookies: Partial<LibraryCookies>, exchange: Exchange): Headers {
  const held = Object.values(cookies).flatMap((name: string) => {
    const value = exchange.cookie(name);
    return value ? [`${name}=${encodeURIComponent(value)}`] : [];
  });
  return new Headers({ cookie: held.join('; '), 'user-agent': exchange.origin.agent });
}

/** Hands to the browser what the library wants it to keep or forget, and nothing unknown. */
export function keepCookies(cookies: LibraryCookies, exchange: Exchange, headers: Headers): void {
  for (const name of Object.values(cookies)) {
    const said = lastOf(headers, name);
    if (!said) continue;
    if (said.isGone) exchange.clearCookie(name);
    else exchange.setCookie(name, said.value, { maxAgeSeconds: said.maxAgeSeconds });
  }
}

/** The cookie of this name that an answer of the library sets; null when it sets none. */
export function cookieIn(headers: Headers, name: string): SessionCookie | null {
  const said = lastOf(headers, name);
  if (!said || said.isGone) return null;
  return { name, value: said.value, maxAgeSeconds: said.maxAgeSeconds };
}

/** The session's token, by which the library finds it, out of its signed cookie. */
export function tokenOf(cookieValue: string): string {
  return cookieValue.slice(0, Math.max(cookieValue.lastIndexOf('.'), 0));
}

function lastOf(headers: Headers, name: string) {
  let found: { value: string; maxAgeSeconds: number; isGone: boolean } | null = null;
  for (const header of headers.getSetCookie()) {
    const cookie = parseSetCookieHeader(header).get(name);
    if (!cookie) continue;
    found = {
      value: decodeURIComponent(cookie.value),
      maxAgeSeconds: cookie['max-age'] ?? SESSION_SECONDS,
      isGone: cookie.value === '' || cookie['max-age'] === 0,
    };
  }
  return found;
}

/** The library refuses by throwing an error with an HTTP status below 500; its code, else null. */
export function refusalOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null;
  if (typeof error.statusCode !== 'number' || error.statusCode >= 500) return null;
  const body = 'body' in error ? (error.body as { code?: unknown } | undefined) : undefined;
  return typeof body?.code === 'string' ? body.code : 'REFUSED';
}
