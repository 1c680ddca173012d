import type { ApiKeyId, PersonId, ProviderId } from '#contract/ids';
import type { Permission, Role } from '#contract/permissions';
import type { ApiKey } from '#contract/providers';
import type { EventLog } from '#events/index';
import type { AuthDatabase } from '#platform/auth-database';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Endpoint } from '#platform/http';
import type { Logger } from '#platform/logger';
import type { Scope } from '#platform/scope';
import type { EncryptionKey } from '#platform/secrets';
import { type AddedPerson, addPerson, type NewPerson } from './add-person.ts';
import { type Authenticate, createAuthenticate } from './authenticate.ts';
import type { Caller } from './caller.ts';
import { scopeOf } from './caller.ts';
import { refuseClosed } from './closed-provider.ts';
import { createProvider, type NewProvider } from './create-provider.ts';
import { changePackage } from './change-package.ts';
import { endSessions, forgetPeople } from './forget-people.ts';
import { type Licence, listPackage, type Product } from './licence-store.ts';
import { mailEndpoints } from './mail-routes.ts';
import { createApiKey, revokeApiKey } from './manage-api-keys.ts';
import { packageEndpoints } from './package-routes.ts';
import { requirePermission } from './permission.ts';
import { providerEndpoints } from './provider-routes.ts';
import { listProviders, type Provider } from './provider-store.ts';
import { createSessions } from './session.ts';
import { sessionEndpoints } from './session-routes.ts';
import { createSignInAttempts } from './sign-in-attempts.ts';
import { createSignInLibrary } from './sign-in-library.ts';

export interface ProvidersDeps {
  database: Database;
  authDatabase: AuthDatabase;
  clock: Clock;
  events: EventLog;
  logger: Logger;
  encryptionKeys: readonly EncryptionKey[];
  publicUrl: string;
  /** Whether a mail server is configured. */
  sendsMail: boolean;
}

/** Providers, their people, and who may do what. */
export interface Providers {
  readonly sessionCookieName: string;
  readonly endpoints: Endpoint[];
  authenticate: Authenticate;
  /** @throws AppError `permission.missing`, `provider.closed` */
  require(caller: Caller, permission: Permission): Promise<void>;
  create(wish: NewProvider): Promise<Provider>;
  /** Every provider of this Bursar, oldest first, at most `limit`. */
  list(limit: number): Promise<Provider[]>;
  addPerson(scope: Scope, wish: NewPerson): Promise<AddedPerson>;
  createApiKey(
    scope: Scope,
    wish: { name: string; role: Role },
  ): Promise<{ apiKey: ApiKey; key: string }>;
  revokeApiKey(scope: Scope, id: ApiKeyId): Promise<void>;
  grantLicence(scope: Scope, product: Product): Promise<void>;
  withdrawLicence(scope: Scope, product: Product): Promise<void>;
  listPackage(scope: Scope): Promise<Licence[]>;
  /** Signs everybody out who belongs to this provider alone, except one person. */
  endSessions(providerId: ProviderId, spared: PersonId | null): Promise<void>;
  /** Forgets everybody who belongs to this provider alone; cannot be undone. */
  forgetPeople(providerId: ProviderId): Promise<void>;
}

export async function createProviders(deps: ProvidersDeps): Promise<Providers> {
  const { database, clock, events } = deps;
  const library = createSignInLibrary({ ...deps, keys: deps.encryptionKeys });
  const sessions = await createSessions(library, createSignInAttempts(database, clock));

  return {
    sessionCookieName: sessions.cookieName,
    endpoints: [...sessionEndpoints({ database, sessions }), ...providerEndpoints(deps), ...packageEndpoints(deps), ...mailEndpoints(deps)],
    authenticate: createAuthenticate({ database, clock, sessions }),
    async require(caller, permission) {
      await refuseClosed(database, caller.providerId, permission);
      await requirePermission(database, scopeOf(caller), caller.role, permission);
    },
    endSessions: (providerId, spared) => endSessions({ database, library }, providerId, spared),
    forgetPeople: (providerId) => forgetPeople({ database, library }, providerId),
    create: (wish) => createProvider({ database, clock }, wish),
    list: (limit) => database.asSystem((tx) => listProviders(tx, limit)),
    addPerson: (scope, wish) => addPerson({ database, clock, events, library }, scope, wish),
    createApiKey: (scope, wish) => createApiKey(deps, scope, wish),
    revokeApiKey: (scope, id) => revokeApiKey(deps, scope, id),
    grantLicence: (scope, product) =>
      changePackage(deps, scope, product, 'granted'),
    withdrawLicence: (scope, product) => changePackage(deps, scope, product, 'withdrawn'),
    listPackage: (scope) => database.asProvider(scope.providerId, (tx) => listPackage(tx, scope)),
  };
}
