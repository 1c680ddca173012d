import { organisationRoutes as api } from '#contract/organisations';
import { type Endpoint, endpoint } from '#platform/http';
import type { ConnectionsDeps } from './deps.ts';
import { setRules, showRules } from './organisation-rules.ts';
import { knownOrganisations } from './organisation-store.ts';

/** The organisations a provider has, and the rules by which its learners belong to one of them. */
export function organisationEndpoints(deps: ConnectionsDeps): Endpoint[] {
  return [
    endpoint(api.listOrganisations, async ({ scope }) => ({
      organisations: await deps.database.asProvider(scope.providerId, (tx) =>
        knownOrganisations(tx, scope),
      ),
    })),

    endpoint(api.getOrganisationRules, ({ scope }) => showRules(deps, scope)),

    endpoint(api.setOrganisationRules, ({ scope, body }) => setRules(deps, scope, body)),
  ];
}
