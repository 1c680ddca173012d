import { z } from 'zod';
import type { Permission } from './permissions.ts';
import { NoContent, route } from './route.ts';
import { line, opaque } from './text.ts';

/** What hands out access or closes the door for others: an Owner or Admin proves twice who they are. */
export const SECOND_FACTOR_FOR: readonly Permission[] = [
  'connections.manage',
  'people.manage',
  'api-keys.manage',
  // A mail that could not be sent may hold a link that lets its reader act.
  'mails.view',
  'provider.close',
];

/** Whether this provider's Owners and Admins must have a second factor. */
export const SecondFactorPolicy = z.enum(['required', 'optional']);
export type SecondFactorPolicy = z.infer<typeof SecondFactorPolicy>;

export const PASSWORD_LENGTH_MIN = 10;
export const PASSWORD_LENGTH_MAX = 200;
export const NewPassword = z
  .string()
  .min(PASSWORD_LENGTH_MIN, `needs at least ${PASSWORD_LENGTH_MIN} characters`)
  .max(PASSWORD_LENGTH_MAX, `takes at most ${PASSWORD_LENGTH_MAX} characters`);

/** Whether a text has the length of a password. */
export function isNewPassword(text: string): boolean {
  return text.length >= PASSWORD_LENGTH_MIN && text.length <= PASSWORD_LENGTH_MAX;
}

/** How a sign-in went: done, or it waits for the second factor. */
export const SignInStep = z.object({ step: z.enum(['signed-in', 'second-factor']) });

/** Six figures of an authenticator app, or a recovery code such as `aB3dE-9fGh1`. */
export const SecondFactorCode = line(20).min(6);

/** What a browser's own passkey functions take and give; only they look inside. */
const PasskeyOptions = z.record(z.string(), z.unknown());
const PasskeyAnswer = z
  .record(z.string(), z.unknown())
  .refine((answer) => !JSON.stringify(answer).includes('\\u0000'), 'is no answer of a passkey');
const PasskeyName = line(60).min(1);

export const PasskeyRow = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime().nullable(),
});
export type PasskeyRow = z.infer<typeof PasskeyRow>;

export const SessionRow = z.object({
  id: z.string(),
  /** The one that asks. */
  isThis: z.boolean(),
  /** What kind of program: "Chrome on Windows". */
  agent: z.string(),
  secondFactor: z.enum(['totp', 'recovery', 'passkey']).nullable(),
  createdAt: z.iso.datetime(),
  usedAt: z.iso.datetime(),
});
export type SessionRow = z.infer<typeof SessionRow>;

/** Everything that a person may look after on the Security page. */
export const Security = z.object({
  policy: SecondFactorPolicy,
  /** Whether this very sign-in was proved by a second factor. */
  isStrong: z.boolean(),
  authenticator: z.object({ isOn: z.boolean(), recoveryCodesLeft: z.int() }),
  passkeys: z.array(PasskeyRow),
  hasPassword: z.boolean(),
  /** `isOffered` is false where this Bursar has no Xero app. */
  xero: z.object({ isOffered: z.boolean(), isTied: z.boolean() }),
  sessions: z.array(SessionRow),
});
export type Security = z.infer<typeof Security>;

const tag = 'Signing in';
const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });

/** Web only: all of these work with cookies. */
export const signInRoutes = {
  signInOptions: route({
    method: 'GET',
    path: '/api/v1/session/options',
    permission: 'public',
    tag,
    summary: 'The ways to sign in that this Bursar offers',
    answer: z.object({ xero: z.boolean(), signUp: z.boolean(), mail: z.boolean() }),
  }),
  proveSecondFactor: route({
    method: 'POST',
    path: '/api/v1/session/second-factor',
    permission: 'public',
    tag,
    summary: 'Finish a sign-in with a code of the app or a recovery code',
    body: z.object({ code: SecondFactorCode }),
    answer: NoContent,
  }),
  beginPasskeySignIn: route({
    method: 'POST',
    path: '/api/v1/session/passkey/options',
    permission: 'public',
    tag,
    summary: 'Begin to sign in with a passkey',
    answer: PasskeyOptions,
  }),
  signInWithPasskey: route({
    method: 'POST',
    path: '/api/v1/session/passkey',
    permission: 'public',
    tag,
    summary: 'Sign in with a passkey',
    body: z.object({ response: PasskeyAnswer }),
    answer: NoContent,
  }),
  forgotPassword: route({
    method: 'POST',
    path: '/api/v1/password/forgotten',
    permission: 'public',
    tag,
    summary: 'Send a link for a new password; answers the same whether the e-mail is known or not',
    body: z.object({ email: z.email().max(255) }),
    answer: NoContent,
  }),
  resetPassword: route({
    method: 'POST',
    path: '/api/v1/password/reset',
    permission: 'public',
    tag,
    summary: 'Set a new password with the link that was sent; ends every session',
    body: z.object({ token: opaque(100), password: NewPassword }),
    answer: NoContent,
  }),
  security: route({
    method: 'GET',
    path: '/api/v1/security',
    permission: 'signed-in',
    tag,
    summary: 'Second factor, passkeys, password and sessions of whoever asks',
    answer: Security,
  }),
  beginAuthenticator: route({
    method: 'POST',
    path: '/api/v1/security/authenticator',
    permission: 'signed-in',
    tag,
    summary: 'Begin to set up an authenticator app; it counts once confirmed by a code',
    body: z.object({ password: z.string().max(PASSWORD_LENGTH_MAX).optional() }),
    answer: z.object({ uri: z.string(), secret: z.string() }),
  }),
  confirmAuthenticator: route({
    method: 'POST',
    path: '/api/v1/security/authenticator/confirm',
    permission: 'signed-in',
    tag,
    summary: 'Turn the authenticator app on; recovery codes are shown only in this answer',
    body: z.object({ code: SecondFactorCode }),
    answer: RecoveryCodes,
  }),
  renewRecoveryCodes: route({
    method: 'POST',
    path: '/api/v1/security/recovery-codes',
    permission: 'signed-in',
    tag,
    summary: 'Make new recovery codes; the old ones end',
    body: z.object({ code: SecondFactorCode }),
    answer: RecoveryCodes,
  }),
  turnOffAuthenticator: route({
    method: 'POST',
    path: '/api/v1/security/authenticator/off',
    permission: 'signed-in',
    tag,
    summary: 'Turn the authenticator app off',
    body: z.object({ code: SecondFactorCode }),
    answer: NoContent,
  }),
  beginPasskey: route({
    method: 'POST',
    path: '/api/v1/security/passkeys/options',
    permission: 'signed-in',
    tag,
    summary: 'Begin to add a passkey',
    answer: PasskeyOptions,
  }),
  addPasskey: route({
    method: 'POST',
    path: '/api/v1/security/passkeys',
    permission: 'signed-in',
    tag,
    summary: 'Add a passkey',
    body: z.object({ name: PasskeyName, response: PasskeyAnswer }),
    answer: NoContent,
  }),
  renamePasskey: route({
    method: 'PATCH',
    path: '/api/v1/security/passkeys/:passkeyId',
    permission: 'signed-in',
    tag,
    summary: 'Rename a passkey',
    params: z.object({ passkeyId: opaque(100) }),
    body: z.object({ name: PasskeyName }),
    answer: NoContent,
  }),
  removePasskey: route({
    method: 'DELETE',
    path: '/api/v1/security/passkeys/:passkeyId',
    permission: 'signed-in',
    tag,
    summary: 'Remove a passkey',
    params: z.object({ passkeyId: opaque(100) }),
    answer: NoContent,
  }),
  changePassword: route({
    method: 'POST',
    path: '/api/v1/security/password',
    permission: 'signed-in',
    tag,
    summary: 'Change the password, or set the first one; ends every other session',
    body: z.object({
      current: z.string().max(PASSWORD_LENGTH_MAX).optional(),
      password: NewPassword,
    }),
    answer: NoContent,
  }),
  endSession: route({
    method: 'DELETE',
    path: '/api/v1/security/sessions/:sessionId',
    permission: 'signed-in',
    tag,
    summary: 'End one other session of one’s own',
    params: z.object({ sessionId: opaque(100) }),
    answer: NoContent,
  }),
  endOtherSessions: route({
    method: 'DELETE',
    path: '/api/v1/security/sessions',
    permission: 'signed-in',
    tag,
    summary: 'End every other session of one’s own',
    answer: NoContent,
  }),
};
