import { hkdfSync } from 'node:crypto';
import { betterAuth } from 'better-auth';
import type { AuthDatabase } from '#platform/auth-database';
import { DAY_MS, SECOND_MS } from '#platform/clock';
import type { Logger } from '#platform/logger';
import type { EncryptionKey } from '#platform/secrets';

/** A session ends when it was not used for this long. */
export const SESSION_SECONDS = (7 * DAY_MS) / SECOND_MS;
const SESSION_RENEWED_AFTER_SECONDS = DAY_MS / SECOND_MS;
export const PASSWORD_LENGTH_MIN = 10;
const PASSWORD_LENGTH_MAX = 200;

interface SignInLibraryDeps {
  authDatabase: AuthDatabase;
  keys: readonly EncryptionKey[];
  publicUrl: string;
  logger: Logger;
}

export type SignInLibrary = ReturnType<typeof createSignInLibrary>;

/**
 * The library that hashes passwords and keeps sessions. It serves no address of its own: our
 * routes call it. Its limits on guessing count by address and by its own clock, so ours
 * (`sign-in-attempts`) stand before it. Sign-up is closed: people are added by those who may.
 */
export function createSignInLibrary(deps: SignInLibraryDeps) {
  return betterAuth({
    appName: 'Bursar',
    baseURL: deps.publicUrl,
    secret: cookieSecret(deps.keys),
    database: { dialect: deps.authDatabase.dialect, type: 'postgres' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH_MIN,
      maxPasswordLength: PASSWORD_LENGTH_MAX,
    },
    session: { expiresIn: SESSION_SECONDS, updateAge: SESSION_RENEWED_AFTER_SECONDS },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    advanced: {
      cookiePrefix: 'bursar',
      useSecureCookies: deps.publicUrl.startsWith('https:'),
      ipAddress: { disableIpTracking: true },
    },
    logger: {
      disableColors: true,
      log: (level, message) => deps.logger[level === 'error' ? 'error' : 'debug'](message),
    },
  });
}

/** Signs session cookies; made from the newest encryption key, so that it is no setting of its own. */
function cookieSecret(keys: readonly EncryptionKey[]): string {
  const [current] = keys;
  if (!current) throw new Error('Session cookies need an encryption key');
  const bytes = hkdfSync('sha256', current.key, '', 'bursar session cookies v1', 32);
  return Buffer.from(bytes).toString('base64url');
}
