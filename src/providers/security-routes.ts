import type { Security } from '#contract/sign-in';
import { signInRoutes } from '#contract/sign-in';
import { AppError } from '#platform/app-error';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { type Endpoint, endpoint, publicEndpoint } from '#platform/http';
import {
  beginAuthenticator,
  confirmAuthenticator,
  readAuthenticator,
  renewRecoveryCodes,
  turnOffAuthenticator,
} from './authenticator.ts';
import { forgotPassword, resetPassword } from './forgotten-password.ts';
import { hasPassword, type OwnAccountDeps, type OwnCall, ownerOf } from './own-account.ts';
import { changePassword, endOtherSessions, endSession, listOwnSessions } from './own-sessions.ts';
import {
  addPasskey,
  beginPasskey,
  createPasskeySignIn,
  listPasskeys,
  removePasskey,
  renamePasskey,
} from './passkeys.ts';
import { getProvider } from './provider-store.ts';
import type { NoteSignIn } from './sign-in-log.ts';

interface Deps extends OwnAccountDeps {
  noteSignIn: NoteSignIn;
  database: Database;
  clock: Clock;
  publicUrl: string;
  /** Whether a mail server is configured. */
  sendsMail: boolean;
  /** Whether Xero can say who someone is, and whether strangers may sign up by it. */
  xero: { isOffered: boolean; isSignUpOpen: boolean };
  isTied(personId: string): Promise<boolean>;
}

/** Signing in beyond the password, and what a person looks after on the Security page. */
export function securityEndpoints(deps: Deps): Endpoint[] {
  const { sessions } = deps;
  const passkeySignIn = createPasskeySignIn(deps.library, sessions);
  return [
    publicEndpoint(signInRoutes.signInOptions, async () => ({
      xero: deps.xero.isOffered,
      signUp: deps.xero.isOffered && deps.xero.isSignUpOpen,
      mail: deps.sendsMail,
    })),
    publicEndpoint(signInRoutes.proveSecondFactor, async ({ body, exchange }) => {
      await sessions.proveSecondFactor(body.code, exchange);
      return null;
    }),
    publicEndpoint(signInRoutes.beginPasskeySignIn, ({ exchange }) =>
      passkeySignIn.begin(exchange),
    ),
    publicEndpoint(signInRoutes.signInWithPasskey, async ({ body, exchange }) => {
      await deps.noteSignIn('passkey', exchange, (one) => passkeySignIn.finish(body.response, one));
      return null;
    }),
    publicEndpoint(signInRoutes.forgotPassword, async ({ body, exchange }) => {
      await forgotPassword(deps, body.email, exchange);
      return null;
    }),
    publicEndpoint(signInRoutes.resetPassword, async ({ body, exchange }) => {
      await resetPassword(deps, body, exchange);
      return null;
    }),

    endpoint(signInRoutes.security, (call) => describeSecurity(deps, call)),
    endpoint(signInRoutes.beginAuthenticator, (call) =>
      beginAuthenticator(deps, call, call.body.password),
    ),
    endpoint(signInRoutes.confirmAuthenticator, (call) =>
      confirmAuthenticator(deps, call, call.body.code),
    ),
    endpoint(signInRoutes.renewRecoveryCodes, (call) =>
      renewRecoveryCodes(deps, call, call.body.code),
    ),
    endpoint(signInRoutes.turnOffAuthenticator, async (call) => {
      await turnOffAuthenticator(deps, call, call.body.code);
      return null;
    }),
    endpoint(signInRoutes.beginPasskey, (call) => beginPasskey(deps, call)),
    endpoint(signInRoutes.addPasskey, async (call) => {
      await addPasskey(deps, call, call.body);
      return null;
    }),
    endpoint(signInRoutes.renamePasskey, async (call) => {
      await renamePasskey(deps, call, call.params.passkeyId, call.body.name);
      return null;
    }),
    endpoint(signInRoutes.removePasskey, async (call) => {
      await removePasskey(deps, call, call.params.passkeyId);
      return null;
    }),
    endpoint(signInRoutes.changePassword, async (call) => {
      await changePassword(deps, call, call.body);
      return null;
    }),
    endpoint(signInRoutes.endSession, async (call) => {
      await endSession(deps, call, call.params.sessionId);
      return null;
    }),
    endpoint(signInRoutes.endOtherSessions, async (call) => {
      await endOtherSessions(deps, call);
      return null;
    }),
  ];
}

async function describeSecurity(deps: Deps, call: OwnCall): Promise<Security> {
  const owner = await ownerOf(deps, call);
  const { providerId } = call.scope;
  const provider = await deps.database.asProvider(providerId, (tx) => getProvider(tx, call.scope));
  if (!provider) throw new AppError('session.no-provider');
  return {
    policy: provider.secondFactor,
    isStrong: owner.isStrong,
    authenticator: await readAuthenticator(deps.library, owner.personId),
    passkeys: await listPasskeys(deps.library, owner.personId),
    hasPassword: await hasPassword(deps, owner.personId),
    xero: { isOffered: deps.xero.isOffered, isTied: await deps.isTied(owner.personId) },
    sessions: await listOwnSessions(deps, owner),
  };
}
