import type { PersonId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import type { Exchange } from '#platform/http';
import {
  cookieIn,
  headersOf,
  keepCookies,
  type LibraryCookies,
  refusalOf,
  type SessionCookie,
} from './library-call.ts';
import { SECOND_STEP_COOKIE } from './open-session.ts';
import { asAppCode, asRecoveryCode } from './recovery-codes.ts';
import type { SignInAttempts } from './sign-in-attempts.ts';
import { PASSKEY_COOKIE, type SignInLibrary } from './sign-in-library.ts';
import type { SpendCode } from './spent-codes.ts';

export interface SignedInPerson {
  id: PersonId;
  name: string;
  email: string;
  /** Whether this session was proved by a second factor. */
  isStrong: boolean;
  /** Set when the session was prolonged and the browser must keep its cookie for longer. */
  renewed: SessionCookie | null;
}

/** Whether the browser is signed in now, or has to bring a code first. */
export type SignInStep = 'signed-in' | 'second-factor';

export interface Sessions {
  readonly cookies: LibraryCookies;
  /** @throws AppError `session.bad-credentials`, `session.too-many-attempts` */
  signIn(given: { email: string; password: string }, exchange: Exchange): Promise<SignInStep>;
  /** @throws AppError `sign-in.code-wrong`, `sign-in.step-ended`, `session.too-many-attempts` */
  proveSecondFactor(code: string, exchange: Exchange): Promise<void>;
  /** Lets in somebody whose identity was proved elsewhere; a second factor is asked all the same. */
  open(personId: PersonId, exchange: Exchange): Promise<SignInStep>;
  /** Whose session this cookie stands for; null when it is unknown, altered, ended or expired. */
  personOf(cookieValue: string): Promise<SignedInPerson | null>;
  /** Ends the session; harmless when there is none. */
  signOut(cookieValue: string): Promise<void>;
}

interface Deps {
  library: SignInLibrary;
  attempts: SignInAttempts;
  spendCode: SpendCode;
}

/**
 * Sign-ins without the log of them, which `createSignInLog` puts around this. What the library
 * refuses comes out in our own codes; whatever else it throws passes through.
 */
export async function createSessions(deps: Deps): Promise<Sessions> {
  const { library, attempts } = deps;
  const context = await library.$context;
  const cookies: LibraryCookies = {
    session: context.authCookies.sessionToken.name,
    secondStep: context.createAuthCookie(SECOND_STEP_COOKIE).name,
    passkey: context.createAuthCookie(PASSKEY_COOKIE).name,
  };
  const headersWith = (value: string) =>
    new Headers({ cookie: `${cookies.session}=${encodeURIComponent(value)}` });

  return {
    cookies,

    async signIn({ email, password }, exchange) {
      const attempt = { email, address: exchange.ip };
      await reserveAttempt(attempts, attempt);
      const headers = await signInWith(library, { email, password }, exchange);
      await attempts.forgive(attempt);
      keepCookies(cookies, exchange, headers);
      return cookieIn(headers, cookies.session) ? 'signed-in' : 'second-factor';
    },

    async proveSecondFactor(typed, exchange) {
      const personId = await whoseStep(library, exchange.cookie(cookies.secondStep));
      if (!personId) throw new AppError('sign-in.step-ended');
      const attempt = codeAttempt(personId, exchange);
      await reserveAttempt(attempts, attempt);
      const code = asAppCode(typed);
      if (code && !(await deps.spendCode(personId, code))) {
        throw new AppError('sign-in.code-wrong', 'This code has been used already.');
      }
      // The library must not take an older session of this browser for the one to prove.
      const headersOfStep = headersOf({ secondStep: cookies.secondStep }, exchange);
      const asked = { headers: headersOfStep, returnHeaders: true } as const;
      try {
        const { headers } = code
          ? await library.api.verifyTOTP({ ...asked, body: { code } })
          : await library.api.verifyBackupCode({ ...asked, body: { code: asRecoveryCode(typed) } });
        keepCookies(cookies, exchange, headers);
      } catch (error) {
        throw codeRefusal(error);
      }
      await attempts.forgive(attempt);
    },

    async open(personId, exchange) {
      const { response, headers } = await library.api.openSession({
        body: { userId: personId },
        headers: headersOf(cookies, exchange),
        returnHeaders: true,
      });
      keepCookies(cookies, exchange, headers);
      return response.step;
    },

    async personOf(cookieValue) {
      const { response, headers } = await library.api.getSession({
        headers: headersWith(cookieValue),
        returnHeaders: true,
      });
      if (!response) return null;
      const { id, name, email } = response.user;
      const isStrong = Boolean(response.session.secondFactor);
      const renewed = cookieIn(headers, cookies.session);
      return { id: id as PersonId, name, email, isStrong, renewed };
    },

    async signOut(cookieValue) {
      await library.api.signOut({ headers: headersWith(cookieValue) });
    },
  };
}

/** Counts a guess before it is looked at. @throws AppError `session.too-many-attempts` */
export async function reserveAttempt(
  attempts: SignInAttempts,
  attempt: { email: string; address: string },
): Promise<void> {
  const wait = await attempts.reserve(attempt);
  if (wait === null) return;
  throw new AppError('session.too-many-attempts', undefined, {
    extras: { retryAfterSeconds: wait },
  });
}

/** Guesses at a person's codes are counted apart from those at their password. */
export function codeAttempt(personId: string, exchange: Exchange) {
  return { email: `code:${personId}`, address: exchange.ip };
}

/** The library's refusal of a code in our words; what is no refusal is thrown on as it is. */
export function codeRefusal(error: unknown): unknown {
  const code = refusalOf(error);
  if (code === null) return error;
  const isWrong = code === 'INVALID_CODE' || code === 'INVALID_BACKUP_CODE';
  return new AppError(isWrong ? 'sign-in.code-wrong' : 'sign-in.step-ended');
}

/** Who is between password and code; the library itself checks the cookie's signature. */
export async function whoseStep(
  library: SignInLibrary,
  cookieValue: string | undefined,
): Promise<string | null> {
  const identifier = cookieValue?.split('.')[0];
  if (!identifier?.startsWith('2fa-') || identifier.startsWith('2fa-attempts-')) return null;
  const { internalAdapter } = await library.$context;
  return (await internalAdapter.findVerificationValue(identifier))?.value ?? null;
}

async function signInWith(
  library: SignInLibrary,
  body: { email: string; password: string },
  exchange: Exchange,
): Promise<Headers> {
  try {
    const { headers } = await library.api.signInEmail({
      body,
      headers: new Headers({ 'user-agent': exchange.origin.agent }),
      returnHeaders: true,
    });
    return headers;
  } catch (error) {
    if (refusalOf(error) !== null) throw new AppError('session.bad-credentials');
    throw error;
  }
}
