import { createHash } from 'node:crypto';
import { badRequest } from '../accounting/api-error.ts';
import type { EmulatorClock } from '../core/clock.ts';
import type { Collection, Row } from '../core/collection.ts';
import type { Store } from '../core/store.ts';

/** An answer that is repeated for the same key; errors are kept like successes. */
export interface KeptAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly bodyBase64: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface KeptKey extends Row {
  readonly fingerprint: string;
  readonly atMs: number;
  readonly answer: KeptAnswer;
}

const KEPT_MS = 6 * 60_000;
const MAX_KEY_CHARS = 128;
const WRITES = new Set(['POST', 'PUT', 'PATCH']);

/** Remembers answers for six minutes from the first call, per app. */
export class IdempotencyStore {
  readonly #keys: Collection<KeptKey>;
  readonly #clock: EmulatorClock;

  constructor(store: Store, clock: EmulatorClock) {
    this.#keys = store.collection<KeptKey>('idempotencyKeys');
    this.#clock = clock;
  }

  /**
   * The answer to repeat, if this request was answered before.
   * @throws ApiError 400 for a key that is too long or was used with another request.
   */
  find(appId: string, key: string, request: IdempotentRequest): KeptAnswer | undefined {
    if (key.length > MAX_KEY_CHARS) {
      throw badRequest(
        'ValidationException',
        `The Idempotency-Key exceeds ${MAX_KEY_CHARS} characters`,
      );
    }
    this.#dropFaded();
    const kept = this.#keys.get(`${appId}:${key}`);
    if (!kept) return undefined;
    if (kept.fingerprint !== fingerprint(request)) {
      throw badRequest(
        'ValidationException',
        `Idempotency key ${key} is used with a different request`,
      );
    }
    return kept.answer;
  }

  keep(appId: string, key: string, request: IdempotentRequest, answer: KeptAnswer): void {
    this.#keys.put({
      id: `${appId}:${key}`,
      fingerprint: fingerprint(request),
      atMs: this.#clock.nowMs(),
      answer,
    });
  }

  /** Keys come in the order of time, so the faded ones stand first. */
  #dropFaded(): void {
    const limit = this.#clock.nowMs() - KEPT_MS;
    for (
      let first = this.#keys.all()[0];
      first && first.atMs <= limit;
      first = this.#keys.all()[0]
    ) {
      this.#keys.remove(first.id);
    }
  }
}

export interface IdempotentRequest {
  readonly method: string;
  readonly url: string;
  readonly orgId: string;
  readonly body: Buffer;
}

/** The key of a request that can be repeated safely; reads carry none. */
export function idempotencyKey(
  method: string,
  header: string | string[] | undefined,
): string | undefined {
  const key = Array.isArray(header) ? header[0] : header;
  return WRITES.has(method) && key !== undefined && key !== '' ? key : undefined;
}

function fingerprint(request: IdempotentRequest): string {
  return createHash('sha256')
    .update(`${request.method} ${request.url} ${request.orgId}\n`)
    .update(request.body)
    .digest('hex');
}
