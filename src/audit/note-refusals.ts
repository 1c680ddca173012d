import type { EventLog } from '#events/index';
import { type Clock, MINUTE_MS } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Scope } from '#platform/scope';

interface Deps {
  database: Database;
  clock: Clock;
  events: EventLog;
}

/** Who asks the same again within this time is noted once, so that a script can't fill the log. */
const NOTED_EVERY_MS = MINUTE_MS;
const REMEMBERED_MAX = 1_000;

/** Notes that someone known was refused for want of a permission; `request` is a route's pattern. */
export type NoteRefusal = (scope: Scope, permission: string, request: string) => Promise<void>;

/**
 * Notes refusals in a transaction of their own. What was noted within the last minute is known to
 * this process alone, so several may note the same once each.
 */
export function createRefusalNotes({ database, clock, events }: Deps): NoteRefusal {
  const noted = new Map<string, number>();
  return async (scope, permission, request) => {
    const now = clock.now().getTime();
    const key = `${scope.providerId} ${whoIs(scope)} ${permission}`;
    const last = noted.get(key);
    if (last !== undefined && now - last < NOTED_EVERY_MS) return;
    if (noted.size >= REMEMBERED_MAX) noted.clear();
    noted.set(key, now);
    await database.asProvider(scope.providerId, (tx) =>
      events.append(tx, scope, { kind: 'permission.refused', permission, request }),
    );
  };
}

function whoIs({ actor }: Scope): string {
  if (actor.kind === 'person') return actor.personId;
  return actor.kind === 'api-key' ? actor.apiKeyId : 'bursar';
}
