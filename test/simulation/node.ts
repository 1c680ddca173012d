import { createBilling } from '#billing/index';
import { createConnections } from '#connections/index';
import { createEventLog } from '#events/index';
import { createLearners } from '#learners/index';
import type { Clock } from '#platform/clock';
import type { Config } from '#platform/config';
import type { Database } from '#platform/database';
import type { Endpoint } from '#platform/http';
import type { Handler } from '#platform/jobs/worker';
import { silentLogger } from '#platform/logger';
import type { SecretBox } from '#platform/secrets';
import { createOnlineView, createSync } from '#sync/index';
import { createWorkplaces } from '#workplaces/index';
import { createXero } from '#xero/index';
import { receive } from '../../src/sync/pull/webhook-routes.ts';
import type { Send } from '../../src/xero/request.ts';

/** One process of Bursar, as much of it as the sync touches. */
export interface SimulatedNode {
  readonly name: string;
  readonly database: Database;
  readonly endpoints: readonly Endpoint[];
  readonly handlers: readonly Handler[];
  readonly xero: ReturnType<typeof createXero>;
  readonly connections: ReturnType<typeof createConnections>;
  readonly connectionsDeps: Parameters<typeof createConnections>[0];
  receive(body: Buffer, signature: string | undefined): Promise<number>;
  /** What the worker calls every few seconds, one after the other. */
  readonly ticks: readonly (() => Promise<unknown>)[];
}

/** Wires the rooms as `entry/context` does, without what serves people alone. */
export function createNode(given: {
  name: string;
  database: Database;
  clock: Clock;
  config: Pick<Config, 'xero' | 'publicUrl'>;
  secrets: SecretBox;
  send: Send;
}): SimulatedNode {
  const { name, database, clock, config, secrets, send } = given;
  const { publicUrl } = config;
  const logger = silentLogger;
  const events = createEventLog(clock);
  // Sums of what happened are no part of what is simulated.
  const metrics = { count: () => undefined, flush: async () => undefined, sums: async () => [] };
  const shared = { database, clock, events, logger, secrets, publicUrl, metrics };
  const xero = createXero({ ...shared, config: config.xero, send });
  const learners = createLearners(shared);
  const workplaces = createWorkplaces(shared);
  const providers = {
    authenticate: () => Promise.reject(new Error('Nobody signs in here')),
    sessionCookieName: 'session',
  };
  const isHeld = () => Promise.resolve(false);
  const connectionsDeps = { ...shared, xero, providers, isHeld };
  const connections = createConnections(connectionsDeps);
  const theirs = { connections, xero: xero.client };
  const billing = createBilling({
    ...shared,
    onlineViewUrl: createOnlineView({ ...shared, ...theirs }),
  });
  const syncDeps = {
    ...shared,
    ...theirs,
    learners,
    workplaces,
    billing,
    usageOf: xero.usageOf,
    heardFromXero: xero.arrivals.note,
    webhookKey: config.xero.app?.webhookKey ?? null,
    xeroPagesUrl: config.xero.pagesUrl,
    contactsPerCall: config.xero.contactsPerCall,
  };
  const sync = createSync(syncDeps);
  return {
    name,
    database,
    endpoints: [learners, workplaces, connections, billing, sync].flatMap((room) => room.endpoints),
    handlers: [...sync.handlers, ...connections.handlers, ...learners.handlers],
    xero,
    connections,
    connectionsDeps,
    receive: (body, signature) => receive(syncDeps, body, signature),
    ticks: [() => sync.tick(), () => connections.tick()],
  };
}
