import { createHash, hkdfSync } from 'node:crypto';
import { passkey } from '@better-auth/passkey';
import { betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import { twoFactor } from 'better-auth/plugins';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '#contract/sign-in';
import type { AuthDatabase } from '#platform/auth-database';
import { DAY_MS, SECOND_MS } from '#platform/clock';
import type { Logger } from '#platform/logger';
import type { EncryptionKey } from '#platform/secrets';
import { openSessionPlugin } from './open-session.ts';
import { makeRecoveryCodes } from './recovery-codes.ts';

/** A session ends when it was not used for this long. */
export const SESSION_SECONDS = (7 * DAY_MS) / SECOND_MS;
const SESSION_RENEWED_AFTER_SECONDS = DAY_MS / SECOND_MS;
const RESET_LINK_SECONDS = 3_600;
export const PASSKEY_COOKIE = 'passkey';

interface SignInLibraryDeps {
  authDatabase: AuthDatabase;
  keys: readonly EncryptionKey[];
  publicUrl: string;
  logger: Logger;
  /** Mails the link for a new password to a person who asked for one. */
  sendReset(
    person: { id: string; email: string; name: string; emailVerified: boolean },
    token: string,
  ): Promise<void>;
}

export type SignInLibrary = ReturnType<typeof createSignInLibrary>;

/**
 * The library that hashes passwords and keeps sessions, second factors and passkeys. It serves no
 * address of its own: our routes call it. Its limits on guessing count by its own clock and per
 * challenge, so ours (`sign-in-attempts`) stand before it. Sign-up is closed: people are added by
 * those who may, or come by Xero.
 */
export function createSignInLibrary(deps: SignInLibraryDeps) {
  return betterAuth({
    appName: 'Bursar',
    baseURL: deps.publicUrl,
    secrets: deps.keys.map(({ id, key }) => ({ version: versionOf(id), value: secretOf(key) })),
    database: { dialect: deps.authDatabase.dialect, type: 'postgres' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH_MIN,
      maxPasswordLength: PASSWORD_LENGTH_MAX,
      resetPasswordTokenExpiresIn: RESET_LINK_SECONDS,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token }) => deps.sendReset(user, token),
    },
    session: {
      expiresIn: SESSION_SECONDS,
      updateAge: SESSION_RENEWED_AFTER_SECONDS,
      additionalFields: { secondFactor: { type: 'string', required: false, input: false } },
    },
    plugins: [
      twoFactor({
        allowPasswordless: true,
        accountLockout: { enabled: false },
        backupCodeOptions: { customBackupCodesGenerate: makeRecoveryCodes },
      }),
      passkey({
        rpName: 'Bursar',
        rpID: new URL(deps.publicUrl).hostname,
        origin: new URL(deps.publicUrl).origin,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        registration: {
          afterVerification: ({ verification }) =>
            refuseUnverified(verification.registrationInfo?.userVerified),
        },
        authentication: {
          afterVerification: ({ verification }) =>
            refuseUnverified(verification.authenticationInfo.userVerified),
        },
        advanced: { webAuthnChallengeCookie: PASSKEY_COOKIE },
      }),
      openSessionPlugin,
    ],
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => {
            const present = context?.context.session?.session.secondFactor;
            const secondFactor = factorOf(context?.path, present);
            return { data: { ...session, secondFactor } };
          },
        },
      },
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    advanced: {
      cookiePrefix: 'bursar',
      // Names and flags of cookies are given where they are sent.
      useSecureCookies: false,
      ipAddress: { disableIpTracking: true },
    },
    logger: {
      disableColors: true,
      log: (level, message) => deps.logger[level === 'error' ? 'error' : 'debug'](message),
    },
  });
}

/** What proved a new session besides the password: known by the way that made it. */
function factorOf(path: string | undefined, present: unknown): string | null {
  if (path === '/two-factor/verify-totp') return 'totp';
  if (path === '/two-factor/verify-backup-code') return 'recovery';
  if (path === '/passkey/verify-authentication') return 'passkey';
  return path === '/change-password' && typeof present === 'string' ? present : null;
}

/** A passkey counts as a second factor only when the device checked who holds it. */
async function refuseUnverified(isVerified: boolean | undefined): Promise<undefined> {
  if (isVerified !== true) throw new APIError('UNAUTHORIZED', { code: 'NOT_VERIFIED' });
}

/**
 * Signs cookies (the first key's) and seals authenticator secrets (any key's); made from the
 * encryption keys, so that it is no setting of its own.
 */
function secretOf(key: Buffer): string {
  const bytes = hkdfSync('sha256', key, '', 'bursar session cookies v1', 32);
  return Buffer.from(bytes).toString('base64url');
}

/** The library names keys by whole numbers; ours have texts. */
function versionOf(keyId: string): number {
  return createHash('sha256').update(keyId).digest().readUInt32BE() >>> 1;
}
