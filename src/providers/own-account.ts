import type { PersonId } from '#contract/ids';
import type { BursarEvent, EventLog } from '#events/index';
import { AppError } from '#platform/app-error';
import { SECOND_MS, systemClock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Exchange } from '#platform/http';
import { ownScope, type Scope } from '#platform/scope';
import { headersOf, tokenOf } from './library-call.ts';
import { type MembershipRow, membershipsOf } from './member-store.ts';
import type { Sessions } from './session.ts';
import type { SignInAttempts } from './sign-in-attempts.ts';
import type { SignInLibrary } from './sign-in-library.ts';
import type { SpendCode } from './spent-codes.ts';

/** What the use cases of a person's own account need. */
export interface OwnAccountDeps {
  database: Database;
  events: EventLog;
  library: SignInLibrary;
  sessions: Sessions;
  attempts: SignInAttempts;
  spendCode: SpendCode;
}

/** A person looking after their own account, with the browser they do it in. */
export interface OwnCall {
  scope: Scope;
  exchange: Exchange;
}

export interface Owner {
  personId: PersonId;
  name: string;
  email: string;
  /** The present session's token. */
  token: string;
  isStrong: boolean;
  headers: Headers;
}

/**
 * Whose account it is that is looked after, by the session of the browser at hand: neither an API
 * key nor a session of somebody else that lies beside it may touch it.
 * @throws AppError `sign-in.person-only` for a key; `session.missing`
 */
export async function ownerOf(deps: OwnAccountDeps, call: OwnCall): Promise<Owner> {
  const { actor } = call.scope;
  if (actor.kind !== 'person') throw new AppError('sign-in.person-only');
  const value = call.exchange.cookie(deps.sessions.cookies.session);
  const person = value ? await deps.sessions.personOf(value) : null;
  if (!value || person?.id !== actor.personId) throw new AppError('session.missing');
  return {
    personId: person.id,
    name: person.name,
    email: person.email,
    token: tokenOf(value),
    isStrong: person.isStrong,
    headers: headersOf(deps.sessions.cookies, call.exchange),
  };
}

/**
 * As `ownerOf`, and whoever has a second factor must have used it: else a stolen password would do
 * to add another one beside it.
 * @throws AppError `sign-in.second-factor-required` besides
 */
export async function strongOwnerOf(deps: OwnAccountDeps, call: OwnCall): Promise<Owner> {
  const owner = await ownerOf(deps, call);
  if (owner.isStrong || !(await hasSecondFactor(deps.library, owner.personId))) return owner;
  const detail = 'You have a second factor, and this sign-in was made without it.';
  throw new AppError('sign-in.second-factor-required', detail);
}

/**
 * As `strongOwnerOf`, and the sign-in is not a day old: a browser that was left open, or whose
 * cookie was copied, must not become another way in.
 * @throws AppError `sign-in.too-old` besides
 */
export async function freshOwnerOf(deps: OwnAccountDeps, call: OwnCall): Promise<Owner> {
  const owner = await strongOwnerOf(deps, call);
  const { internalAdapter, sessionConfig } = await deps.library.$context;
  const found = await internalAdapter.findSession(owner.token);
  if (!found) throw new AppError('session.missing');
  // By the machine's clock, by which the library dates sessions.
  const ageMs = systemClock.now().getTime() - found.session.createdAt.getTime();
  if (ageMs >= sessionConfig.freshAge * SECOND_MS) throw new AppError('sign-in.too-old');
  return owner;
}

/** Whether a person has an authenticator app that is on, or a passkey. */
export async function hasSecondFactor(library: SignInLibrary, personId: string): Promise<boolean> {
  const { adapter } = await library.$context;
  const where = [{ field: 'userId', value: personId }];
  const app = await adapter.findOne<{ verified: boolean }>({ model: 'twoFactor', where });
  return app?.verified === true || (await adapter.count({ model: 'passkey', where })) > 0;
}

/** Whether someone has a password; who came by Xero may have none. */
export async function hasPassword(
  { library }: Pick<OwnAccountDeps, 'library'>,
  personId: string,
): Promise<boolean> {
  const { internalAdapter } = await library.$context;
  const accounts = await internalAdapter.findAccounts(personId);
  return accounts.some((account) => account.providerId === 'credential');
}

/** Ends every session of a person but the one with the token given. */
export async function endOthers(
  library: SignInLibrary,
  personId: string,
  keptToken: string | null,
): Promise<number> {
  const { internalAdapter } = await library.$context;
  const all = await internalAdapter.listSessions(personId);
  const others = all.filter(({ token }) => token !== keptToken);
  for (const { token } of others) await internalAdapter.deleteSession(token);
  return others.length;
}

/** Every provider that a person belongs to, the longest membership first. */
export function allMemberships(
  { database }: Pick<OwnAccountDeps, 'database'>,
  personId: PersonId,
): Promise<MembershipRow[]> {
  return database.asSystem((tx) => membershipsOf(tx, personId));
}

/** Whom an event is about. */
export function who(owner: Owner): { personId: PersonId; name: string } {
  return { personId: owner.personId, name: owner.name };
}

/** Writes what a person did with their own account into the log of the provider at work. */
export async function note(deps: OwnAccountDeps, scope: Scope, event: BursarEvent): Promise<void> {
  await deps.database.asProvider(scope.providerId, (tx) => deps.events.append(tx, scope, event));
}

/**
 * As `note`, in the log of every provider its person belongs to, where none is at work. Without an
 * actor it was done by those who run Bursar.
 */
export async function noteEverywhere(
  deps: Pick<OwnAccountDeps, 'database' | 'events'>,
  actor: { personId: PersonId; name: string } | null,
  event: BursarEvent & { personId: PersonId },
): Promise<void> {
  const { database, events } = deps;
  const all = await allMemberships(deps, event.personId);
  for (const { providerId, role } of all) {
    const scope = actor
      ? { providerId, actor: { kind: 'person' as const, ...actor, role } }
      : ownScope(providerId);
    await database.asProvider(providerId, (tx) => events.append(tx, scope, event));
  }
}
