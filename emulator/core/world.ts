import type { Switches } from '../accounting/api-call.ts';
import type { Books } from '../accounting/books.ts';
import type { FaultBox } from '../control/faults.ts';
import type { CallLog } from '../control/log.ts';
import type { SigningKey } from '../identity/keys.ts';
import type { Registry } from '../identity/registry.ts';
import type { TokenIssuer } from '../identity/token-issuer.ts';
import type { IdempotencyStore } from '../rules/idempotency.ts';
import type { RateLimits } from '../rules/limits.ts';
import type { WebhookCenter } from '../webhooks/delivery.ts';
import type { EmulatorClock } from './clock.ts';
import type { Ids } from './ids.ts';
import type { Store } from './store.ts';

/** Everything that one running emulator consists of. */
export interface World {
  readonly store: Store;
  readonly clock: EmulatorClock;
  readonly ids: Ids;
  readonly switches: Switches;
  readonly registry: Registry;
  readonly tokens: TokenIssuer;
  readonly signingKey: () => SigningKey;
  readonly limits: RateLimits;
  readonly idempotency: IdempotencyStore;
  readonly faults: FaultBox;
  readonly log: CallLog;
  readonly webhooks: WebhookCenter;
  /** The base address, known once the port is. */
  readonly baseUrl: () => string;
  /** An organisation's books, or undefined when there is no such organisation. */
  readonly books: (orgId: string) => Books | undefined;
}
