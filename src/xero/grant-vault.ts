import { sql } from 'kysely';
import { atMost } from '#platform/at-most';
import { chance } from '#platform/chance';
import { type Clock, MINUTE_MS, plus, SECOND_MS } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import type { Logger } from '#platform/logger';
import { type SecretBox, SecretUnreadableError } from '#platform/secrets';
import { isSameApp } from './app-at-xero.ts';
import { askForRenewal } from './ask-for-renewal.ts';
import { type GrantCopies, isOver, noGrantCopies } from './grant-copies.ts';
import {
  eraseGrant,
  listGrantsThere,
  listIdleGrants,
  markGrantDead,
  openAccessToken,
  openRefreshToken,
  readGrant,
  type StoredGrant,
  storeConsent,
  storeRefreshed,
} from './grant-store.ts';
import { type OAuth, TokenRefusedError, type TokenSet } from './oauth.ts';
import { TROUBLE_WAIT_MS } from './read-failure.ts';
import { AnswerLostError, NothingSentError } from './request.ts';
import { XeroConsentError, XeroDownError } from './xero-errors.ts';

/** A token to call with. `generation` tells, when it is refused, which one was refused. */
export interface FreshToken {
  accessToken: string;
  generation: number;
}

export interface GrantVault {
  /** Seals and stores the tokens of a consent; returns the grant's id, the same for the same Xero user. */
  store(set: TokenSet): Promise<string>;
  /**
   * A token that is good for some minutes, renewed if it is not. With `refused`, one newer than
   * the generation that Xero refused.
   * @throws XeroConsentError when the grant is dead or gone; XeroDownError when it can't be renewed now, or is of
   *   another app than the settings name
   */
  freshToken(grantId: string, refused?: number): Promise<FreshToken>;
  /** Live grants of connections that nobody renewed for most of a day, longest ago first, some 200 at a time. */
  idleGrants(): Promise<string[]>;
  /** Forgets a grant's tokens, on this machine's disk too; `tx` is one of the system. */
  erase(tx: Tx, grantId: string): Promise<void>;
  /** Removes copies on this machine that serve no grant any more. */
  tidyCopies(): Promise<void>;
}

interface VaultDeps {
  database: Database;
  clock: Clock;
  secrets: SecretBox;
  oauth: OAuth;
  logger: Logger;
  /** Tokens kept beside the database; none unless given. */
  copies?: GrantCopies;
  /** A number from 0 to 1: spreads renewals so that processes do not all ask at once. */
  random?: () => number;
  pause?: (milliseconds: number) => Promise<void>;
}

/** Renewed between these before the end of an access token's 30 minutes. */
const DUE_MIN_MS = 2 * MINUTE_MS;
const DUE_JITTER_MS = 2 * MINUTE_MS;
export const DUE_MAX_MS = DUE_MIN_MS + DUE_JITTER_MS;
/** A token with less left is not worth sending. */
const WORTH_SENDING_MS = 30 * SECOND_MS;
/** A token refused so soon after a renewal is not cured by another; renewing too often harms. */
const RENEW_AGAIN_AFTER_MS = 60 * SECOND_MS;
const SECOND_READ_PAUSE_MS = 1_000;
/** Each holds a connection to the database while Xero is asked; all others need some too. */
const RENEWALS_AT_ONCE = 3;
/** How long another process may hold the row while it renews, and others of this one go first. */
export const LOCK_TIMEOUT_MS = 25 * SECOND_MS;
/** All tries of one renewal together, each with its deadline. */
const RENEWAL_MAX_MS = 90 * SECOND_MS;
/** Renewals of idle grants that one look hands out. */
const IDLE_AT_ONCE = 200;
/** What only whoever runs this Bursar can put right. */
const SETTINGS_WAIT_MS = 5 * MINUTE_MS;
const LOCK_NOT_AVAILABLE = '55P03';

type Attempt = { token: FreshToken } | { refusedAt: number };

/**
 * The one home of token renewal. Xero rotates refresh tokens, so two renewals at once, or a
 * renewal whose answer is not stored, would lose the grant. Hence: the grant's row is locked, read
 * again, renewed only when due, stored, released; and nothing that was sent is aborted.
 */
export function createGrantVault(deps: VaultDeps): GrantVault {
  const { database, clock, secrets, oauth, logger, random = chance } = deps;
  const pause = deps.pause ?? ((ms) => new Promise<void>((done) => setTimeout(done, ms)));
  const copies = deps.copies ?? noGrantCopies;
  const ask = (refreshToken: string) => askForRenewal({ oauth, logger, pause }, refreshToken);
  const takesLong = (cause?: unknown) =>
    new XeroDownError('Renewing the permission takes long.', plus(clock.now(), TROUBLE_WAIT_MS), {
      cause,
    });
  const oneOfFew = atMost({ most: RENEWALS_AT_ONCE, waitMs: LOCK_TIMEOUT_MS, late: takesLong });
  const keeping = { app: oauth.app, secrets };
  const flights = new Map<string, Promise<FreshToken>>();

  function tokenOf(grant: StoredGrant): FreshToken {
    const accessToken = opened(() => openAccessToken(grant, secrets), clock.now());
    return { accessToken, generation: grant.generation };
  }

  function lastsFor(grant: StoredGrant, milliseconds: number): boolean {
    return grant.accessExpiresAt.getTime() - clock.now().getTime() > milliseconds;
  }

  function isRefused(grant: StoredGrant, refused: number | undefined): boolean {
    return refused !== undefined && grant.generation <= refused;
  }

  function isGood(grant: StoredGrant, refused: number | undefined): boolean {
    if (grant.state === 'dead') return false;
    const margin = DUE_MIN_MS + random() * DUE_JITTER_MS;
    return !isRefused(grant, refused) && lastsFor(grant, margin);
  }

  /** Another renewal may be under way in this process: joined, unless it began with the refused one. */
  async function renewOnce(grantId: string, refused: number | undefined): Promise<FreshToken> {
    const running = flights.get(grantId);
    if (running) {
      const token = await running;
      if (refused === undefined || token.generation > refused) return token;
    }
    const flight = renew(grantId, refused).finally(() => {
      if (flights.get(grantId) === flight) flights.delete(grantId);
    });
    flights.set(grantId, flight);
    return flight;
  }

  async function renew(grantId: string, refused: number | undefined): Promise<FreshToken> {
    const first = await oneOfFew(() => renewLocked(grantId, refused));
    if ('token' in first) return first.token;
    // A consent may have superseded this token a moment ago and be about to be stored.
    await pause(SECOND_READ_PAUSE_MS);
    const newer = await newerOrDead(grantId, first.refusedAt);
    if (newer !== null) return newer;
    logger.warn({ grantId }, 'Xero refuses to renew a grant: it is dead until someone connects');
    throw new XeroConsentError('grant-dead');
  }

  function newerOrDead(grantId: string, refusedAt: number): Promise<FreshToken | null> {
    return database.asSystem(async (tx) => {
      const grant = await lockedGrant(tx, grantId);
      if (grant.state === 'live' && grant.generation > refusedAt) return tokenOf(grant);
      await markGrantDead(tx, grantId, clock.now());
      return null;
    });
  }

  async function renewLocked(grantId: string, refused: number | undefined): Promise<Attempt> {
    return database.asSystem(async (tx) => {
      const grant = await lockedGrant(tx, grantId);
      if (isGood(grant, refused)) return { token: tokenOf(grant) };
      const isAlive = grant.state === 'live';
      const age = clock.now().getTime() - grant.refreshedAt.getTime();
      if (isAlive && isRefused(grant, refused) && age < RENEW_AGAIN_AFTER_MS) {
        throw new XeroConsentError('token-refused');
      }
      try {
        const set = (await askWithStored(grant)) ?? (await askWithCopy(grant));
        if (set === null && !isAlive) throw new XeroConsentError('grant-dead');
        if (set === null) return { refusedAt: grant.generation };
        const now = clock.now();
        // Before the commit, which may fail or never come: Xero has turned the token over by now.
        await copies.keep(grantId, set.refreshToken, now);
        await storeRefreshed(tx, grantId, set, keeping, now);
        return { token: { accessToken: set.accessToken, generation: grant.generation + 1 } };
      } catch (error) {
        const usable = isAlive && !isRefused(grant, refused) && lastsFor(grant, WORTH_SENDING_MS);
        if (usable) return { token: tokenOf(grant) };
        throw asTrouble(error, clock.now());
      }
    });
  }

  function askWithStored(grant: StoredGrant): Promise<TokenSet | null> {
    // What Xero has refused is not asked again; a copy may know better (decision 040).
    if (grant.state === 'dead') return Promise.resolve(null);
    return ask(opened(() => openRefreshToken(grant, secrets), clock.now()));
  }

  /** A copy that is newer than the database shows that the database was put back to an older state. */
  async function askWithCopy({ id: grantId, refreshedAt }: StoredGrant): Promise<TokenSet | null> {
    const refreshToken = await copies.newerThan(grantId, refreshedAt);
    if (refreshToken === null) return null;
    logger.warn({ grantId, refreshedAt }, 'trying a permission that is newer than the database’s');
    const set = await ask(refreshToken);
    if (set === null) await copies.drop(grantId);
    return set;
  }

  async function lockedGrant(tx: Tx, grantId: string): Promise<StoredGrant> {
    // The transaction rests while Xero is asked, longer than others may.
    await sql`select set_config('lock_timeout', ${`${LOCK_TIMEOUT_MS}ms`}, true),
      set_config('idle_in_transaction_session_timeout', ${`${RENEWAL_MAX_MS}ms`}, true)`.execute(
      tx,
    );
    try {
      return ours(await readGrant(tx, grantId, { lock: true }));
    } catch (error) {
      throw codeOf(error) === LOCK_NOT_AVAILABLE ? takesLong(error) : error;
    }
  }

  /**
   * A grant that is there and may be used under these settings. One of another app, or of another
   * Xero, is not even shown there: it would be refused, and that says nothing about it.
   */
  function ours(grant: StoredGrant | null): StoredGrant {
    if (grant === null) throw new XeroConsentError('grant-dead');
    if (isSameApp(grant.app, oauth.app)) return grant;
    const words = 'The stored permission was given to another Xero app than the settings name.';
    throw new XeroDownError(words, plus(clock.now(), SETTINGS_WAIT_MS), { why: 'other-app' });
  }

  return {
    store: (set) =>
      withoutCollision(() =>
        database.asSystem(async (tx) => {
          const now = clock.now();
          const grantId = await storeConsent(tx, set, keeping, now);
          await copies.keep(grantId, set.refreshToken, now);
          return grantId;
        }),
      ),

    async freshToken(grantId, refused) {
      const grant = ours(await database.asSystem((tx) => readGrant(tx, grantId, { lock: false })));
      return isGood(grant, refused) ? tokenOf(grant) : renewOnce(grantId, refused);
    },

    idleGrants: () => database.asSystem((tx) => listIdleGrants(tx, clock.now(), IDLE_AT_ONCE)),

    async erase(tx, grantId) {
      await eraseGrant(tx, grantId);
      await copies.drop(grantId);
    },

    async tidyCopies() {
      const files = await copies.list();
      const ids = files.flatMap(({ grantId }) => grantId ?? []);
      if (files.length === 0) return;
      const there = await database.asSystem((tx) => listGrantsThere(tx, ids));
      const over = files.filter((file) => isOver(file, there.has(file.grantId ?? ''), clock.now()));
      for (const file of over) await copies.remove(file);
    },
  };
}

/** Without the key that sealed it nothing is tried: the operator has to bring the key back. */
function opened(open: () => string, now: Date): string {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof SecretUnreadableError)) throw error;
    throw new XeroDownError(
      'The stored permission does not open with the encryption keys of this Bursar.',
      plus(now, SETTINGS_WAIT_MS),
      { cause: error, why: 'key-missing' },
    );
  }
}

/** Two first consents of one Xero user at once: the second finds the row of the first. */
async function withoutCollision<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) !== '23505') throw error;
    return work();
  }
}

function asTrouble(error: unknown, now: Date): unknown {
  const isLine = error instanceof AnswerLostError || error instanceof NothingSentError;
  if (isLine) {
    const words = 'Xero’s sign-in does not answer.';
    return new XeroDownError(words, plus(now, TROUBLE_WAIT_MS), { cause: error });
  }
  if (!(error instanceof TokenRefusedError)) return error;
  // Not the grant is refused but our app: a wrong secret, say. Only its operator can help.
  return new XeroDownError(
    `Xero refuses this Bursar’s app (${error.error}).`,
    plus(now, TROUBLE_WAIT_MS),
    { cause: error, why: 'app-refused' },
  );
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}
