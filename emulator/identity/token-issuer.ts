import type { Sent } from '../rules/field-reader.ts';
import { signJwt, verifyJwt } from './jwt.ts';
import type { SigningKey } from './keys.ts';
import type { AccessClaims, App, Grant } from './model.ts';
import { fullName, type Registry, tokenHash } from './registry.ts';

/** Lives, as Xero documents them. */
export const ACCESS_TOKEN_S = 30 * 60;
export const ID_TOKEN_S = 5 * 60;
export const CODE_MS = 5 * 60_000;
export const GRACE_MS = 30 * 60_000;
export const REFRESH_TOKEN_MS = 60 * 86_400_000;

const REFRESH_TOKEN_CHARS = 43;
const MAX_CACHED_TOKENS = 2000;

/** Makes and reads tokens. */
export class TokenIssuer {
  readonly #registry: Registry;
  readonly #key: () => SigningKey;
  readonly #issuer: () => string;
  readonly #known = new Map<string, AccessClaims>();

  constructor(registry: Registry, key: () => SigningKey, issuer: () => string) {
    this.#registry = registry;
    this.#key = key;
    this.#issuer = issuer;
  }

  /** The full answer of the token endpoint for a grant. */
  issue(grant: Grant, nonce: string | undefined): Sent {
    const answer: Record<string, unknown> = {};
    if (grant.scopes.includes('openid')) answer.id_token = this.#idToken(grant, nonce);
    answer.access_token = this.#accessToken(grant);
    answer.expires_in = ACCESS_TOKEN_S;
    answer.token_type = 'Bearer';
    if (grant.scopes.includes('offline_access')) answer.refresh_token = this.#refreshToken(grant);
    answer.scope = grant.scopes.join(' ');
    return answer;
  }

  /** A token that an app gets for itself, to look after its connections. */
  issueForApp(app: App, scopes: readonly string[]): Sent {
    const access_token = signJwt(this.#key(), {
      ...this.#times(ACCESS_TOKEN_S),
      iss: this.#issuer(),
      aud: `${this.#issuer()}/resources`,
      client_id: app.id,
      jti: this.#registry.ids.token(32),
      scope: scopes,
    });
    return {
      access_token,
      expires_in: ACCESS_TOKEN_S,
      token_type: 'Bearer',
      scope: scopes.join(' '),
    };
  }

  /** What an access token says, expired or not; undefined when it is not ours. */
  read(token: string): AccessClaims | undefined {
    const known = this.#known.get(token);
    if (known) return known;
    const claims = verifyJwt(this.#key(), token);
    if (!claims || typeof claims.client_id !== 'string' || claims.aud === claims.client_id)
      return undefined;
    const read: AccessClaims = {
      clientId: claims.client_id,
      userId: typeof claims.xero_userid === 'string' ? claims.xero_userid : undefined,
      authEventId:
        typeof claims.authentication_event_id === 'string'
          ? claims.authentication_event_id
          : undefined,
      scopes: Array.isArray(claims.scope) ? claims.scope.map(String) : [],
      expiresAtMs: Number(claims.exp) * 1000,
    };
    if (this.#known.size >= MAX_CACHED_TOKENS) this.#known.clear();
    this.#known.set(token, read);
    return read;
  }

  #accessToken(grant: Grant): string {
    return signJwt(this.#key(), {
      ...this.#times(ACCESS_TOKEN_S),
      iss: this.#issuer(),
      aud: `${this.#issuer()}/resources`,
      client_id: grant.appId,
      sub: subjectOf(grant.userId),
      auth_time: Math.floor(grant.authTimeMs / 1000),
      xero_userid: grant.userId,
      global_session_id: grant.sessionId,
      sid: grant.sessionId,
      jti: this.#registry.ids.token(32),
      authentication_event_id: grant.authEventId,
      scope: grant.scopes,
      amr: ['pwd'],
    });
  }

  #idToken(grant: Grant, nonce: string | undefined): string {
    const user = this.#registry.users.get(grant.userId);
    return signJwt(this.#key(), {
      ...this.#times(ID_TOKEN_S),
      iss: this.#issuer(),
      aud: grant.appId,
      sub: subjectOf(grant.userId),
      auth_time: Math.floor(grant.authTimeMs / 1000),
      xero_userid: grant.userId,
      global_session_id: grant.sessionId,
      ...(nonce === undefined ? {} : { nonce }),
      ...(user && grant.scopes.includes('email')
        ? { email: user.email, preferred_username: user.email }
        : {}),
      ...(user && grant.scopes.includes('profile')
        ? { name: fullName(user), given_name: user.givenName, family_name: user.familyName }
        : {}),
    });
  }

  #refreshToken(grant: Grant): string {
    const token = this.#registry.ids.token(REFRESH_TOKEN_CHARS);
    this.#registry.refreshTokens.put({
      id: tokenHash(token),
      grantId: grant.id,
      issuedAtMs: this.#registry.clock.nowMs(),
      rotatedAtMs: undefined,
      isEnded: false,
    });
    return token;
  }

  #times(lifeS: number): { nbf: number; iat: number; exp: number } {
    const nowS = Math.floor(this.#registry.clock.nowMs() / 1000);
    return { nbf: nowS, iat: nowS, exp: nowS + lifeS };
  }
}

/** Xero's `sub` is another number than `xero_userid`; ours is derived from it. */
function subjectOf(userId: string): string {
  return tokenHash(`subject:${userId}`).slice(0, 32);
}
