import type { Switches } from '../accounting/api-call.ts';
import type { EmulatorClock } from '../core/clock.ts';
import type { World } from '../core/world.ts';
import type { App } from '../identity/model.ts';
import type { RateLimits } from '../rules/limits.ts';
import { completeApp, DEFAULT_CLIENT_ID, DEFAULT_WEBHOOK_KEY } from '../seeds/ground.ts';
import { ORGANISATION_IDS } from '../seeds/identity.ts';
import type { IntentResult } from '../webhooks/intent.ts';
import type { Category, Delivery, DeliverySwitches, Subscription } from '../webhooks/model.ts';
import { ActRefused, Bookkeeper } from './bookkeeper.ts';
import type { FaultBox } from './faults.ts';
import type { CallLog } from './log.ts';
import { People } from './people.ts';
import { Snapshots } from './snapshot.ts';
import { Troubles } from './troubles.ts';

/** Webhooks as a test drives them. An app is named by its client id; the default one if absent. */
export interface WebhookControl {
  readonly switches: DeliverySwitches;
  configure(
    url: string,
    options?: { appId?: string; key?: string; categories?: readonly Category[] },
  ): void;
  /** Reports that somebody's subscription of the app began or changed. */
  reportSubscription(type: 'CREATE' | 'UPDATE', appId?: string): void;
  /** Runs the intent-to-receive probes now. */
  verify(appId?: string): Promise<IntentResult | undefined>;
  /** Sends what is due; gives how many events were taken. */
  deliverDue(): Promise<number>;
  /** Events that could be sent at this moment. */
  pending(): number;
  /** Events kept, due or not. */
  waiting(): number;
  deliveries(): readonly Delivery[];
  subscription(appId?: string): Subscription | undefined;
}

/** Every act that steers an emulator, the same in process and under `/_emulator`. */
export interface Control {
  readonly clock: EmulatorClock;
  readonly faults: FaultBox;
  readonly log: CallLog;
  readonly limits: RateLimits;
  readonly switches: Switches;
  readonly snapshots: Snapshots;
  readonly people: People;
  readonly troubles: Troubles;
  readonly webhooks: WebhookControl;
  /** The person who keeps an organisation's books; the Australian one unless said. */
  bookkeeper(orgId?: string): Bookkeeper;
  /** Registers an app or changes it. */
  putApp(app: Partial<Omit<App, 'id'>> & { readonly id: string }): App;
  /** Writes the clock's and every other kept change; acts here do it by themselves. */
  commit(): void;
}

/**
 * The one control of a world, which its tests, `/_emulator` and the desk share. A bookkeeper of an
 * organisation that is not there is refused (`ActRefused`).
 */
export function createControl(world: World): Control {
  const { webhooks } = world;
  return {
    clock: world.clock,
    faults: world.faults,
    log: world.log,
    limits: world.limits,
    switches: world.switches,
    snapshots: new Snapshots(world),
    people: new People(world),
    troubles: new Troubles(world),
    webhooks: {
      switches: webhooks.switches,
      configure: (
        url,
        { appId = DEFAULT_CLIENT_ID, key = DEFAULT_WEBHOOK_KEY, categories } = {},
      ) => {
        webhooks.configure(appId, url, key, categories);
        world.store.commit();
      },
      reportSubscription: (type, appId = DEFAULT_CLIENT_ID) => {
        const resourceId = world.ids.uuid();
        const event = { tenantId: appId, category: 'SUBSCRIPTION', type, resourceId } as const;
        webhooks.enqueue(appId, { ...event, data: undefined });
        world.store.commit();
      },
      verify: (appId = DEFAULT_CLIENT_ID) => webhooks.verify(appId),
      deliverDue: () => webhooks.deliverDue(),
      pending: () => webhooks.pending(),
      waiting: () => webhooks.events.size,
      deliveries: () => webhooks.deliveries,
      subscription: (appId = DEFAULT_CLIENT_ID) => webhooks.subscriptions.get(appId),
    },
    bookkeeper: (orgId = ORGANISATION_IDS.au) => {
      const books = world.books(orgId);
      if (!books) throw new ActRefused(`There is no organisation ${orgId}`);
      return new Bookkeeper(world, books);
    },
    putApp: (app) => {
      const before = world.registry.apps.get(app.id);
      const kept = before ? { ...before, ...app } : completeApp(app);
      world.registry.apps.put(kept);
      world.store.commit();
      return kept;
    },
    commit: () => world.store.commit(),
  };
}
