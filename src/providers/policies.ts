import type { ColleagueLinks } from '#contract/connect-invitations';
import type { SecondFactorPolicy } from '#contract/sign-in';
import type { EventLog, EventOf } from '#events/index';
import type { Database } from '#platform/database';
import type { Scope } from '#platform/scope';
import { type PolicyColumn, storePolicy } from './provider-store.ts';

interface Deps {
  database: Database;
  events: EventLog;
}

/** Sets whether a provider's Owners and Admins must have a second factor. */
export function setSecondFactorPolicy(deps: Deps, scope: Scope, policy: SecondFactorPolicy) {
  return set(deps, scope, 'second_factor', { kind: 'second-factor.policy-set', policy });
}

/** Sets who may follow a link to connect: anybody, or members of the provider alone. */
export function setColleagueLinks(deps: Deps, scope: Scope, policy: ColleagueLinks) {
  return set(deps, scope, 'colleague_links', { kind: 'connection.link-policy-set', policy });
}

async function set(
  { database, events }: Deps,
  scope: Scope,
  column: PolicyColumn,
  event: EventOf<'second-factor.policy-set' | 'connection.link-policy-set'>,
): Promise<void> {
  await database.asProvider(scope.providerId, async (tx) => {
    if (await storePolicy(tx, scope, column, event.policy)) await events.append(tx, scope, event);
  });
}
