import { join } from 'node:path';
import { type Audit, createAudit } from '#audit/index';
import { type Billing, createBilling } from '#billing/index';
import { type Closing, createClosing } from '#closing/index';
import { type Connections, createConnections, sealedConsentColumns } from '#connections/index';
import { createEventLog, type EventLog } from '#events/index';
import { createLearners, type Learners } from '#learners/index';
import { openAuthDatabase } from '#platform/auth-database';
import { chance } from '#platform/chance';
import { type Clock, systemClock } from '#platform/clock';
import type { Config } from '#platform/config';
import { type Database, openDatabase } from '#platform/database';
import type { Endpoint, RawRoutes } from '#platform/http';
import { createInstallation, type Installation } from '#platform/installation';
import type { Handler } from '#platform/jobs/worker';
import { createLogger, type Logger } from '#platform/logger';
import { createMailDelivery } from '#platform/mail-delivery';
import { createMetrics, type Metrics } from '#platform/metrics';
import type { SealedColumn } from '#platform/reseal';
import { type SchemaWatch, watchSchema } from '#platform/schema-watch';
import { createSecretBox, type SecretBox } from '#platform/secrets';
import { createProviders, type Providers } from '#providers/index';
import { createSupport, type Support } from '#support/index';
import { createForgetting, createOnlineView, createSync, type Sync } from '#sync/index';
import { createWebhooks, sealedWebhookColumns, type Webhooks } from '#webhooks/index';
import { createWorkplaces, type Workplaces } from '#workplaces/index';
import {
  createGrantCopies,
  createXero,
  noGrantCopies,
  type Send,
  sealedGrantColumns,
  type Xero,
} from '#xero/index';
import { awaitDatabase } from './await-database.ts';

/** Everything of one process, wired. */
export interface Context {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly database: Database;
  readonly schema: SchemaWatch;
  readonly metrics: Metrics;
  readonly installation: Installation;
  readonly events: EventLog;
  readonly providers: Providers;
  readonly learners: Learners;
  readonly workplaces: Workplaces;
  readonly xero: Xero;
  readonly connections: Connections;
  readonly billing: Billing;
  readonly sync: Sync;
  readonly audit: Audit;
  readonly webhooks: Webhooks;
  readonly secrets: SecretBox;
  /** Every column whose texts `secrets` seals. */
  readonly sealedColumns: readonly SealedColumn[];
  readonly support: Support;
  readonly closing: Closing;
  readonly endpoints: readonly Endpoint[];
  readonly rawRoutes: readonly RawRoutes[];
  readonly handlers: readonly Handler[];
  /** Wakes what is due by the clock: called by the worker every few seconds, and by tests. */
  tick(): Promise<void>;
  /** Waits until the database can be reached; rejects when it can be and does not serve. */
  databaseIsThere(): Promise<void>;
  close(): Promise<void>;
}

/** What tests put in the place of the real thing. */
export interface Overrides {
  clock?: Clock;
  logger?: Logger;
  /** From 0 up to 1; spreads renewals and retries. By chance unless given. */
  random?: () => number;
  /** Connections in the pool of this process. */
  poolSize?: number;
  /** How requests leave for Xero; by the network unless given. */
  send?: Send;
}

/** Makes every room and ties the upper ones to what happens in the lower ones. */
export async function createContext(config: Config, overrides: Overrides = {}): Promise<Context> {
  const { publicUrl, encryptionKeys } = config;
  const clock = overrides.clock ?? systemClock;
  const logger = overrides.logger ?? createLogger({ level: config.logLevel, name: 'bursar' });
  const poolSize = overrides.poolSize ?? config.databaseConnections;
  const database = openDatabase(config.databaseUrl, { poolSize });
  const authDatabase = openAuthDatabase(config.databaseUrl);
  const events = createEventLog(clock);
  const secrets = createSecretBox(encryptionKeys);
  const metrics = createMetrics(database);
  const installation = createInstallation({ database, clock, config });
  const isHeld = async () => (await installation.whyHeld()) !== null;
  const random = overrides.random ?? chance;
  const shared = { database, clock, events, logger, secrets, publicUrl, metrics, random };

  const folder = join(config.dataDir, 'grants');
  const copies = config.keepsGrantCopies
    ? createGrantCopies({ folder, secrets, logger })
    : noGrantCopies;
  const send = overrides.send && { send: overrides.send };
  const xero = createXero({ ...shared, config: config.xero, copies, isHeld, ...send });
  const providers = await createProviders({
    ...shared,
    authDatabase,
    encryptionKeys,
    sendsMail: config.mail.server !== null,
    xeroIdentity: xero.identity,
    isSignUpOpen: config.isSignUpOpen,
  });
  const learners = createLearners(shared);
  const workplaces = createWorkplaces(shared);
  const connections = createConnections({ ...shared, xero, providers, isHeld });
  const theirs = { connections, xero: xero.client };
  const onlineViewUrl = createOnlineView({ ...shared, ...theirs });
  const billing = createBilling({ ...shared, onlineViewUrl });
  const sync = createSync({
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
  });
  const forgetting = createForgetting(shared);
  const ours = { ...shared, operatorEmail: config.mail.operatorEmail };
  const support = createSupport(ours);
  const closing = createClosing({ ...ours, providers, connections });
  const mail = createMailDelivery({ ...shared, config: config.mail });
  const audit = createAudit({ ...shared, dataDir: config.dataDir });
  const webhooks = createWebhooks({ ...shared, allowLocal: config.allowsLocalWebhooks });
  const rooms = [
    ...[providers, learners, workplaces, connections, billing, sync, support, closing],
    ...[audit, webhooks],
  ];

  return {
    config,
    clock,
    logger,
    database,
    schema: await watchSchema(database),
    metrics,
    installation,
    events,
    providers,
    learners,
    workplaces,
    xero,
    connections,
    billing,
    sync,
    support,
    closing,
    audit,
    webhooks,
    secrets,
    sealedColumns: [...sealedGrantColumns, ...sealedConsentColumns, ...sealedWebhookColumns],
    endpoints: rooms.flatMap((room) => room.endpoints),
    rawRoutes: [
      ...providers.rawRoutes,
      ...connections.rawRoutes,
      ...sync.rawRoutes,
      ...closing.rawRoutes,
    ],
    handlers: [
      ...providers.handlers,
      ...learners.handlers,
      ...connections.handlers,
      ...webhooks.handlers,
      ...sync.handlers,
      ...mail.handlers,
      ...audit.handlers,
      forgetting.handler,
      ...closing.handlers,
    ],
    async tick() {
      await Promise.all([
        metrics.flush(),
        providers.tick(),
        connections.tick(),
        sync.tick(),
        forgetting.tick(),
        learners.tick(),
        mail.tick(),
        closing.tick(),
        audit.tick(),
        webhooks.tick(),
      ]);
    },
    databaseIsThere: () =>
      awaitDatabase({
        reach: async () => {
          (await database.connect()).release();
          await authDatabase.reach();
        },
        missed: (error) =>
          logger.warn({ err: error }, 'the database can’t be reached yet; trying again'),
      }),
    async close() {
      await Promise.all([authDatabase.close(), database.close()]);
    },
  };
}
