import type { EventLog } from '#events/index';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { grantLicence, type Product, withdrawLicence } from './licence-store.ts';

interface Deps {
  database: Database;
  clock: Clock;
  events: EventLog;
}

/** Adds a product to the provider's package or takes it out; repeating it changes nothing. */
export async function changePackage(
  deps: Deps,
  scope: Scope,
  product: Product,
  change: 'granted' | 'withdrawn',
): Promise<void> {
  const { database, clock, events } = deps;
  const make = change === 'granted' ? grantLicence : withdrawLicence;
  await database.asProvider(scope.providerId, async (tx) => {
    if (!(await make(tx, scope, product, clock.now()))) return;
    await events.append(tx, scope, { kind: `licence.${change}`, product });
    await announce(tx, scope.providerId, 'connections', []);
  });
}
