import { plus } from '#platform/clock';
import { ownScope } from '#platform/scope';
import type { CallFinding, XeroOrgAccess } from '#xero/index';
import { holdConnection } from '../connection-store.ts';
import type { ConnectionsDeps } from '../deps.ts';
import { noteFailing } from './life-store.ts';
import { beginTrouble } from './record-trouble.ts';
import { isToldAtOnce, nextLookIn, OUTAGE_LASTS_MS, troubleOfOutage } from './trouble.ts';

/**
 * Hears what calls teach of a connection, whoever made them. An outage becomes a trouble once it
 * has lasted for minutes; what does not pass by itself becomes one at once.
 */
export async function hearCall(
  deps: Pick<ConnectionsDeps, 'database' | 'clock' | 'events'>,
  { providerId, connectionId }: XeroOrgAccess,
  finding: CallFinding,
): Promise<void> {
  const scope = ownScope(providerId);
  await deps.database.asProvider(providerId, async (tx) => {
    if (finding.kind === 'clock-skew') {
      return beginTrouble(deps, tx, scope, connectionId, 'xero.clock-skew');
    }
    await holdConnection(tx, scope, connectionId);
    const now = deps.clock.now();
    const wait = nextLookIn({ state: 'active', trouble: null, failingSince: now }, now);
    const nextCheckAt = plus(now, wait);
    const since = await noteFailing(tx, scope, connectionId, { now, nextCheckAt });
    const { why } = finding.error;
    const lasts = since !== null && now.getTime() - since.getTime() >= OUTAGE_LASTS_MS;
    if (!lasts && !isToldAtOnce(why)) return;
    await beginTrouble(deps, tx, scope, connectionId, troubleOfOutage[why]);
  });
}
