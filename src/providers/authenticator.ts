import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { AppError } from '#platform/app-error';
import { cookieIn, headersOf, keepCookies, refusalOf, tokenOf } from './library-call.ts';
import {
  endOthers,
  freshOwnerOf,
  hasPassword,
  hasSecondFactor,
  note,
  type OwnAccountDeps,
  type OwnCall,
  type Owner,
  ownerOf,
  strongOwnerOf,
  who,
} from './own-account.ts';
import { asAppCode, asRecoveryCode, makeRecoveryCodes } from './recovery-codes.ts';
import { codeAttempt, codeRefusal, reserveAttempt } from './session.ts';
import type { SignInLibrary } from './sign-in-library.ts';

interface AppRow {
  verified: boolean;
  backupCodes: string;
}

/** Whether someone's authenticator app is on, and how many recovery codes are unused. */
export async function readAuthenticator(
  library: SignInLibrary,
  personId: string,
): Promise<{ isOn: boolean; recoveryCodesLeft: number }> {
  const row = await rowOf(library, personId);
  if (row?.verified !== true) return { isOn: false, recoveryCodesLeft: 0 };
  return { isOn: true, recoveryCodesLeft: (await codesOf(library, row)).length };
}

/**
 * Makes a secret for an authenticator app; nothing changes until a code of it is brought back.
 * Repeating it makes another secret. Who has no password needs a sign-in of today instead.
 * @throws AppError `sign-in.password-wrong`, `sign-in.too-old`, `sign-in.second-factor-state`
 */
export async function beginAuthenticator(
  deps: OwnAccountDeps,
  call: OwnCall,
  password: string | undefined,
): Promise<{ uri: string; secret: string }> {
  const owner = await strongOwnerOf(deps, call);
  if (!(await hasPassword(deps, owner.personId))) await freshOwnerOf(deps, call);
  await reserveAttempt(deps.attempts, codeAttempt(owner.personId, call.exchange));
  const body = { method: 'totp' as const, ...(password === undefined ? {} : { password }) };
  try {
    const made = await deps.library.api.enableTwoFactor({ body, headers: owner.headers });
    if (made.method !== 'totp') throw new Error('The sign-in library made no secret');
    await deps.attempts.forgive(codeAttempt(owner.personId, call.exchange));
    const secret = new URL(made.totpURI).searchParams.get('secret') ?? '';
    return { uri: made.totpURI, secret };
  } catch (error) {
    const code = refusalOf(error);
    if (code === 'INVALID_PASSWORD') throw new AppError('sign-in.password-wrong');
    if (code !== null) throw new AppError('sign-in.second-factor-state');
    throw error;
  }
}

/**
 * Turns the app on with its first code. This session counts as proved from now on; every other one
 * of the person ends.
 * @throws AppError `sign-in.code-wrong`, `sign-in.second-factor-state`
 */
export async function confirmAuthenticator(
  deps: OwnAccountDeps,
  call: OwnCall,
  typed: string,
): Promise<{ recoveryCodes: string[] }> {
  const owner = await strongOwnerOf(deps, call);
  const row = await rowOf(deps.library, owner.personId);
  if (!row || row.verified) throw new AppError('sign-in.second-factor-state');
  const headers = await checkCode(deps, call, owner, typed);
  const cookie = headers && cookieIn(headers, deps.sessions.cookies.session);
  if (!cookie) throw new AppError('sign-in.code-wrong');
  keepCookies(deps.sessions.cookies, call.exchange, headers);
  await endOthers(deps.library, owner.personId, tokenOf(cookie.value));
  await note(deps, call.scope, { kind: 'second-factor.on', ...who(owner) });
  return { recoveryCodes: await codesOf(deps.library, row) };
}

/** Replaces the recovery codes. @throws AppError `sign-in.code-wrong` */
export async function renewRecoveryCodes(
  deps: OwnAccountDeps,
  call: OwnCall,
  typed: string,
): Promise<{ recoveryCodes: string[] }> {
  const owner = await ownerOf(deps, call);
  await checkIsOn(deps, owner);
  await checkCode(deps, call, owner, typed);
  const { adapter, secretConfig } = await deps.library.$context;
  const recoveryCodes = makeRecoveryCodes();
  const data = JSON.stringify(recoveryCodes);
  await adapter.update({
    model: 'twoFactor',
    where: [{ field: 'userId', value: owner.personId }],
    update: { backupCodes: await symmetricEncrypt({ key: secretConfig, data }) },
  });
  await note(deps, call.scope, { kind: 'second-factor.codes-renewed', ...who(owner) });
  return { recoveryCodes };
}

/** Turns the app off. @throws AppError `sign-in.code-wrong`, `sign-in.second-factor-state` */
export async function turnOffAuthenticator(
  deps: OwnAccountDeps,
  call: OwnCall,
  typed: string,
): Promise<void> {
  const owner = await ownerOf(deps, call);
  await checkIsOn(deps, owner);
  await checkCode(deps, call, owner, typed);
  await removeAuthenticator(deps.library, owner.personId);
  await note(deps, call.scope, { kind: 'second-factor.off', ...who(owner) });
}

/** Takes an app and its recovery codes away, whatever its person can show. */
export async function removeAuthenticator(library: SignInLibrary, personId: string): Promise<void> {
  const { adapter, internalAdapter } = await library.$context;
  await adapter.delete({ model: 'twoFactor', where: [{ field: 'userId', value: personId }] });
  await internalAdapter.updateUser(personId, { twoFactorEnabled: false });
  await forgetStrength(library, personId);
}

/** Once the last factor is gone, no session counts as proved by one. */
export async function forgetStrength(library: SignInLibrary, personId: string): Promise<void> {
  if (await hasSecondFactor(library, personId)) return;
  const { internalAdapter } = await library.$context;
  for (const { token } of await internalAdapter.listSessions(personId)) {
    await internalAdapter.updateSession(token, { secondFactor: null });
  }
}

async function checkIsOn(deps: OwnAccountDeps, owner: Owner): Promise<void> {
  const { isOn } = await readAuthenticator(deps.library, owner.personId);
  if (!isOn) throw new AppError('sign-in.second-factor-state');
}

/** Checks a code of the app, or a recovery code, which is used up; counts as a guess at both. */
async function checkCode(
  deps: OwnAccountDeps,
  { exchange }: OwnCall,
  owner: Owner,
  typed: string,
): Promise<Headers> {
  const attempt = codeAttempt(owner.personId, exchange);
  await reserveAttempt(deps.attempts, attempt);
  const code = asAppCode(typed);
  if (code && !(await deps.spendCode(owner.personId, code))) {
    throw new AppError('sign-in.code-wrong', 'This code has been used already.');
  }
  const asked = {
    headers: headersOf(deps.sessions.cookies, exchange),
    returnHeaders: true,
  } as const;
  try {
    const { headers } = code
      ? await deps.library.api.verifyTOTP({ ...asked, body: { code } })
      : await deps.library.api.verifyBackupCode({
          ...asked,
          body: { code: asRecoveryCode(typed), disableSession: true },
        });
    await deps.attempts.forgive(attempt);
    return headers;
  } catch (error) {
    throw codeRefusal(error);
  }
}

async function rowOf(library: SignInLibrary, personId: string): Promise<AppRow | null> {
  const { adapter } = await library.$context;
  const where = [{ field: 'userId', value: personId }];
  return adapter.findOne<AppRow>({ model: 'twoFactor', where });
}

async function codesOf(library: SignInLibrary, row: AppRow): Promise<string[]> {
  const { secretConfig } = await library.$context;
  return JSON.parse(await symmetricDecrypt({ key: secretConfig, data: row.backupCodes }));
}
