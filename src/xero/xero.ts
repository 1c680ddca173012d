import { createBurstAlarm } from '#platform/burst-alarm';
import { type Clock, MINUTE_MS } from '#platform/clock';
import type { XeroConfig } from '#platform/config';
import type { Database } from '#platform/database';
import type { Logger } from '#platform/logger';
import { createMetrics, type Metrics } from '#platform/metrics';
import type { Resealed } from '#platform/reseal';
import type { SecretBox } from '#platform/secrets';
import { type Budget, createBudget } from './budget.ts';
import { type CallWatch, createCallWatch } from './call-watch.ts';
import { type GrantCopies, noGrantCopies } from './grant-copies.ts';
import { type GrantStanding, standingOf } from './grant-standing.ts';
import { createGrantVault, type GrantVault } from './grant-vault.ts';
import { createXeroIdentity, type XeroIdentity } from './identity.ts';
import { createOAuth, type OAuth } from './oauth.ts';
import type { XeroClient } from './org-client.ts';
import { heldBack, type Send, sendByFetch } from './request.ts';
import { resealCopies } from './reseal-copies.ts';
import { createTakeOver } from './take-over.ts';
import { createWebhookArrivals, type WebhookArrivals } from './webhook-arrivals.ts';
import { createXeroClient } from './xero-client.ts';
import { createXeroConnections, type XeroConnections } from './xero-connections.ts';

export interface XeroDeps {
  config: XeroConfig;
  /** Where Bursar is reached; the callback's address is made of it. */
  publicUrl: string;
  database: Database;
  clock: Clock;
  secrets: SecretBox;
  logger: Logger;
  /** Tokens kept beside the database; none unless given. */
  copies?: GrantCopies;
  /** Where calls are counted; sums of its own where none is given. */
  metrics?: Metrics;
  /** Whether nothing may leave this Bursar now; it may unless given. */
  isHeld?: () => Promise<boolean>;
  /** From 0 up to 1; spreads renewals. By chance unless given. */
  random?: () => number;
  /** Stands in for the network in tests. */
  send?: Send;
}

/** Everything Bursar can do at Xero, one per process. */
export interface Xero {
  /** Whether this Bursar has an app at Xero at all. */
  readonly isConfigured: boolean;
  /** Whether Xero is told where to send notices, as far as we know. */
  readonly hasWebhooks: boolean;
  readonly arrivals: WebhookArrivals;
  readonly oauth: OAuth;
  /** Who people are, for signing in. */
  readonly identity: XeroIdentity;
  readonly vault: GrantVault;
  readonly connections: XeroConnections;
  readonly client: XeroClient;
  readonly usageOf: Budget['usageOf'];
  readonly watch: CallWatch;
  /** Seals the permissions that lie beside the database on this machine with the present key. */
  resealCopies(): Promise<Resealed>;
  /** How a grant stands, without its secrets; null for one that was erased. */
  standingOf(grantId: string): Promise<GrantStanding | null>;
}

/** So many refusals of our access in a minute mean more than one withdrawn permission. */
const REFUSAL_BURST = { limit: 20, windowMs: MINUTE_MS };

/** Path of the redirect address; registered at Xero with the public address before it. */
export const CALLBACK_PATH = '/connect/xero/callback';

/**
 * Puts the room together, once a process. All that goes to Xero passes one sender, which lets
 * nothing out while this Bursar is on hold.
 */
export function createXero(deps: XeroDeps): Xero {
  const send = heldBack(deps.send ?? sendByFetch, deps.isHeld);
  const oauth = createOAuth({ ...deps, send, redirectUri: `${deps.publicUrl}${CALLBACK_PATH}` });
  const vault = createGrantVault({ ...deps, oauth });
  const budget = createBudget(deps);
  const metrics = deps.metrics ?? createMetrics(deps.database);
  const refusals = createBurstAlarm({ clock: deps.clock, ...REFUSAL_BURST, ring: ringOf(deps) });
  const watch = createCallWatch({ ...deps, metrics, refusals });
  return {
    isConfigured: deps.config.app !== null,
    hasWebhooks: deps.config.app?.webhookKey != null,
    arrivals: createWebhookArrivals(deps.database),
    oauth,
    identity: createXeroIdentity({ ...deps, send, takeOver: createTakeOver({ ...deps, oauth }) }),
    vault,
    connections: createXeroConnections({ ...deps, vault, send, watch }),
    client: createXeroClient({ ...deps, vault, budget, send, watch }),
    usageOf: budget.usageOf,
    watch,
    resealCopies: () => resealCopies(deps.database, deps.copies ?? noGrantCopies),
    standingOf: (grantId) => standingOf(deps.database, grantId),
  };
}

function ringOf({ logger }: Pick<XeroDeps, 'logger'>) {
  return (count: number) =>
    logger.warn(
      { code: 'alarm.many-refusals', count },
      'Xero refuses our access again and again: look at the app’s secret and the machine’s clock',
    );
}
