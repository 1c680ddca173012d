import type { Clock } from '#platform/clock';
import type { XeroConfig } from '#platform/config';
import type { Database } from '#platform/database';
import type { Logger } from '#platform/logger';
import type { SecretBox } from '#platform/secrets';
import { type Budget, createBudget } from './budget.ts';
import { createGrantVault, type GrantVault } from './grant-vault.ts';
import { createOAuth, type OAuth } from './oauth.ts';
import type { XeroClient } from './org-client.ts';
import { type Send, sendByFetch } from './request.ts';
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
  /** Stands in for the network in tests. */
  send?: Send;
}

/** Everything Bursar can do at Xero, one per process. */
export interface Xero {
  /** Whether this Bursar has an app at Xero at all. */
  readonly isConfigured: boolean;
  readonly oauth: OAuth;
  readonly vault: GrantVault;
  readonly connections: XeroConnections;
  readonly client: XeroClient;
  readonly usageOf: Budget['usageOf'];
}

/** Path of the redirect address; registered at Xero with the public address before it. */
export const CALLBACK_PATH = '/connect/xero/callback';

export function createXero(deps: XeroDeps): Xero {
  const send = deps.send ?? sendByFetch;
  const oauth = createOAuth({ ...deps, send, redirectUri: `${deps.publicUrl}${CALLBACK_PATH}` });
  const vault = createGrantVault({ ...deps, oauth });
  const budget = createBudget(deps);
  return {
    isConfigured: deps.config.app !== null,
    oauth,
    vault,
    connections: createXeroConnections({ ...deps, vault, send }),
    client: createXeroClient({ ...deps, vault, budget, send }),
    usageOf: budget.usageOf,
  };
}
