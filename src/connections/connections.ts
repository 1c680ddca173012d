import type { ConnectionId, XeroOrgId } from '#contract/ids';
import { plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import type { Endpoint, RawRoutes } from '#platform/http';
import type { Handler } from '#platform/jobs/worker';
import { ownScope, type Scope } from '#platform/scope';
import type { ConsentLossReason, XeroOrgAccess } from '#xero/index';
import { endWithoutXero } from './across-providers.ts';
import {
  type ActiveConnection,
  activeForOrg,
  activeOfProvider,
  standingOfProvider,
} from './active-connection.ts';
import { callbackRoute } from './callback-route.ts';
import { connectionEndpoints } from './connection-routes.ts';
import { holdConnection } from './connection-store.ts';
import type { ConnectionsDeps } from './deps.ts';
import { disconnect } from './disconnect.ts';
import { createChoiceWatch } from './expire-choices.ts';
import { invitationEndpoints } from './invitation-routes.ts';
import { createCopyWatch, createIdleWatch, touchHandler } from './keep-grants-alive.ts';
import { createUnusedWatch, letGoHandler } from './let-grants-go.ts';
import { subscribeLife } from './life/life.ts';
import { lifeEndpoints } from './life/life-routes.ts';
import { lookAfterHandler, wakeDueLooks } from './life/look-after.ts';
import { noteSwept } from './life/notices-missed.ts';
import { loseConsent } from './lose-consent.ts';
import { organisationEndpoints } from './organisation-routes.ts';
import { type Routing, readRouting } from './organisation-rules.ts';
import { recoverHandler } from './recover-connections.ts';
import { tidyHandler, UNDER_WAY_MS } from './tidy-xero.ts';

/** What other rooms may ask of connections. */
export interface Connections {
  readonly endpoints: Endpoint[];
  readonly rawRoutes: RawRoutes[];
  readonly handlers: Handler[];
  /** The active connection of an organisation; `tx` is one of the system. */
  activeForOrg(tx: Tx, xeroOrgId: XeroOrgId): Promise<ActiveConnection | null>;
  /** The active connections of the provider at work. */
  active(tx: Tx, scope: Scope): Promise<ActiveConnection[]>;
  /** The provider's connections that have not ended, at Xero either. */
  standing(tx: Tx, scope: Scope): Promise<ConnectionId[]>;
  /** Ends one at Xero and here. @throws AppError `connection.still-connected` */
  disconnect(scope: Scope, id: ConnectionId): Promise<void>;
  /**
   * Ends here all that stands, though Xero did not confirm it, and forgets the permissions that
   * nobody else needs: for a provider that is erased.
   */
  endWithoutXero(scope: Scope): Promise<void>;
  /** What decides which organisation a learner belongs to; see `organisationFor`. */
  routing(tx: Tx, scope: Scope): Promise<Routing>;
  /** Xero no longer lets this connection in: someone must connect again. Said twice it counts once. */
  markConsentLost(
    tx: Tx,
    scope: Scope,
    connectionId: ConnectionId,
    reason: ConsentLossReason,
  ): Promise<void>;
  /**
   * Holds one until the transaction ends, as whoever tells how it fares does before anything else,
   * the row of its lane included.
   */
  hold(tx: Tx, scope: Scope, connectionId: ConnectionId): Promise<void>;
  /** A sweep has met rows that changed at these instants: were there notices of them? */
  noteSwept(
    scope: Scope,
    access: Pick<XeroOrgAccess, 'xeroOrgId'>,
    changedAt: readonly Date[],
  ): Promise<void>;
  /** Looks after connections whose time has come; called every few seconds. */
  tick(): Promise<void>;
}

/**
 * Wires the room, once for each process: from then on it hears of consents that are lost and of
 * what calls to Xero teach of a connection.
 */
export function createConnections(deps: ConnectionsDeps): Connections {
  deps.xero.client.onConsentLost(({ providerId, connectionId }, reason, begunAt) =>
    deps.database.asProvider(providerId, (tx) =>
      loseConsent(deps, tx, ownScope(providerId), connectionId, reason, begunAt),
    ),
  );
  subscribeLife(deps);
  const watchIdle = createIdleWatch(deps);
  const watchCopies = createCopyWatch(deps);
  const watchChoices = createChoiceWatch(deps);
  const watchUnused = createUnusedWatch(deps);
  return {
    endpoints: [
      ...connectionEndpoints(deps),
      ...invitationEndpoints(deps),
      ...organisationEndpoints(deps),
      ...lifeEndpoints(deps),
    ],
    rawRoutes: [callbackRoute(deps)],
    handlers: [
      ...[tidyHandler(deps), letGoHandler(deps), recoverHandler(deps)],
      ...[lookAfterHandler(deps), touchHandler(deps)],
    ],
    activeForOrg,
    active: (tx, scope) => activeOfProvider(tx, scope.providerId),
    standing: standingOfProvider,
    disconnect: (scope, id) => disconnect(deps, scope, id),
    endWithoutXero({ providerId }) {
      const { database, clock, xero } = deps;
      const now = clock.now();
      const instants = { now, underWaySince: plus(now, -UNDER_WAY_MS) };
      return endWithoutXero(database, providerId, instants, xero.vault.erase);
    },
    routing: readRouting,
    markConsentLost: (tx, scope, connectionId, reason) =>
      loseConsent(deps, tx, scope, connectionId, reason),
    hold: holdConnection,
    noteSwept: (scope, access, changedAt) => noteSwept(deps, scope, access, changedAt),
    async tick() {
      await Promise.all([
        ...[wakeDueLooks(deps), watchIdle(), watchCopies(), watchChoices()],
        watchUnused(),
      ]);
    },
  };
}
