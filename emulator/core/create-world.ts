import type { Switches } from '../accounting/api-call.ts';
import { type Books, openBooks } from '../accounting/books.ts';
import { FaultBox } from '../control/faults.ts';
import { CallLog } from '../control/log.ts';
import { openSigningKey, type SigningKey } from '../identity/keys.ts';
import { openRegistry } from '../identity/registry.ts';
import { TokenIssuer } from '../identity/token-issuer.ts';
import { IdempotencyStore } from '../rules/idempotency.ts';
import { RateLimits } from '../rules/limits.ts';
import { WebhookCenter } from '../webhooks/delivery.ts';
import { watchBooks } from '../webhooks/emit.ts';
import { EmulatorClock, type TimeSource } from './clock.ts';
import { type Ids, randomIds, seededIds } from './ids.ts';
import { Store } from './store.ts';
import type { World } from './world.ts';

export interface WorldOptions {
  readonly clock?: TimeSource;
  readonly seed?: unknown;
  readonly ids?: Ids;
  readonly dataDir?: string;
  readonly webhookRetryMs?: number;
  readonly webhookTimeoutMs?: number;
}

const WEBHOOK_RETRY_MS = 15 * 60_000;
const WEBHOOK_TIMEOUT_MS = 5_000;
const HIGH_VOLUME_ROWS = 100_000;

/** Behaviour that is on unless someone switches it. */
export function defaultSwitches(): Switches {
  return {
    paymentEvents: true,
    sentinelNames: true,
    highVolumeRows: HIGH_VOLUME_ROWS,
    keepsIdempotencyKeys: true,
    supersessionKillsAccess: false,
    unknownConnectionIs401: false,
    signInSupersedes: false,
    reconnectKeepsAuthEvent: false,
    apiRestoresContacts: false,
    misspelsScopeError: false,
    answersOutOfOrder: false,
    refusesOddAddresses: false,
    mergesMovePapersLoudly: false,
    mergesLeavePapers: false,
    settledEditsAreDated: false,
    erasureHidesContacts: false,
  };
}

/** Puts the parts of an emulator together; nothing is loaded or seeded yet. */
export function createWorld(options: WorldOptions, baseUrl: () => string): World {
  const clock = new EmulatorClock(options.clock);
  // Repeating identifiers are only safe where nothing outlives the process.
  const isRepeatable = typeof options.seed === 'number' && options.dataDir === undefined;
  const ids = options.ids ?? (isRepeatable ? seededIds(Number(options.seed)) : randomIds());
  const store = new Store();
  const registry = openRegistry(store, clock, ids);
  const switches = defaultSwitches();
  const webhooks = new WebhookCenter(store, clock, ids, {
    timeoutMs: options.webhookTimeoutMs ?? WEBHOOK_TIMEOUT_MS,
    retryMs: options.webhookRetryMs ?? WEBHOOK_RETRY_MS,
    baseUrl,
  });
  const opened = new Map<string, Books>();
  let key: SigningKey | undefined;
  const signingKey = () => {
    key ??= openSigningKey(store);
    return key;
  };
  return {
    store,
    clock,
    ids,
    switches,
    registry,
    tokens: new TokenIssuer(registry, signingKey, baseUrl),
    signingKey,
    limits: new RateLimits(clock),
    idempotency: new IdempotencyStore(store, clock),
    faults: new FaultBox(),
    log: new CallLog(clock),
    webhooks,
    baseUrl,
    books: (orgId) => {
      if (!registry.organisations.get(orgId)) return undefined;
      let books = opened.get(orgId);
      if (!books) {
        books = openBooks(store, orgId);
        watchBooks(books, registry, webhooks, switches);
        opened.set(orgId, books);
      }
      return books;
    },
  };
}
