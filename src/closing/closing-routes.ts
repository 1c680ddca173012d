import { closingRoutes as api } from '#contract/closing';
import { type Endpoint, endpoint } from '#platform/http';
import { closeProvider, readStanding, reopenProvider } from './close-provider.ts';
import type { ClosingDeps } from './closing.ts';

/** A provider's standing, closing and reopening; taking its data out stands in `export-route`. */
export function closingEndpoints(deps: ClosingDeps): Endpoint[] {
  return [
    endpoint(api.getProviderStanding, ({ scope }) => readStanding(deps, scope)),

    endpoint(api.closeProvider, ({ scope, body }) => closeProvider(deps, scope, body.name)),

    endpoint(api.reopenProvider, async ({ scope }) => {
      await reopenProvider(deps, scope);
      return null;
    }),
  ];
}
