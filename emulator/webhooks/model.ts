import type { Row } from '../core/collection.ts';

export const CATEGORIES = [
  'CONTACT',
  'INVOICE',
  'CREDITNOTE',
  'PREPAYMENT',
  'OVERPAYMENT',
  'SUBSCRIPTION',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** Where an app wants to be told; the id is its client id. */
export interface Subscription extends Row {
  readonly url: string;
  readonly key: string;
  readonly categories: readonly Category[];
  /** Nothing is sent before intent to receive was shown, nor once it is disabled. */
  readonly status: 'unverified' | 'active' | 'disabled';
  readonly nextSequence: number;
  readonly failingSinceMs: number | undefined;
}

/** One event that has not been taken by its app yet. */
export interface QueuedEvent extends Row {
  readonly appId: string;
  readonly sequence: number;
  /** The organisation; for SUBSCRIPTION the app itself. */
  readonly tenantId: string;
  readonly category: Category;
  readonly type: 'CREATE' | 'UPDATE';
  readonly resourceId: string;
  readonly data: Readonly<Record<string, string>> | undefined;
  readonly atMs: number;
  readonly attempts: number;
  readonly nextAttemptAtMs: number;
}

/** One POST that was made, for looking at afterwards. */
export interface Delivery {
  readonly appId: string;
  readonly atMs: number;
  readonly eventCount: number;
  /** `ok`, or why it did not count: a status, a timeout, a cookie, a body. */
  readonly outcome: string;
}

/** How deliveries misbehave on purpose. */
export interface DeliverySwitches {
  /** Send every payload this many times more. */
  repeats: number;
  /** Wait before each POST, in real milliseconds. */
  delayMs: number;
  /** Turn the order of events round. */
  isReordered: boolean;
  /** Lose this many of the next payloads without sending them. */
  dropNext: number;
  /** At most so many events in one payload. */
  maxEvents: number;
  /** Leave out this many sequence numbers before each event. */
  sequenceGap: number;
}
