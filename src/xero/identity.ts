import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '#platform/app-error';
import type { Clock } from '#platform/clock';
import type { XeroConfig } from '#platform/config';
import { createIdTokenCheck } from './id-token.ts';
import { parseJson } from './read-failure.ts';
import type { Send } from './request.ts';
import type { TakeOver } from './take-over.ts';

/** Path of the redirect address for signing in; registered at Xero beside the one for connecting. */
export const IDENTITY_CALLBACK_PATH = '/sign-in/xero/callback';

/** Asked for signing in and nothing else: no organisation, and no token for later. */
const IDENTITY_SCOPES = 'openid profile email';

/** What proves that an answer of Xero belongs to the request of this browser. */
export interface IdentitySecrets {
  state: string;
  nonce: string;
  verifier: string;
}

/** Who someone is at Xero, as Xero itself has signed. */
export interface XeroPerson {
  xeroUserId: string;
  email: string | null;
  name: string;
}

export interface XeroIdentity {
  readonly isConfigured: boolean;
  /** New secrets of 256 bits each for one way through Xero. */
  newSecrets(): IdentitySecrets;
  authorizeUrl(secrets: IdentitySecrets): string;
  /**
   * Exchanges the code and checks who it names. Tokens that come along are dropped, unless they take
   * the place of what the same person allowed before.
   * @throws IdTokenRefusedError, or Error when Xero's token address does not give a token
   */
  identify(code: string, secrets: IdentitySecrets): Promise<XeroPerson>;
}

const TokenAnswer = z.object({ id_token: z.string().min(1) });

/**
 * Where Bursar has no app at Xero, `authorizeUrl` and `identify` throw AppError
 * `connection.not-configured`.
 */
export function createXeroIdentity(deps: {
  config: XeroConfig;
  publicUrl: string;
  clock: Clock;
  send: Send;
  takeOver: TakeOver;
}): XeroIdentity {
  const { config, send } = deps;
  const redirectUri = `${deps.publicUrl}${IDENTITY_CALLBACK_PATH}`;
  const check = createIdTokenCheck({ issuer: config.identityUrl, clock: deps.clock, send });

  function app() {
    if (config.app === null) throw new AppError('connection.not-configured');
    return config.app;
  }

  return {
    isConfigured: config.app !== null,
    newSecrets: () => ({ state: secret(), nonce: secret(), verifier: secret() }),

    authorizeUrl({ state, nonce, verifier }) {
      const url = new URL('/identity/connect/authorize', config.loginUrl);
      url.search = new URLSearchParams({
        response_type: 'code',
        client_id: app().clientId,
        redirect_uri: redirectUri,
        scope: IDENTITY_SCOPES,
        state,
        nonce,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }).toString();
      return url.href;
    },

    async identify(code, { nonce, verifier }) {
      const { clientId, clientSecret } = app();
      const answer = await send({
        method: 'POST',
        url: `${config.identityUrl}/connect/token`,
        headers: {
          authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
          code_verifier: verifier,
        }).toString(),
      });
      const tokens = TokenAnswer.safeParse(parseJson(answer.text));
      if (answer.status !== 200 || !tokens.success) {
        throw new Error(`Xero’s token address answered ${answer.status} without an identity`);
      }
      // Before anything else: what is stored of this person may have ended by it.
      await deps.takeOver(answer);
      const claims = await check(tokens.data.id_token, { audience: clientId, nonce });
      const spelled = [claims.given_name, claims.family_name].filter(Boolean).join(' ');
      return {
        xeroUserId: claims.xero_userid,
        email: claims.email?.trim().toLowerCase() || null,
        name: claims.name || spelled,
      };
    },
  };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
