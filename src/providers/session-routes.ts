import { PERMISSIONS, roleMay } from '#contract/permissions';
import { type Me, providerRoutes } from '#contract/providers';
import { AppError } from '#platform/app-error';
import type { Database } from '#platform/database';
import { type Endpoint, endpoint, publicEndpoint } from '#platform/http';
import type { Scope } from '#platform/scope';
import { emailOf, membershipsOf } from './member-store.ts';
import { getProvider } from './provider-store.ts';
import type { Sessions } from './session.ts';

interface Deps {
  database: Database;
  sessions: Sessions;
}

/**
 * Signing in by password, signing out, and who one is with what one may do. The second step and
 * passkeys are with `securityEndpoints`.
 */
export function sessionEndpoints(deps: Deps): Endpoint[] {
  const { sessions } = deps;
  return [
    publicEndpoint(providerRoutes.signIn, async ({ body, exchange }) => {
      return { step: await sessions.signIn(body, exchange) };
    }),

    publicEndpoint(providerRoutes.signOut, async ({ exchange }) => {
      const value = exchange.cookie(sessions.cookies.session);
      if (value) await sessions.signOut(value);
      exchange.clearCookie(sessions.cookies.session);
      return null;
    }),

    endpoint(providerRoutes.me, async ({ scope, exchange }) => {
      const cookie = exchange.cookie(sessions.cookies.session);
      const isPerson = scope.actor.kind === 'person';
      const person = isPerson && cookie ? await sessions.personOf(cookie) : null;
      const isStrong = isPerson ? person?.isStrong === true : true;
      return describeCaller(deps.database, scope, isStrong);
    }),
  ];
}

async function describeCaller(database: Database, scope: Scope, isStrong: boolean): Promise<Me> {
  const { actor } = scope;
  if (actor.kind === 'bursar') throw new Error('Bursar itself never asks who it is');
  const { provider, email } = await database.asProvider(scope.providerId, async (tx) => ({
    provider: await getProvider(tx, scope),
    email: actor.kind === 'person' ? await emailOf(tx, actor.personId) : null,
  }));
  if (!provider) throw new AppError('session.no-provider');
  const { id, name, country } = provider;
  const memberships =
    actor.kind === 'person'
      ? await database.asSystem((tx) => membershipsOf(tx, actor.personId))
      : [{ providerId: id, providerName: name, role: actor.role }];
  return {
    kind: actor.kind,
    name: actor.name,
    email,
    provider: { id, name, country },
    role: actor.role,
    permissions: PERMISSIONS.filter((permission) => roleMay(actor.role, permission)),
    memberships,
    secondFactor: { policy: provider.secondFactor, isStrong },
  };
}
