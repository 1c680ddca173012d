import type { ConnectionLife, ConnectionNews } from '#contract/connection-life';
import type { ConnectionId } from '#contract/ids';
import type { PageQuery } from '#contract/paging';
import { historyOfConnection } from '#events/index';
import { AppError } from '#platform/app-error';
import { MINUTE_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import { LIMITS } from '#xero/index';
import type { Connection } from '../connection.ts';
import { getConnection, listConnections } from '../connection-store.ts';
import type { ConnectionsDeps } from '../deps.ts';
import { showConnection } from '../list-apps.ts';
import { getLife, type Life } from './life-store.ts';
import { missedOf } from './notices-missed.ts';

/** For so long after catching up a page says that both sides are in step again. */
const IN_STEP_TOLD_MS = 10 * MINUTE_MS;

/**
 * Everything about how a connection fares.
 * @throws AppError `request.not-found`
 */
export async function showLife(
  deps: ConnectionsDeps,
  scope: Scope,
  id: ConnectionId,
): Promise<ConnectionLife> {
  const { xero, database } = deps;
  const { connection, life, missed } = await database.asProvider(scope.providerId, async (tx) => {
    const found = await getConnection(tx, scope, id);
    const xeroOrgId = found?.organisation?.xeroOrgId;
    return {
      connection: found,
      life: await getLife(tx, scope, id),
      missed: xeroOrgId ? await missedOf(tx, scope, xeroOrgId) : null,
    };
  });
  if (!connection) throw new AppError('request.not-found');
  const arrivals = await xero.arrivals.read();
  return {
    connection: await showConnection(deps, scope, id),
    ...shownFacts(connection, life),
    usage: await usageOf(deps, connection),
    permission: await permissionOf(deps, connection),
    webhooks: {
      isSetUp: xero.hasWebhooks,
      lastHeardAt: text(arrivals.lastDeliveryAt),
      verifiedAt: text(arrivals.lastIntentAt),
      unnoticed: missed?.changes ?? 0,
      isSilent: connection.trouble?.code === 'xero.webhooks-silent',
    },
  };
}

/** What happened to a connection, newest first. @throws AppError `request.not-found` */
export function connectionHistory(
  deps: ConnectionsDeps,
  scope: Scope,
  id: ConnectionId,
  query: PageQuery,
) {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    if (!(await getConnection(tx, scope, id))) throw new AppError('request.not-found');
    return historyOfConnection(deps.events, tx, scope, id, query);
  });
}

/** What stands on every page: trouble, pauses, catching up, and for some minutes its end. */
export async function listNews(deps: ConnectionsDeps, scope: Scope): Promise<ConnectionNews[]> {
  const now = deps.clock.now();
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const connections = await listConnections(tx, scope, 'xero');
    const news = await Promise.all(connections.map((one) => newsOf(tx, scope, one, now)));
    return news.filter((one) => one !== null);
  });
}

async function newsOf(
  tx: Tx,
  scope: Scope,
  connection: Connection,
  now: Date,
): Promise<ConnectionNews | null> {
  const { id, organisation, state, trouble } = connection;
  if (!organisation) return null;
  const life = await getLife(tx, scope, id);
  const inStepAt = life?.in_step_at ?? null;
  const isJustInStep = inStepAt !== null && plus(inStepAt, IN_STEP_TOLD_MS) > now;
  const isCatchingUp = state === 'active' && life?.catching_up_since != null;
  if (!trouble && state === 'active' && !isCatchingUp && !isJustInStep) return null;
  return {
    connectionId: id,
    xeroOrgId: organisation.xeroOrgId,
    organisationName: organisation.name,
    state,
    trouble: trouble && { code: trouble.code, since: trouble.since.toISOString() },
    catchingUpSince: isCatchingUp ? text(life.catching_up_since) : null,
    inStepAt: isJustInStep ? text(inStepAt) : null,
  };
}

function shownFacts({ state }: Connection, life: Life | null) {
  const isLookedAt = state === 'active' || state === 'needs-consent';
  return {
    pausedAt: text(life?.paused_at),
    pausedBy: life?.paused_by ?? null,
    checkedAt: text(life?.checked_at),
    nextCheckAt: isLookedAt ? text(life?.next_check_at) : null,
    describedAt: text(life?.described_at),
    catchingUpSince: state === 'active' ? text(life?.catching_up_since) : null,
    inStepAt: text(life?.in_step_at),
  };
}

async function usageOf(
  { xero }: ConnectionsDeps,
  { organisation }: Connection,
): Promise<ConnectionLife['usage']> {
  const id = organisation?.xeroOrgId;
  const usage = id && (await xero.usageOf([id])).get(id);
  return {
    callsToday: usage?.callsToday ?? 0,
    callsPerDay: usage?.callsPerDay ?? 0,
    callsPerMinute: LIMITS.callsPerMinute,
    callsAtOnce: LIMITS.inFlight,
    bytesToday: usage?.bytesToday ?? 0,
    lastCallAt: text(usage?.lastCallAt),
  };
}

async function permissionOf(
  { xero }: ConnectionsDeps,
  { grantId }: Connection,
): Promise<ConnectionLife['permission']> {
  const standing = grantId === null ? null : await xero.standingOf(grantId);
  if (!standing) return null;
  return {
    isAlive: standing.isAlive,
    renewedAt: standing.renewedAt.toISOString(),
    renewsFrom: standing.renewsFrom.toISOString(),
    endsAt: standing.endsAt.toISOString(),
    scopes: standing.scopes,
  };
}

function text(instant: Date | null | undefined): string | null {
  return instant?.toISOString() ?? null;
}
