import { createHash } from 'node:crypto';
import type { Organisation } from '../accounting/model.ts';
import type { EmulatorClock } from '../core/clock.ts';
import type { Collection } from '../core/collection.ts';
import type { Ids } from '../core/ids.ts';
import type { Store } from '../core/store.ts';
import type {
  App,
  AuthorizationCode,
  Connection,
  ConsentRequest,
  Grant,
  Membership,
  RefreshToken,
  Tier,
  XeroUser,
} from './model.ts';

/** Everything the identity side keeps. */
export interface Registry {
  readonly store: Store;
  readonly clock: EmulatorClock;
  readonly ids: Ids;
  readonly apps: Collection<App>;
  readonly users: Collection<XeroUser>;
  readonly organisations: Collection<Organisation>;
  readonly memberships: Collection<Membership>;
  readonly consentRequests: Collection<ConsentRequest>;
  readonly codes: Collection<AuthorizationCode>;
  readonly grants: Collection<Grant>;
  readonly refreshTokens: Collection<RefreshToken>;
  readonly connections: Collection<Connection>;
}

/** The identity side of a store, with its lookups; rows that are loaded later are in them too. */
export function openRegistry(store: Store, clock: EmulatorClock, ids: Ids): Registry {
  const registry: Registry = {
    store,
    clock,
    ids,
    apps: store.collection<App>('apps'),
    users: store.collection<XeroUser>('users'),
    organisations: store.collection<Organisation>('organisations'),
    memberships: store.collection<Membership>('memberships'),
    consentRequests: store.collection<ConsentRequest>('consentRequests'),
    codes: store.collection<AuthorizationCode>('codes'),
    grants: store.collection<Grant>('grants'),
    refreshTokens: store.collection<RefreshToken>('refreshTokens'),
    connections: store.collection<Connection>('connections'),
  };
  registry.memberships.addIndex('user', (membership) => membership.userId);
  registry.refreshTokens.addIndex('grant', (token) => token.grantId);
  registry.connections.addIndex('app', (connection) => connection.appId);
  registry.connections.addIndex('org', (connection) => connection.orgId);
  return registry;
}

/** Connections that a tier may hold. */
const TIER_CONNECTIONS: Readonly<Record<Tier, number>> = {
  STARTER: 5,
  CORE: 50,
  PLUS: 1_000,
  ADVANCED: 10_000,
  ENTERPRISE: Number.POSITIVE_INFINITY,
};
const MAX_UNCERTIFIED_APPS = 2;

/**
 * SHA-256 in hex: all that is kept of a refresh token. Secrets are compared by it as well, since
 * two hashes are of one length.
 */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** A Xero user as consent page, ID token and a paper's history name them. */
export function fullName(user: XeroUser): string {
  return `${user.givenName} ${user.familyName}`;
}

/** The user's connection of that organisation to the app. */
export function connectionOf(
  registry: Registry,
  appId: string,
  userId: string,
  orgId: string,
): Connection | undefined {
  return registry.connections
    .find('app', appId)
    .find((connection) => connection.userId === userId && connection.orgId === orgId);
}

/** Everyone who has a role in an organisation. */
export function membersOf(registry: Registry, orgId: string): (XeroUser & Membership)[] {
  return registry.memberships.all().flatMap((membership) => {
    const user = registry.users.get(membership.userId);
    return membership.orgId === orgId && user ? [{ ...user, ...membership }] : [];
  });
}

/** An organisation on the consent page, with the reason when it cannot be chosen. */
export interface OrganisationChoice {
  readonly organisation: Organisation;
  readonly isConnected: boolean;
  readonly refusal: string | undefined;
}

/** The organisations of a user as the consent page offers them. */
export function organisationChoices(
  registry: Registry,
  app: App,
  userId: string,
): OrganisationChoice[] {
  return registry.memberships.find('user', userId).flatMap((membership) => {
    const organisation = registry.organisations.get(membership.orgId);
    if (!organisation) return [];
    const isConnected = connectionOf(registry, app.id, userId, organisation.id) !== undefined;
    return [{ organisation, isConnected, refusal: connectRefusal(registry, app, membership) }];
  });
}

/** Roles that only look or only invoice may not connect apps. */
export function mayConnect(membership: Membership): boolean {
  return membership.role === 'ADVISER' || membership.role === 'STANDARD';
}

function connectRefusal(registry: Registry, app: App, membership: Membership): string | undefined {
  if (!mayConnect(membership)) return 'Your role here does not allow connecting apps';
  const here = new Set(registry.connections.find('org', membership.orgId).map((one) => one.appId));
  if (here.has(app.id)) return undefined;
  const uncertified = [...here].filter((id) => registry.apps.get(id)?.isCertified === false);
  if (!app.isCertified && uncertified.length >= MAX_UNCERTIFIED_APPS) {
    return 'This organisation already has two uncertified apps';
  }
  const orgs = new Set(registry.connections.find('app', app.id).map((one) => one.orgId));
  if (orgs.size >= TIER_CONNECTIONS[app.tier]) {
    return 'This app has reached the number of connections that its tier allows';
  }
  return undefined;
}
