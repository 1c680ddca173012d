import { billingRoutes } from './billing.ts';
import { connectionRoutes } from './connections.ts';
import { importRoutes } from './imports.ts';
import { learnerRoutes } from './learners.ts';
import { providerRoutes } from './providers.ts';
import { syncRoutes } from './sync.ts';

/** Every route of the API, by name: the server must register them all, and no other. */
export const api = {
  ...providerRoutes,
  ...learnerRoutes,
  ...importRoutes,
  ...connectionRoutes,
  ...syncRoutes,
  ...billingRoutes,
};

export type Api = typeof api;
