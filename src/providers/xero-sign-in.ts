import { timingSafeEqual } from 'node:crypto';
import type { XeroSignInOutcome } from '#contract/xero-sign-in';
import { AppError } from '#platform/app-error';
import type { Exchange } from '#platform/http';
import type { Logger } from '#platform/logger';
import {
  freshOwnerOf,
  hasPassword,
  note,
  noteEverywhere,
  type OwnAccountDeps,
  type OwnCall,
  strongOwnerOf,
  who,
} from './own-account.ts';
import { provePassword } from './own-sessions.ts';
import { type MailDeps, mailXeroTied } from './tell-person.ts';
import { deleteXeroAccount, personOfXero, tieXero, xeroAccountOf } from './xero-accounts.ts';
import type { Journey, Journeys } from './xero-journey.ts';

/** What Xero is asked when somebody signs in by it; the room that talks to Xero provides it. */
export interface XeroIdentifier {
  readonly isConfigured: boolean;
  newSecrets(): Journey['secrets'];
  authorizeUrl(secrets: Journey['secrets']): string;
  /** @throws whatever went wrong; nobody is let in then */
  identify(
    code: string,
    secrets: Journey['secrets'],
  ): Promise<{ xeroUserId: string; email: string | null; name: string }>;
}

export interface XeroSignInDeps extends OwnAccountDeps, MailDeps {
  xero: XeroIdentifier;
  journeys: Journeys;
  isSignUpOpen: boolean;
  logger: Logger;
}

/** Sends a browser to Xero and gives it what it must bring back; answers Xero's address. */
export function departForXero(
  deps: XeroSignInDeps,
  exchange: Exchange,
  wish: Pick<Journey, 'purpose' | 'next' | 'personId'>,
): string {
  const secrets = deps.xero.newSecrets();
  deps.journeys.journey.put(exchange, { ...wish, secrets });
  return deps.xero.authorizeUrl(secrets);
}

/**
 * Begins to tie a sign-in at Xero, which opens the account from then on and outlives a new password:
 * it asks for a sign-in of today, and for the password of whoever has one.
 * @throws AppError `sign-in.too-old`, `sign-in.password-wrong`, `sign-in.second-factor-required`,
 *   `session.too-many-attempts`, `connection.not-configured`
 */
export async function beginXeroTie(
  deps: XeroSignInDeps,
  call: OwnCall,
  password: string | undefined,
): Promise<string> {
  const owner = await freshOwnerOf(deps, call);
  await provePassword(deps, call, owner, password);
  const { personId } = owner;
  return departForXero(deps, call.exchange, {
    purpose: 'tie',
    next: '/settings/security',
    personId,
  });
}

/**
 * Ends signing in with Xero for whoever is at hand, who needs a password to come in after that. What
 * their provider has connected stays.
 * @throws AppError `request.not-found` where nothing is tied; `sign-in.last-way` without a password;
 *   and as `strongOwnerOf`
 */
export async function untieXero(deps: XeroSignInDeps, call: OwnCall): Promise<void> {
  const owner = await strongOwnerOf(deps, call);
  const account = await xeroAccountOf(deps.library, owner.personId);
  if (!account) throw new AppError('request.not-found');
  if (!(await hasPassword(deps, owner.personId))) throw new AppError('sign-in.last-way');
  await deleteXeroAccount(deps.library, account.id);
  await note(deps, call.scope, { kind: 'xero-sign-in.untied', ...who(owner) });
}

/** What Xero sent along when the browser came back. */
export interface Return {
  state?: string | undefined;
  code?: string | undefined;
  error?: string | undefined;
}

/** Ends the way through Xero; answers the path of ours to stand at. Never throws. */
export async function returnFromXero(
  deps: XeroSignInDeps,
  exchange: Exchange,
  given: Return,
): Promise<string> {
  const journey = deps.journeys.journey.look(exchange);
  deps.journeys.journey.drop(exchange);
  const back = journey?.purpose === 'tie' ? '/settings/security' : '/sign-in';
  if (!journey) return pathWith(back, 'expired');
  if (!isSame(given.state, journey.secrets.state)) return pathWith(back, 'failed');
  if (given.error === 'access_denied') return pathWith(back, 'cancelled');
  if (!given.code) return pathWith(back, 'failed');
  try {
    const person = await deps.xero.identify(given.code, journey.secrets);
    return await (journey.purpose === 'tie'
      ? finishTie(deps, exchange, journey, person.xeroUserId)
      : finishSignIn(deps, exchange, journey, person));
  } catch (error) {
    // The browser stands at an address with a code in it and must leave it whatever happened.
    deps.logger.warn({ err: error }, 'a sign-in with Xero failed');
    return pathWith(back, 'failed');
  }
}

/** Who is known comes in; who is not is never matched by e-mail, which anybody may claim. */
async function finishSignIn(
  deps: XeroSignInDeps,
  exchange: Exchange,
  { next, purpose }: Journey,
  person: { xeroUserId: string; email: string | null; name: string },
): Promise<string> {
  const known = await personOfXero(deps.library, person.xeroUserId);
  if (known) {
    const step = await deps.sessions.open(known, exchange);
    if (step === 'signed-in') return next;
    return `/sign-in?${new URLSearchParams({ step: 'code', next })}`;
  }
  const { internalAdapter } = await deps.library.$context;
  const { email } = person;
  if (email && (await internalAdapter.findUserByEmail(email))) {
    return pathWith('/sign-in', 'email-known');
  }
  if (purpose === 'sign-in' || !email || !deps.isSignUpOpen) return pathWith('/sign-in', 'unknown');
  deps.journeys.newcomer.put(exchange, { ...person, email });
  return '/sign-up/details';
}

async function finishTie(
  deps: XeroSignInDeps,
  exchange: Exchange,
  { personId }: Journey,
  xeroUserId: string,
): Promise<string> {
  const cookie = exchange.cookie(deps.sessions.cookies.session);
  const person = cookie ? await deps.sessions.personOf(cookie) : null;
  if (!person || person.id !== personId) return pathWith('/settings/security', 'failed');
  const known = await personOfXero(deps.library, xeroUserId);
  if (known && known !== person.id) return pathWith('/settings/security', 'taken');
  if (!known) {
    const present = await xeroAccountOf(deps.library, person.id);
    if (present) await deleteXeroAccount(deps.library, present.id);
    const accountId = await tieXero(deps.library, person.id, xeroUserId);
    const tied = { personId: person.id, name: person.name };
    await noteEverywhere(deps, tied, { kind: 'xero-sign-in.tied', ...tied });
    await mailXeroTied(deps, person, accountId);
  }
  return pathWith('/settings/security', 'tied');
}

function pathWith(path: string, outcome: XeroSignInOutcome): string {
  return `${path}?${new URLSearchParams({ xero: outcome })}`;
}

function isSame(one: string | undefined, other: string): boolean {
  const [a, b] = [Buffer.from(one ?? ''), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
