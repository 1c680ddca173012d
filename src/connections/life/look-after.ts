import type { ConnectionId } from '#contract/ids';
import { plus } from '#platform/clock';
import { enqueueEach } from '#platform/jobs/job';
import { type Handler, handlerOf } from '#platform/jobs/worker';
import { ownScope, type Scope } from '#platform/scope';
import { XeroDownError } from '#xero/index';
import type { Connection } from '../connection.ts';
import { getConnection, holdConnection } from '../connection-store.ts';
import type { ConnectionsDeps } from '../deps.ts';
import { accessOf, checkConnection } from './check-connection.ts';
import { judgeClock } from './judge-clock.ts';
import { dueForLook, getLife, type Life, noteLife } from './life-store.ts';
import { lookAfterConnection } from './look-jobs.ts';
import { judgeWebhooks } from './notices-missed.ts';
import { planNextLook } from './plan-look.ts';
import { tellTrouble } from './tell-trouble.ts';
import { CHECK_EVERY_MS, DESCRIBE_EVERY_MS, isMild, spread } from './trouble.ts';

const LOOKS_PER_TICK = 200;

/** What carries out the job that looks after one connection. */
export function lookAfterHandler(deps: ConnectionsDeps): Handler {
  return handlerOf(lookAfterConnection, async ({ providerId, connectionId }) => {
    const scope = ownScope(providerId);
    await checkIfDue(deps, scope, connectionId);
    await deps.database.asProvider(providerId, (tx) => tellTrouble(deps, tx, scope, connectionId));
  });
}

/** Has those looked after whose time has come; called every few seconds. */
export async function wakeDueLooks(deps: ConnectionsDeps): Promise<void> {
  await deps.database.asSystem(async (tx) => {
    const due = await dueForLook(tx, deps.clock.now(), LOOKS_PER_TICK);
    const wishes = due.map((payload) => ({ payload, key: payload.connectionId }));
    await enqueueEach(tx, lookAfterConnection, wishes);
  });
}

async function checkIfDue(
  deps: ConnectionsDeps,
  scope: Scope,
  connectionId: ConnectionId,
): Promise<void> {
  const now = deps.clock.now();
  const { connection, life } = await deps.database.asProvider(scope.providerId, async (tx) => ({
    connection: await getConnection(tx, scope, connectionId),
    life: await getLife(tx, scope, connectionId),
  }));
  if (!connection || !life || life.next_check_at > now) return;
  if (connection.state !== 'active' && connection.state !== 'needs-consent') return;
  await judgeWebhooks(deps, scope, connection);
  const calledAt = await lastGoodCall(deps, connection, life);
  if (calledAt !== null && plus(calledAt, CHECK_EVERY_MS) > now) {
    const nextCheckAt = plus(calledAt, spread(CHECK_EVERY_MS, connectionId));
    return putOff(
      deps,
      scope,
      connectionId,
      nextCheckAt > now ? nextCheckAt : plus(calledAt, CHECK_EVERY_MS),
    );
  }
  const isWell = calledAt !== null && (await glance(deps, scope, connection));
  if (!isWell) await checkConnection(deps, scope, connection, 'background');
}

/** A call that was refused since the good one has asked for a look of its own, which stays. */
async function putOff(
  { database }: ConnectionsDeps,
  scope: Scope,
  connectionId: ConnectionId,
  nextCheckAt: Date,
): Promise<void> {
  await database.asProvider(scope.providerId, async (tx) => {
    const connection = await getConnection(tx, scope, connectionId, { lock: true });
    const life = await getLife(tx, scope, connectionId);
    if (!connection || !life || !seemsWell(connection, life)) return;
    await noteLife(tx, scope, connectionId, { next_check_at: nextCheckAt });
  });
}

function seemsWell({ state, trouble }: Connection, life: Life): boolean {
  const isMildAtMost = trouble === null || isMild(trouble.code);
  return state === 'active' && isMildAtMost && life.failing_since === null;
}

/**
 * Looks at Xero's list of connections, which counts for no organisation's limits. False: something
 * is different from what is known, and a closer look is due.
 */
async function glance(
  deps: ConnectionsDeps,
  scope: Scope,
  connection: Connection,
): Promise<boolean> {
  const access = accessOf(scope, connection);
  if (!access) return false;
  try {
    const listed = await deps.xero.connections.list(access.grantId, null);
    const mine = listed.find(({ xeroOrgId }) => xeroOrgId === access.xeroOrgId);
    if (mine?.organisationName !== connection.organisation?.name) return false;
  } catch (error) {
    if (!(error instanceof XeroDownError)) return false;
    await deps.xero.watch.failed(access, error);
  }
  await deps.database.asProvider(scope.providerId, async (tx) => {
    await holdConnection(tx, scope, connection.id);
    await noteLife(tx, scope, connection.id, { checked_at: deps.clock.now() });
    await judgeClock(deps, tx, scope, connection.id);
    await planNextLook(deps, tx, scope, connection.id, null);
  });
  return true;
}

/** When a call last showed that all is well, so that no other has to; null: one is due. */
async function lastGoodCall(
  deps: ConnectionsDeps,
  connection: Connection,
  life: Life,
): Promise<Date | null> {
  const { organisation } = connection;
  if (!seemsWell(connection, life) || organisation === null) return null;
  const { described_at: describedAt } = life;
  if (!describedAt || plus(describedAt, DESCRIBE_EVERY_MS) <= deps.clock.now()) return null;
  const { xeroOrgId } = organisation;
  return (await deps.xero.usageOf([xeroOrgId])).get(xeroOrgId)?.lastCallAt ?? null;
}
