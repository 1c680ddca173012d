import type { XeroOrgId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from './lane/lane-run.ts';
import { lanesOf } from './lane/lane-store.ts';

type Active = Awaited<ReturnType<SyncDeps['connections']['active']>>[number];

/**
 * The connection through which an organisation is asked something now, because somebody waits.
 *
 * @throws AppError `connection.paused`, or `xero.consent-lost` when it is not connected now
 */
export async function requireAccess(
  deps: Pick<SyncDeps, 'database' | 'connections'>,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<Active> {
  const { active, lanes } = await deps.database.asProvider(scope.providerId, async (tx) => ({
    active: await deps.connections.active(tx, scope),
    lanes: await lanesOf(tx, scope),
  }));
  const access = active.find((connection) => connection.xeroOrgId === xeroOrgId);
  if (access) return access;
  const lane = lanes.find((one) => one.xero_org_id === xeroOrgId);
  throw new AppError(lane?.stop_reason === 'paused' ? 'connection.paused' : 'xero.consent-lost');
}
