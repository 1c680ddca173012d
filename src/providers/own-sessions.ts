import type { SessionRow } from '#contract/sign-in';
import { AppError } from '#platform/app-error';
import { endResetLinks } from './forgotten-password.ts';
import { cookieIn, keepCookies, refusalOf, tokenOf } from './library-call.ts';
import {
  endOthers,
  freshOwnerOf,
  hasPassword,
  note,
  type OwnAccountDeps,
  type OwnCall,
  type Owner,
  ownerOf,
  who,
} from './own-account.ts';
import { codeAttempt, reserveAttempt } from './session.ts';

const SESSIONS_SHOWN = 50;

interface StoredSession {
  id: string;
  token: string;
  userAgent?: string | null | undefined;
  secondFactor?: string | null | undefined;
  createdAt: Date;
  updatedAt: Date;
}

/** A person's sessions that have not ended, the one that asks first, then the latest used. */
export async function listOwnSessions(deps: OwnAccountDeps, owner: Owner): Promise<SessionRow[]> {
  const { internalAdapter } = await deps.library.$context;
  const all: StoredSession[] = await internalAdapter.listSessions(owner.personId, {
    onlyActiveSessions: true,
  });
  return all
    .map((session) => ({
      id: session.id,
      isThis: session.token === owner.token,
      agent: session.userAgent || 'Unknown program',
      secondFactor: (session.secondFactor ?? null) as SessionRow['secondFactor'],
      createdAt: session.createdAt.toISOString(),
      usedAt: session.updatedAt.toISOString(),
    }))
    .sort((a, b) => Number(b.isThis) - Number(a.isThis) || b.usedAt.localeCompare(a.usedAt))
    .slice(0, SESSIONS_SHOWN);
}

/** Ends one other session. @throws AppError `request.not-found` */
export async function endSession(deps: OwnAccountDeps, call: OwnCall, id: string): Promise<void> {
  const owner = await ownerOf(deps, call);
  const { internalAdapter } = await deps.library.$context;
  const all = await internalAdapter.listSessions(owner.personId);
  const chosen = all.find((session) => session.id === id && session.token !== owner.token);
  if (!chosen) throw new AppError('request.not-found');
  await internalAdapter.deleteSession(chosen.token);
  await note(deps, call.scope, { kind: 'sessions.ended', sessions: 1, ...who(owner) });
}

/**
 * Signs a person out everywhere but here, and tells the log how many sessions that ended.
 * @throws AppError `sign-in.person-only`, `session.missing`
 */
export async function endOtherSessions(deps: OwnAccountDeps, call: OwnCall): Promise<void> {
  const owner = await ownerOf(deps, call);
  const sessions = await endOthers(deps.library, owner.personId, owner.token);
  await note(deps, call.scope, { kind: 'sessions.ended', sessions, ...who(owner) });
}

/**
 * Checks the present password of somebody who has one; who has none shows nothing.
 * @throws AppError `sign-in.password-wrong`, `session.too-many-attempts`
 */
export async function provePassword(
  deps: OwnAccountDeps,
  call: OwnCall,
  owner: Owner,
  password: string | undefined,
): Promise<void> {
  if (!(await hasPassword(deps, owner.personId))) return;
  const attempt = codeAttempt(owner.personId, call.exchange);
  await reserveAttempt(deps.attempts, attempt);
  const body = { password: password ?? '' };
  await deps.library.api.verifyPassword({ body, headers: owner.headers }).catch(passwordRefusal);
  await deps.attempts.forgive(attempt);
}

/**
 * Sets a new password, or the first one, which asks for a sign-in of today. Every other session
 * ends, and every link for a new password.
 * @throws AppError `sign-in.password-wrong`, `sign-in.too-old`, `session.too-many-attempts`
 */
export async function changePassword(
  deps: OwnAccountDeps,
  call: OwnCall,
  wish: { current?: string | undefined; password: string },
): Promise<void> {
  const owner = await ownerOf(deps, call);
  const { headers } = owner;
  let kept = owner.token;
  if (await hasPassword(deps, owner.personId)) {
    const attempt = codeAttempt(owner.personId, call.exchange);
    await reserveAttempt(deps.attempts, attempt);
    const body = {
      currentPassword: wish.current ?? '',
      newPassword: wish.password,
      revokeOtherSessions: true,
    };
    const changed = await deps.library.api
      .changePassword({ body, headers, returnHeaders: true })
      .catch(passwordRefusal);
    await deps.attempts.forgive(attempt);
    keepCookies(deps.sessions.cookies, call.exchange, changed.headers);
    const cookie = cookieIn(changed.headers, deps.sessions.cookies.session);
    if (cookie) kept = tokenOf(cookie.value);
  } else {
    await freshOwnerOf(deps, call);
    await deps.library.api.setPassword({ body: { newPassword: wish.password }, headers });
  }
  await endResetLinks(deps.library, owner.personId);
  await endOthers(deps.library, owner.personId, kept);
  await note(deps, call.scope, { kind: 'password.changed', ...who(owner) });
}

function passwordRefusal(error: unknown): never {
  throw refusalOf(error) === null ? error : new AppError('sign-in.password-wrong');
}
