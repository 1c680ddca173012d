import type { ConnectionId, ProviderId } from '#contract/ids';
import type { EventLog } from '#events/index';
import type { Clock } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import type { Endpoint, RawRoutes } from '#platform/http';
import type { Handler } from '#platform/jobs/worker';
import type { Logger } from '#platform/logger';
import { ownScope, type Scope } from '#platform/scope';
import type { Providers } from '#providers/index';
import { closingHandlers, wakeDueClosings } from './closing-jobs.ts';
import { closingEndpoints } from './closing-routes.ts';
import { eraseNow } from './erase-provider.ts';
import { buildExport } from './export/build-export.ts';
import { exportRoute } from './export-route.ts';

export interface ClosingDeps {
  database: Database;
  clock: Clock;
  events: EventLog;
  logger: Logger;
  providers: Pick<Providers, 'endSessions' | 'forgetPeople'>;
  connections: {
    /** Connections that still stand, at Xero too. */
    standing(tx: Tx, scope: Scope): Promise<ConnectionId[]>;
    /** Ends one, at Xero first. @throws AppError `connection.still-connected` */
    disconnect(scope: Scope, id: ConnectionId): Promise<void>;
    /** Ends all that still stands, without Xero, and forgets what permits to reach it. */
    endWithoutXero(scope: Scope): Promise<void>;
  };
  /** Hears of providers that close; null: nobody does. */
  operatorEmail: string | null;
  publicUrl: string;
}

/** How a provider leaves: takes everything out, closes, and is erased after a grace. */
export interface Closing {
  readonly endpoints: Endpoint[];
  readonly rawRoutes: RawRoutes[];
  readonly handlers: Handler[];
  /** Ends connections that could not be ended yet, and erases who is due. */
  tick(): Promise<void>;
  /** Writes everything of a provider to a new zip file at `path`. */
  exportTo(providerId: ProviderId, path: string): Promise<void>;
  /**
   * Erases a provider that is closed, without waiting any longer; answers how many rows went.
   * @throws AppError `provider.not-closed` while it is open, `connection.still-connected`
   */
  eraseNow(providerId: ProviderId): Promise<number>;
}

/**
 * Wires the room. Without its `tick` every few seconds nobody is erased when their grace is over.
 */
export function createClosing(deps: ClosingDeps): Closing {
  return {
    endpoints: closingEndpoints(deps),
    rawRoutes: [exportRoute(deps)],
    handlers: closingHandlers(deps),
    tick: () => wakeDueClosings(deps),
    exportTo: (providerId, path) => buildExport(deps, ownScope(providerId), path),
    eraseNow: (providerId) => eraseNow(deps, providerId),
  };
}
