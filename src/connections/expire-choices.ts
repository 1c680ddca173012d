import type { ConnectionId, ProviderId } from '#contract/ids';
import { DAY_MS, HOUR_MS, plus } from '#platform/clock';
import { ownScope } from '#platform/scope';
import { abandonChoice } from './abandon-choice.ts';
import type { ConnectionsDeps } from './deps.ts';

/** A choice that nobody makes holds places among the connections that Xero allows an app. */
const CHOICE_LIFE_MS = 7 * DAY_MS;
const LOOKED_EVERY_MS = HOUR_MS;
const ENDED_PER_LOOK = 100;

/** Ends choices that nobody made within seven days; called every few seconds, it looks hourly. */
export function createChoiceWatch(deps: ConnectionsDeps): () => Promise<void> {
  const { clock, database } = deps;
  let nextLook = clock.now();
  return async () => {
    const now = clock.now();
    if (now < nextLook) return;
    nextLook = plus(now, LOOKED_EVERY_MS);
    const stale = await database.asSystem((tx) =>
      tx
        .selectFrom('connections')
        .select(['id', 'provider_id'])
        .where('state', '=', 'choosing')
        .where('created_at', '<', plus(now, -CHOICE_LIFE_MS))
        .orderBy('created_at')
        .limit(ENDED_PER_LOOK)
        .execute(),
    );
    for (const row of stale) {
      const providerId = row.provider_id as ProviderId;
      await database.asProvider(providerId, (tx) =>
        abandonChoice(deps, tx, ownScope(providerId), row.id as ConnectionId),
      );
    }
  };
}
