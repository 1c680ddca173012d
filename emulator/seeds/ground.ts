import type { ClockState } from '../core/clock.ts';
import type { Row } from '../core/collection.ts';
import type { World } from '../core/world.ts';
import type { App } from '../identity/model.ts';
import { DEMO_PLAN, fillOrganisations, LIFE_PLAN, type SeedPlan } from './fill.ts';
import { seedIdentity } from './identity.ts';

/**
 * `demo` lays small books, `life` those of some years, `empty` none at all; a number is the demo of
 * that number, a plan says everything, up to 100,000 contacts and 1,000,000 invoices.
 */
export type SeedChoice = 'demo' | 'life' | 'empty' | number | Partial<SeedPlan>;

export interface GroundOptions {
  readonly apps?: readonly (Partial<Omit<App, 'id'>> & { readonly id: string })[];
  readonly seed?: SeedChoice;
  readonly dataDir?: string;
  readonly webhookUrl?: string;
  readonly webhookKey?: string;
}

interface StoredClock extends Row {
  readonly state: ClockState;
}

export const DEFAULT_CLIENT_ID = 'emulator-client-id';
export const DEFAULT_CLIENT_SECRET = 'emulator-client-secret';
export const DEFAULT_WEBHOOK_KEY = 'emulator-webhook-key';

/** Loads what is kept, lays the seed where nothing is, and registers the apps of the options. */
export function layGround(world: World, options: GroundOptions): void {
  const isNew = options.dataDir === undefined || world.store.open(options.dataDir).isEmpty;
  keepClock(world);
  if (isNew) {
    seedIdentity(world);
    const plan = planOf(options.seed ?? 'demo');
    if (plan) fillOrganisations(world, plan);
  }
  const apps = options.apps ?? [{ id: DEFAULT_CLIENT_ID }];
  for (const app of apps) world.registry.apps.put(completeApp(app));
  world.signingKey();
  const [first] = apps;
  if (first && options.webhookUrl) {
    world.webhooks.configure(
      first.id,
      options.webhookUrl,
      options.webhookKey ?? DEFAULT_WEBHOOK_KEY,
    );
  }
  world.store.commit();
}

function planOf(choice: SeedChoice): SeedPlan | undefined {
  if (choice === 'empty') return undefined;
  if (choice === 'demo') return DEMO_PLAN;
  if (choice === 'life') return LIFE_PLAN;
  if (typeof choice === 'number') return { ...DEMO_PLAN, number: choice };
  return { ...LIFE_PLAN, ...choice };
}

/** An app with everything that was not said. */
export function completeApp(app: Partial<Omit<App, 'id'>> & { readonly id: string }): App {
  return {
    name: 'My app',
    secret: DEFAULT_CLIENT_SECRET,
    redirectUris: ['http://localhost:*'],
    allowedScopes: undefined,
    allowsBroadScopes: false,
    tier: 'CORE',
    isCertified: false,
    ...app,
  };
}

/** The clock reads the same after a restart. */
function keepClock(world: World): void {
  const kept = world.store.collection<StoredClock>('clock');
  const stored = kept.get('clock');
  if (stored) world.clock.restore(stored.state);
  world.clock.onChange((state) => kept.put({ id: 'clock', state }));
}
