import type { XeroOrgId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from './lane/lane-run.ts';
import { lanesOf } from './lane/lane-store.ts';

/**
 * Asks Xero where a paper can be seen and paid online; null when it gives no address. For
 * billing, which knows papers and not where they come from.
 *
 * @throws AppError `connection.paused`, or `xero.consent-lost` when the organisation is not
 *   connected now
 * @throws XeroError as Xero answers
 */
export function createOnlineView(deps: Pick<SyncDeps, 'database' | 'connections' | 'xero'>) {
  return async (
    scope: Scope,
    paper: { xeroOrgId: XeroOrgId; xeroId: string },
  ): Promise<string | null> => {
    const { active, lanes } = await deps.database.asProvider(scope.providerId, async (tx) => ({
      active: await deps.connections.active(tx, scope),
      lanes: await lanesOf(tx, scope),
    }));
    const access = active.find((connection) => connection.xeroOrgId === paper.xeroOrgId);
    if (!access) {
      const lane = lanes.find((one) => one.xero_org_id === paper.xeroOrgId);
      const isPaused = lane?.stop_reason === 'paused';
      throw new AppError(isPaused ? 'connection.paused' : 'xero.consent-lost');
    }
    return deps.xero.forOrg(access, 'person').onlineInvoiceUrl(paper.xeroId);
  };
}
