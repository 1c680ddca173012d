import { parseSetCookieHeader } from 'better-auth/cookies';
import type { PersonId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import type { SignInAttempts } from './sign-in-attempts.ts';
import { SESSION_SECONDS, type SignInLibrary } from './sign-in-library.ts';

/** What a browser is to keep; the frame adds HttpOnly, SameSite and Secure. */
export interface SessionCookie {
  name: string;
  value: string;
  maxAgeSeconds: number;
}

export interface SignedInPerson {
  id: PersonId;
  name: string;
  email: string;
  /** Set when the session was prolonged and the browser must keep its cookie for longer. */
  renewed: SessionCookie | null;
}

export interface Sessions {
  readonly cookieName: string;
  /** @throws AppError `session.bad-credentials`, `session.too-many-attempts` */
  signIn(given: { email: string; password: string; address: string }): Promise<SessionCookie>;
  /** Whose session this cookie stands for; null when it is unknown, altered, ended or expired. */
  personOf(cookieValue: string): Promise<SignedInPerson | null>;
  /** Ends the session; harmless when there is none. */
  signOut(cookieValue: string): Promise<void>;
}

export async function createSessions(
  library: SignInLibrary,
  attempts: SignInAttempts,
): Promise<Sessions> {
  const cookieName = (await library.$context).authCookies.sessionToken.name;
  const headersWith = (value: string) =>
    new Headers({ cookie: `${cookieName}=${encodeURIComponent(value)}` });

  return {
    cookieName,

    async signIn({ email, password, address }) {
      const wait = await attempts.reserve({ email, address });
      if (wait !== null) {
        throw new AppError('session.too-many-attempts', undefined, {
          extras: { retryAfterSeconds: wait },
        });
      }
      const headers = await signInWith(library, { email, password });
      const cookie = sessionCookieIn(headers, cookieName);
      if (!cookie) throw new Error('The sign-in library gave no session cookie');
      await attempts.forgive({ email, address });
      return cookie;
    },

    async personOf(cookieValue) {
      const { response, headers } = await library.api.getSession({
        headers: headersWith(cookieValue),
        returnHeaders: true,
      });
      if (!response) return null;
      const { id, name, email } = response.user;
      const renewed = sessionCookieIn(headers, cookieName);
      return { id: id as PersonId, name, email, renewed };
    },

    async signOut(cookieValue) {
      await library.api.signOut({ headers: headersWith(cookieValue) });
    },
  };
}

async function signInWith(
  library: SignInLibrary,
  body: { email: string; password: string },
): Promise<Headers> {
  try {
    const { headers } = await library.api.signInEmail({ body, returnHeaders: true });
    return headers;
  } catch (error) {
    if (isRefusal(error)) throw new AppError('session.bad-credentials');
    throw error;
  }
}

/** The library refuses by throwing an error with an HTTP status below 500. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !('statusCode' in error)) return false;
  return typeof error.statusCode === 'number' && error.statusCode < 500;
}

function sessionCookieIn(headers: Headers, name: string): SessionCookie | null {
  for (const header of headers.getSetCookie()) {
    const cookie = parseSetCookieHeader(header).get(name);
    if (!cookie || cookie.value === '' || cookie['max-age'] === 0) continue;
    return {
      name,
      value: decodeURIComponent(cookie.value),
      maxAgeSeconds: cookie['max-age'] ?? SESSION_SECONDS,
    };
  }
  return null;
}
