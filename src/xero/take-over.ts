import { sql } from 'kysely';
import { z } from 'zod';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Logger } from '#platform/logger';
import type { SecretBox } from '#platform/secrets';
import { isSameApp } from './app-at-xero.ts';
import { type GrantCopies, noGrantCopies } from './grant-copies.ts';
import { findGrant, storeRefreshed } from './grant-store.ts';
import { LOCK_TIMEOUT_MS } from './grant-vault.ts';
import { type OAuth, readTokens } from './oauth.ts';
import { parseJson } from './read-failure.ts';
import type { WireAnswer } from './request.ts';

/** Not asked for by signing in: it comes where Xero has one set of tokens for a person. */
const Brought = z.object({ refresh_token: z.string().min(1), scope: z.string().min(1) });

/** Takes over what the answer to a sign-in brings, if a grant of that person is stored; never throws. */
export type TakeOver = (answer: WireAnswer) => Promise<void>;

/**
 * Xero has one set of tokens for a person and an app. Where somebody's sign-in brings a new refresh
 * token, the one that is stored has most likely ended by that; so the new one takes its place, if it
 * allows all that the stored one did. Nobody's grant comes to exist by signing in, and none grows.
 */
export function createTakeOver(deps: {
  database: Pick<Database, 'asSystem'>;
  clock: Clock;
  secrets: SecretBox;
  oauth: Pick<OAuth, 'app'>;
  logger: Logger;
  copies?: GrantCopies;
}): TakeOver {
  const { database, clock, secrets, oauth, logger } = deps;
  const copies = deps.copies ?? noGrantCopies;

  async function takeOver(answer: WireAnswer): Promise<void> {
    if (answer.status !== 200 || !Brought.safeParse(parseJson(answer.text)).success) return;
    const set = readTokens(answer, clock.now());
    await database.asSystem(async (tx) => {
      // A renewal may hold the row while Xero is asked.
      await sql`select set_config('lock_timeout', ${`${LOCK_TIMEOUT_MS}ms`}, true)`.execute(tx);
      const grant = await findGrant(tx, set.claims.xeroUserId);
      if (grant === null || !isSameApp(grant.app, oauth.app)) return;
      if (!allowsAll(set.scopes, grant.scopes)) return;
      const now = clock.now();
      // As at a renewal: before the commit, which may fail or never come.
      await copies.keep(grant.id, set.refreshToken, now);
      const kept = { ...set, scopes: grant.scopes };
      await storeRefreshed(tx, grant.id, kept, { app: oauth.app, secrets }, now);
    });
  }

  return (answer) =>
    takeOver(answer).catch((error: unknown) =>
      logger.warn({ err: error }, 'tokens that came with a sign-in could not be stored'),
    );
}

function allowsAll(scopes: string, wanted: string): boolean {
  const allowed = new Set(scopes.split(' '));
  return wanted.split(' ').every((scope) => allowed.has(scope));
}
