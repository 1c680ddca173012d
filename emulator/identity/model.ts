import type { Row } from '../core/collection.ts';

/** A person with a Xero login. */
export interface XeroUser extends Row {
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
}

export const ROLES = ['ADVISER', 'STANDARD', 'INVOICEONLY', 'READONLY'] as const;
export type Role = (typeof ROLES)[number];

/** A user's place in one organisation; the id is `user:organisation`. */
export interface Membership extends Row {
  readonly userId: string;
  readonly orgId: string;
  readonly role: Role;
}

export const TIERS = ['STARTER', 'CORE', 'PLUS', 'ADVANCED', 'ENTERPRISE'] as const;
export type Tier = (typeof TIERS)[number];

/** A registered app; the id is its client id. */
export interface App extends Row {
  readonly name: string;
  /** Undefined for apps that authenticate by PKCE alone. */
  readonly secret: string | undefined;
  /** Exact addresses; `http://localhost:*` stands for any port and path on localhost. */
  readonly redirectUris: readonly string[];
  /** Scopes that may be asked for; undefined allows every granular one. */
  readonly allowedScopes: readonly string[] | undefined;
  /** Apps from before March 2026 may still ask for the broad scopes. */
  readonly allowsBroadScopes: boolean;
  readonly tier: Tier;
  readonly isCertified: boolean;
}

/** A consent page on its way: who asked for what. */
export interface ConsentRequest extends Row {
  readonly appId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  readonly challenge: string | undefined;
  readonly isBulkAllowed: boolean;
  readonly userId: string | undefined;
  readonly createdAtMs: number;
}

export interface AuthorizationCode extends Row {
  readonly appId: string;
  readonly userId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly nonce: string | undefined;
  readonly challenge: string | undefined;
  readonly authEventId: string;
  readonly createdAtMs: number;
  readonly isUsed: boolean;
}

/** What one user allowed one app; the id is `app:user`. Scopes only ever add up. */
export interface Grant extends Row {
  readonly appId: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly authEventId: string;
  readonly sessionId: string;
  readonly authTimeMs: number;
}

/** A refresh token, known by its hash. */
export interface RefreshToken extends Row {
  readonly grantId: string;
  readonly issuedAtMs: number;
  readonly rotatedAtMs: number | undefined;
  /** Superseded by a later consent, or revoked. */
  readonly isEnded: boolean;
}

/** An organisation that a user connected to an app. */
export interface Connection extends Row {
  readonly appId: string;
  readonly userId: string;
  readonly orgId: string;
  readonly authEventId: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** The claims of an access token that the API looks at. */
export interface AccessClaims {
  readonly clientId: string;
  /** Undefined for a token that the app got for itself. */
  readonly userId: string | undefined;
  readonly authEventId: string | undefined;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
}
