import type { ConnectionId, XeroOrgId } from '#contract/ids';
import { plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { ConnectionsDeps } from '../deps.ts';
import { hearCall } from './hear-calls.ts';
import { getLife, noteLife, openLife } from './life-store.ts';
import { lookLater } from './look-jobs.ts';
import { CHECK_EVERY_MS, spread } from './trouble.ts';

/** Ties the life of connections to what happens to them and to what calls teach of them. */
export function subscribeLife(deps: ConnectionsDeps): void {
  const { events, clock, xero } = deps;

  xero.watch.onFinding((access, finding) => hearCall(deps, access, finding));

  events.on('connection.activated', async (tx, scope, { connectionId, xeroOrgId }) => {
    const now = clock.now();
    await followReset(deps, tx, scope, connectionId, xeroOrgId);
    await openLife(tx, scope, connectionId, {
      connectedByPerson: scope.actor.kind === 'person' ? scope.actor.personId : null,
      nextCheckAt: plus(now, spread(CHECK_EVERY_MS, connectionId)),
      now,
    });
    await lookLater(tx, scope.providerId, connectionId);
  });

  events.on('connection.consent-lost', (tx, scope, { connectionId }) =>
    lookLater(tx, scope.providerId, connectionId),
  );

  events.on('connection.disconnected', async (tx, scope, { connectionId, xeroOrgId }) => {
    // Connected later it would be another connection, of which nobody knows what became of the books.
    if (xeroOrgId) await followReset(deps, tx, scope, connectionId, xeroOrgId);
    await lookLater(tx, scope.providerId, connectionId);
  });

  // Told by the lane, which holds the connection before its own row.
  events.on('connection.in-step', async (tx, scope, { connectionId }) => {
    const facts = { catching_up_since: null, in_step_at: clock.now() };
    await noteLife(tx, scope, connectionId, facts);
    await announce(tx, scope.providerId, 'connections', [connectionId]);
  });
}

/** Tells that nothing of before is in an organisation, if that is why the connection had stopped. */
async function followReset(
  { events }: Pick<ConnectionsDeps, 'events'>,
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
  xeroOrgId: XeroOrgId,
): Promise<void> {
  const life = await getLife(tx, scope, connectionId);
  if (life?.told_of !== 'xero.demo-reset') return;
  await events.append(tx, scope, {
    kind: 'connection.organisation-reset',
    connectionId,
    xeroOrgId,
  });
}
