import { setTimeout as sleep } from 'node:timers/promises';
import type { EmulatorClock } from '../core/clock.ts';
import type { Collection } from '../core/collection.ts';
import type { Ids } from '../core/ids.ts';
import type { Store } from '../core/store.ts';
import { type IntentResult, probeIntent } from './intent.ts';
import {
  CATEGORIES,
  type Category,
  type Delivery,
  type DeliverySwitches,
  type QueuedEvent,
  type Subscription,
} from './model.ts';
import { postPayload } from './post.ts';

const DISABLE_AFTER_MS = 24 * 3_600_000;
const KEPT_MS = 31 * 86_400_000;
const PROBE_PAUSE_MS = 10_000;
const MAX_DELIVERIES_KEPT = 1000;
const RESOURCES: Readonly<Record<Category, string>> = {
  CONTACT: 'api.xro/2.0/Contacts',
  INVOICE: 'api.xro/2.0/Invoices',
  CREDITNOTE: 'api.xro/2.0/CreditNotes',
  PREPAYMENT: 'api.xro/2.0/Prepayments',
  OVERPAYMENT: 'api.xro/2.0/Overpayments',
  SUBSCRIPTION: 'appstore/2.0/subscriptions',
};

export interface DeliveryOptions {
  /** How long Xero waits for an answer: 5 s. */
  readonly timeoutMs: number;
  /** Between the second and later attempts: 15 minutes. */
  readonly retryMs: number;
  readonly baseUrl: () => string;
}

/** Keeps the queue of events and brings them to the apps. */
export class WebhookCenter {
  readonly switches: DeliverySwitches = {
    repeats: 0,
    delayMs: 0,
    isReordered: false,
    dropNext: 0,
    maxEvents: 50,
    sequenceGap: 0,
  };
  readonly subscriptions: Collection<Subscription>;
  readonly events: Collection<QueuedEvent>;
  readonly deliveries: Delivery[] = [];
  readonly #store: Store;
  readonly #clock: EmulatorClock;
  readonly #ids: Ids;
  readonly #options: DeliveryOptions;
  readonly #failedProbeAtMs = new Map<string, number>();
  #running: Promise<number> | undefined;

  constructor(store: Store, clock: EmulatorClock, ids: Ids, options: DeliveryOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#ids = ids;
    this.#options = options;
    this.subscriptions = store.collection<Subscription>('webhookSubscriptions');
    this.events = store.collection<QueuedEvent>('webhookEvents');
  }

  /** Sets where and what an app wants to be told; another address or key needs intent anew. */
  configure(appId: string, url: string, key: string, categories?: readonly Category[]): void {
    const before = this.subscriptions.get(appId);
    const isSame = before?.url === url && before.key === key;
    this.subscriptions.put({
      id: appId,
      url,
      key,
      categories: categories ?? before?.categories ?? CATEGORIES,
      status: isSame ? before.status : 'unverified',
      nextSequence: before?.nextSequence ?? 1,
      failingSinceMs: isSame ? before.failingSinceMs : undefined,
    });
  }

  /** Queues an event for one app, if it listens to the category. */
  enqueue(
    appId: string,
    event: Pick<QueuedEvent, 'tenantId' | 'category' | 'type' | 'resourceId' | 'data'>,
  ): void {
    const subscription = this.subscriptions.get(appId);
    if (!subscription?.categories.includes(event.category)) return;
    const nowMs = this.#clock.nowMs();
    const sequence = subscription.nextSequence + this.switches.sequenceGap;
    this.subscriptions.put({ ...subscription, nextSequence: sequence + 1 });
    this.events.put({
      id: `${appId}:${sequence}`,
      appId,
      sequence,
      ...event,
      atMs: nowMs,
      attempts: 0,
      nextAttemptAtMs: nowMs,
    });
  }

  /** Events that could be sent at this moment. */
  pending(): number {
    return this.events.all().filter((event) => this.#isDue(event)).length;
  }

  /** Probes an address that has not shown intent, or has been disabled, and opens it if it does. */
  async verify(appId: string): Promise<IntentResult | undefined> {
    const subscription = this.subscriptions.get(appId);
    if (!subscription) return undefined;
    const result = await probeIntent(subscription, this.#ids, this.#options.timeoutMs);
    const latest = this.subscriptions.get(appId);
    if (result.isShown && latest?.url === subscription.url && latest.key === subscription.key) {
      this.#open(latest);
      this.#failedProbeAtMs.delete(appId);
    } else {
      this.#failedProbeAtMs.set(appId, this.#clock.nowMs());
    }
    this.#store.commit();
    return result;
  }

  /**
   * Sends what is due, probing first where intent is not shown yet. Gives the events taken. The
   * patient way leaves a listener that failed its probes alone for ten seconds.
   */
  deliverDue(isPatient = false): Promise<number> {
    this.#running ??= this.#deliverAll(isPatient).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #deliverAll(isPatient: boolean): Promise<number> {
    this.#dropOld();
    let taken = 0;
    for (const { id: appId } of [...this.subscriptions.all()]) {
      if (this.#wantsProbe(appId, isPatient)) await this.verify(appId);
      for (let batch = this.#batch(appId); batch.length > 0; batch = this.#batch(appId)) {
        taken += await this.#deliver(appId, batch);
      }
    }
    this.#store.commit();
    return taken;
  }

  #wantsProbe(appId: string, isPatient: boolean): boolean {
    if (this.subscriptions.get(appId)?.status !== 'unverified') return false;
    const failedAtMs = this.#failedProbeAtMs.get(appId);
    const isTooSoon = failedAtMs !== undefined && this.#clock.nowMs() - failedAtMs < PROBE_PAUSE_MS;
    if (isPatient && isTooSoon) return false;
    return this.events.all().some((event) => event.appId === appId);
  }

  #batch(appId: string): QueuedEvent[] {
    const due = this.events.all().filter((event) => event.appId === appId && this.#isDue(event));
    due.sort((a, b) => a.sequence - b.sequence);
    if (this.switches.isReordered) due.reverse();
    return due.slice(0, Math.max(1, this.switches.maxEvents));
  }

  #isDue(event: QueuedEvent): boolean {
    const status = this.subscriptions.get(event.appId)?.status;
    if (event.nextAttemptAtMs > this.#clock.nowMs()) return false;
    // Before intent is shown one try is worth making: it probes. After it, opening starts anew.
    return status === 'active' || (status === 'unverified' && event.attempts === 0);
  }

  async #deliver(appId: string, batch: readonly QueuedEvent[]): Promise<number> {
    const subscription = this.subscriptions.get(appId);
    if (subscription?.status !== 'active') {
      this.#postpone(batch);
      return 0;
    }
    if (this.switches.dropNext > 0) {
      this.switches.dropNext--;
      this.#settle(appId, batch, 'dropped on purpose');
      return 0;
    }
    if (this.switches.delayMs > 0) await sleep(this.switches.delayMs);
    const payload = this.#payload(batch);
    const send = () =>
      postPayload(subscription.url, subscription.key, payload, this.#options.timeoutMs);
    const result = await send();
    for (let i = 0; i < this.switches.repeats; i++) await send();
    if (result.isAccepted) {
      this.#settle(appId, batch, 'ok');
      return batch.length;
    }
    this.#note(appId, batch.length, result.outcome);
    this.#postpone(batch);
    this.#noteFailure(appId);
    return 0;
  }

  #payload(batch: readonly QueuedEvent[]) {
    const sequences = batch.map((event) => event.sequence);
    return {
      events: batch.map((event) => ({
        resourceUrl: `${this.#options.baseUrl()}/${RESOURCES[event.category]}/${event.resourceId}`,
        resourceId: event.resourceId,
        tenantId: event.tenantId,
        tenantType: event.category === 'SUBSCRIPTION' ? 'APPLICATION' : 'ORGANISATION',
        eventCategory: event.category,
        eventType: event.type,
        eventDateUtc: new Date(event.atMs).toISOString().slice(0, 23),
        ...(event.data ? { data: event.data } : {}),
      })),
      firstEventSequence: Math.min(...sequences),
      lastEventSequence: Math.max(...sequences),
      entropy: this.#ids
        .token(20)
        .toUpperCase()
        .replaceAll(/[^A-Z]/g, 'X'),
    };
  }

  #settle(appId: string, batch: readonly QueuedEvent[], outcome: string): void {
    for (const event of batch) this.events.remove(event.id);
    const subscription = this.subscriptions.get(appId);
    if (subscription?.failingSinceMs !== undefined) {
      this.subscriptions.put({ ...subscription, failingSinceMs: undefined });
    }
    this.#note(appId, batch.length, outcome);
    this.#store.commit();
  }

  /** One immediate retry, then one every quarter of an hour. */
  #postpone(batch: readonly QueuedEvent[]): void {
    const nowMs = this.#clock.nowMs();
    for (const event of batch) {
      const waitMs = event.attempts === 0 ? 0 : this.#options.retryMs;
      const known = this.events.get(event.id);
      if (known) {
        this.events.put({
          ...known,
          attempts: known.attempts + 1,
          nextAttemptAtMs: nowMs + waitMs,
        });
      }
    }
  }

  /** After a day of failures the subscription is switched off; its events stay for a month. */
  #noteFailure(appId: string): void {
    const subscription = this.subscriptions.get(appId);
    if (!subscription) return;
    const nowMs = this.#clock.nowMs();
    const failingSinceMs = subscription.failingSinceMs ?? nowMs;
    const isOver = nowMs - failingSinceMs >= DISABLE_AFTER_MS;
    const status = isOver ? 'disabled' : subscription.status;
    this.subscriptions.put({ ...subscription, failingSinceMs, status });
    // Xero mails the app's team; here it stands among the deliveries.
    if (isOver) this.#note(appId, 0, 'disabled after a day of failures');
    this.#store.commit();
  }

  #open(subscription: Subscription): void {
    this.subscriptions.put({ ...subscription, status: 'active', failingSinceMs: undefined });
    const nowMs = this.#clock.nowMs();
    for (const event of [...this.events.all()]) {
      if (event.appId === subscription.id) {
        this.events.put({ ...event, attempts: 0, nextAttemptAtMs: nowMs });
      }
    }
  }

  #dropOld(): void {
    const limit = this.#clock.nowMs() - KEPT_MS;
    for (const event of [...this.events.all()]) {
      if (event.atMs < limit) this.events.remove(event.id);
    }
  }

  #note(appId: string, eventCount: number, outcome: string): void {
    this.deliveries.push({ appId, atMs: this.#clock.nowMs(), eventCount, outcome });
    if (this.deliveries.length > MAX_DELIVERIES_KEPT) this.deliveries.shift();
  }
}
