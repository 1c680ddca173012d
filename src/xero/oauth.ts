import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '#platform/app-error';
import { type Clock, DAY_MS, plus, SECOND_MS } from '#platform/clock';
import type { XeroConfig } from '#platform/config';
import { type AppAtXero, appOf } from './app-at-xero.ts';
import { parseJson, TROUBLE_WAIT_MS } from './read-failure.ts';
import { presentable } from './redact.ts';
import { AnswerLostError, type Send, type WireAnswer } from './request.ts';
import { scopeText } from './scopes.ts';
import { readClaims, type TokenClaims } from './token-claims.ts';
import { XeroDownError } from './xero-errors.ts';

/** Xero gives no date for it: 60 days from the last use, so it is reckoned and kept. */
const REFRESH_TOKEN_LIFE_MS = 60 * DAY_MS;

/** What Xero gives for a code or a refresh token. Secrets: stored sealed, never shown or logged. */
export interface TokenSet {
  accessToken: string;
  accessExpiresAt: Date;
  refreshToken: string;
  refreshExpiresAt: Date;
  scopes: string;
  claims: TokenClaims;
}

/** Xero's token address said no; `error` is OAuth's word for why, such as `invalid_grant`. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError';
  readonly error: string;

  constructor(error: string, description: string) {
    super(description ? `${error}: ${description}` : error);
    this.error = error;
  }
}

/** What proves, when the code comes back, that it is this consent's (PKCE, RFC 7636, S256). */
export interface ConsentSecrets {
  state: string;
  verifier: string;
}

export interface OAuth {
  /** Whom consents are asked for and tokens given to; null: no app is set up. */
  readonly app: AppAtXero | null;
  /** New secrets of 256 bits each for one consent. */
  newSecrets(): ConsentSecrets;
  /** The address of Xero's sign-in and consent for these secrets. */
  authorizeUrl(secrets: ConsentSecrets): string;
  /**
   * Exchanges the code of a consent for tokens.
   * @throws TokenRefusedError; XeroDownError when Xero's token address is in trouble;
   *   NothingSentError or AnswerLostError from the line.
   */
  exchange(code: string, verifier: string): Promise<TokenSet>;
  /** Rotates: the answer holds a new refresh token. Throws like `exchange`. */
  refresh(refreshToken: string): Promise<TokenSet>;
}

const TokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  id_token: z.string().nullish(),
  expires_in: z.number().positive(),
  scope: z.string().nullish(),
});
const TokenRefusal = z.object({ error: z.string(), error_description: z.string().nullish() });

/**
 * The few words of OAuth 2 that Xero needs. Written out rather than taken from a library because
 * a refresh token is spent by being sent: it must be known whether a request left, and nothing but
 * its deadline may end one that did. `redirectUri` must be registered at Xero letter by letter.
 */
export function createOAuth(deps: {
  config: XeroConfig;
  redirectUri: string;
  clock: Clock;
  send: Send;
}): OAuth {
  const { config, clock } = deps;

  function app() {
    if (config.app === null) throw new AppError('connection.not-configured');
    return config.app;
  }

  async function askForTokens(form: Record<string, string>): Promise<TokenSet> {
    const { clientId, clientSecret } = app();
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    const answer = await deps.send({
      method: 'POST',
      url: `${config.identityUrl}/connect/token`,
      headers: {
        authorization: `Basic ${basic}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: new URLSearchParams(form).toString(),
    });
    return readTokens(answer, clock.now());
  }

  return {
    app: appOf(config),
    newSecrets: () => ({
      state: randomBytes(32).toString('base64url'),
      verifier: randomBytes(32).toString('base64url'),
    }),
    authorizeUrl({ state, verifier }) {
      const url = new URL('/identity/connect/authorize', config.loginUrl);
      url.search = new URLSearchParams({
        response_type: 'code',
        client_id: app().clientId,
        redirect_uri: deps.redirectUri,
        scope: scopeText,
        state,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }).toString();
      return url.href;
    },
    exchange: (code, verifier) =>
      askForTokens({
        grant_type: 'authorization_code',
        code,
        redirect_uri: deps.redirectUri,
        code_verifier: verifier,
      }),
    refresh: (refreshToken) =>
      askForTokens({ grant_type: 'refresh_token', refresh_token: refreshToken }),
  };
}

/** The tokens of an answer of the token address. Throws like `OAuth.exchange`. */
export function readTokens(answer: WireAnswer, now: Date): TokenSet {
  const body = parseJson(answer.text);
  if (answer.status === 200) {
    const read = TokenAnswer.safeParse(body);
    // The refresh token is spent all the same, as when the answer had not come at all.
    if (!read.success) throw new AnswerLostError('The answer to a request for tokens is not whole');
    const tokens = read.data;
    return {
      accessToken: tokens.access_token,
      accessExpiresAt: plus(now, tokens.expires_in * SECOND_MS),
      refreshToken: tokens.refresh_token,
      refreshExpiresAt: plus(now, REFRESH_TOKEN_LIFE_MS),
      scopes: tokens.scope ?? scopeText,
      claims: readClaims(tokens.access_token, tokens.id_token ?? null),
    };
  }
  const refusal = TokenRefusal.safeParse(body);
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 429 && refusal.success) {
    const { error, error_description: description } = refusal.data;
    throw new TokenRefusedError(presentable(error), presentable(description ?? ''));
  }
  throw new XeroDownError(
    `Xero’s token address answered ${answer.status}.`,
    plus(now, TROUBLE_WAIT_MS),
  );
}
