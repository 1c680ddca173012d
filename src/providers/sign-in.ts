import type { EventLog } from '#events/index';
import type { AuthDatabase } from '#platform/auth-database';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Endpoint, RawRoutes } from '#platform/http';
import type { Handler } from '#platform/jobs/worker';
import type { Logger } from '#platform/logger';
import type { EncryptionKey, SecretBox } from '#platform/secrets';
import { mailResetHandler, mailResetLink } from './forgotten-password.ts';
import { peopleEndpoints } from './people-routes.ts';
import { securityEndpoints } from './security-routes.ts';
import { createSessions, type Sessions } from './session.ts';
import { sessionEndpoints } from './session-routes.ts';
import { createSignInAttempts } from './sign-in-attempts.ts';
import { createSignInLibrary, type SignInLibrary } from './sign-in-library.ts';
import { createSignInLog } from './sign-in-log.ts';
import { createSpendCode } from './spent-codes.ts';
import { xeroAccountOf } from './xero-accounts.ts';
import { createJourneys } from './xero-journey.ts';
import type { XeroIdentifier } from './xero-sign-in.ts';
import { xeroSignInEndpoints, xeroSignInRawRoutes } from './xero-sign-in-routes.ts';

export interface SignInDeps {
  database: Database;
  authDatabase: AuthDatabase;
  clock: Clock;
  events: EventLog;
  logger: Logger;
  secrets: SecretBox;
  encryptionKeys: readonly EncryptionKey[];
  publicUrl: string;
  /** Whether a mail server is configured. */
  sendsMail: boolean;
  /** Says who somebody is at Xero. */
  xeroIdentity: XeroIdentifier;
  /** Whether strangers may sign up by Xero. */
  isSignUpOpen: boolean;
}

/** Everything about proving who one is. */
export interface SignIn {
  readonly library: SignInLibrary;
  readonly sessions: Sessions;
  readonly endpoints: Endpoint[];
  readonly rawRoutes: RawRoutes[];
  readonly handlers: Handler[];
}

/**
 * Puts together everything about signing in: what it hands out as `sessions` writes into the log.
 */
export async function createSignIn(deps: SignInDeps): Promise<SignIn> {
  const { database, clock, xeroIdentity, isSignUpOpen } = deps;
  const library = createSignInLibrary({
    ...deps,
    keys: deps.encryptionKeys,
    sendReset: (person, token) => mailResetLink(deps, person, token),
  });
  const attempts = createSignInAttempts(database, clock);
  const spendCode = createSpendCode(database, clock);
  const plain = await createSessions({ library, attempts, spendCode });
  const { sessions, noteSignIn } = createSignInLog({ ...deps, library }, plain);
  const own = { ...deps, library, attempts, spendCode, sessions, noteSignIn };
  const byXero = { ...own, xero: xeroIdentity, journeys: createJourneys(deps) };
  return {
    library,
    sessions,
    endpoints: [
      ...sessionEndpoints({ database, sessions }),
      ...securityEndpoints({
        ...own,
        xero: { isOffered: xeroIdentity.isConfigured, isSignUpOpen },
        isTied: async (personId) => (await xeroAccountOf(library, personId)) !== null,
      }),
      ...xeroSignInEndpoints(byXero),
      ...peopleEndpoints(own),
    ],
    rawRoutes: [xeroSignInRawRoutes(byXero)],
    handlers: [mailResetHandler(own)],
  };
}
