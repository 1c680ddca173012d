import { plus } from '#platform/clock';
import { announce } from '#platform/live-updates';
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
    const before = await getLife(tx, scope, connectionId);
    if (before?.told_of === 'xero.demo-reset') {
      await events.append(tx, scope, {
        kind: 'connection.organisation-reset',
        connectionId,
        xeroOrgId,
      });
    }
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

  events.on('connection.disconnected', (tx, scope, { connectionId }) =>
    lookLater(tx, scope.providerId, connectionId),
  );

  events.on('connection.in-step', async (tx, scope, { connectionId }) => {
    const facts = { catching_up_since: null, in_step_at: clock.now() };
    await noteLife(tx, scope, connectionId, facts);
    await announce(tx, scope.providerId, 'connections', [connectionId]);
  });
}
