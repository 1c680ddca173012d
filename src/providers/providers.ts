import type { ColleagueLinks } from '#contract/connect-invitations';
import type { ApiKeyId, PersonId, ProviderId } from '#contract/ids';
import type { Permission, Role } from '#contract/permissions';
import type { ApiKey } from '#contract/providers';
import type { SecondFactorPolicy } from '#contract/sign-in';
import type { Endpoint, RawRoutes } from '#platform/http';
import type { Handler } from '#platform/jobs/worker';
import type { Resealed } from '#platform/reseal';
import type { Scope } from '#platform/scope';
import { type AddedPerson, addPerson, type NewPerson } from './add-person.ts';
import { type Authenticate, createAuthenticate } from './authenticate.ts';
import type { Caller } from './caller.ts';
import { scopeOf } from './caller.ts';
import { changePackage } from './change-package.ts';
import { refuseClosed } from './closed-provider.ts';
import { createProvider, type NewProvider } from './create-provider.ts';
import { endSessions, forgetPeople } from './forget-people.ts';
import { createSessionWatch } from './forget-sessions.ts';
import { type Licence, listPackage, type Product } from './licence-store.ts';
import { mailEndpoints } from './mail-routes.ts';
import { createApiKey, revokeApiKey } from './manage-api-keys.ts';
import { packageEndpoints } from './package-routes.ts';
import { requirePermission, requireSecondFactor } from './permission.ts';
import { setColleagueLinks, setSecondFactorPolicy } from './policies.ts';
import { providerEndpoints } from './provider-routes.ts';
import { listProviders, type Provider } from './provider-store.ts';
import { resealSignIn } from './reseal-sign-in.ts';
import { resetSecondFactor } from './reset-second-factor.ts';
import { createSignIn, type SignInDeps } from './sign-in.ts';

/** Providers, their people, and who may do what. */
export interface Providers {
  readonly sessionCookieName: string;
  readonly endpoints: Endpoint[];
  readonly rawRoutes: RawRoutes[];
  readonly handlers: Handler[];
  /** What is due by the clock: sessions that have ended are forgotten. */
  tick(): Promise<void>;
  authenticate: Authenticate;
  /** @throws AppError `permission.missing`, `provider.closed`, `sign-in.second-factor-required` */
  require(caller: Caller, permission: Permission): Promise<void>;
  create(wish: NewProvider): Promise<Provider>;
  /** Providers of this Bursar, oldest first, at most `limit`; those behind `after`, if named. */
  list(limit: number, after?: ProviderId): Promise<Provider[]>;
  addPerson(scope: Scope, wish: NewPerson): Promise<AddedPerson>;
  createApiKey(
    scope: Scope,
    wish: { name: string; role: Role },
  ): Promise<{ apiKey: ApiKey; key: string }>;
  revokeApiKey(scope: Scope, id: ApiKeyId): Promise<void>;
  grantLicence(scope: Scope, product: Product): Promise<void>;
  withdrawLicence(scope: Scope, product: Product): Promise<void>;
  /** Whether Owners and Admins must have a second factor; repeating it changes nothing. */
  setSecondFactorPolicy(scope: Scope, policy: SecondFactorPolicy): Promise<void>;
  /** Who may follow a link to connect; repeating it changes nothing. */
  setColleagueLinks(scope: Scope, policy: ColleagueLinks): Promise<void>;
  /**
   * Takes away every way in of a person but the password; answers whether they have one, and null
   * when nobody has this e-mail.
   */
  resetSecondFactor(email: string): Promise<{ hasPassword: boolean } | null>;
  /** Seals what the sign-in library keeps with the present key. */
  resealSecrets(): Promise<Resealed>;
  listPackage(scope: Scope): Promise<Licence[]>;
  /** Signs everybody out who belongs to this provider alone, except one person. */
  endSessions(providerId: ProviderId, spared: PersonId | null): Promise<void>;
  /** Forgets everybody who belongs to this provider alone; cannot be undone. */
  forgetPeople(providerId: ProviderId): Promise<void>;
}

/** Puts the room together, once a process. Asynchronous, as the sign-in library is. */
export async function createProviders(deps: SignInDeps): Promise<Providers> {
  const { database, clock, events } = deps;
  const signIn = await createSignIn(deps);
  const { library, sessions } = signIn;

  return {
    sessionCookieName: sessions.cookies.session,
    rawRoutes: signIn.rawRoutes,
    handlers: signIn.handlers,
    tick: createSessionWatch({ clock, library }),
    endpoints: [
      ...signIn.endpoints,
      ...providerEndpoints(deps),
      ...packageEndpoints(deps),
      ...mailEndpoints(deps),
    ],
    authenticate: createAuthenticate({ database, clock, sessions }),
    async require(caller, permission) {
      await refuseClosed(database, caller.providerId, permission);
      await requirePermission(database, scopeOf(caller), caller.role, permission);
      await requireSecondFactor(database, caller, scopeOf(caller), permission);
    },
    endSessions: (providerId, spared) => endSessions({ database, library }, providerId, spared),
    forgetPeople: (providerId) => forgetPeople({ database, library }, providerId),
    create: (wish) => createProvider({ database, clock }, wish),
    list: (limit, after) => database.asSystem((tx) => listProviders(tx, limit, after ?? null)),
    addPerson: (scope, wish) => addPerson({ database, clock, events, library }, scope, wish),
    createApiKey: (scope, wish) => createApiKey(deps, scope, wish),
    revokeApiKey: (scope, id) => revokeApiKey(deps, scope, id),
    grantLicence: (scope, product) => changePackage(deps, scope, product, 'granted'),
    setSecondFactorPolicy: (scope, policy) => setSecondFactorPolicy(deps, scope, policy),
    setColleagueLinks: (scope, policy) => setColleagueLinks(deps, scope, policy),
    resetSecondFactor: (email) => resetSecondFactor({ database, events, library }, email),
    resealSecrets: () => resealSignIn(library),
    withdrawLicence: (scope, product) => changePackage(deps, scope, product, 'withdrawn'),
    listPackage: (scope) => database.asProvider(scope.providerId, (tx) => listPackage(tx, scope)),
  };
}
