import type { XeroOrgId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from './lane/lane-run.ts';

/**
 * Asks Xero where a paper can be seen and paid online; null when it gives no address. For
 * billing, which knows papers and not where they come from.
 *
 * @throws AppError `xero.consent-lost` when the organisation is not connected now
 * @throws XeroError as Xero answers
 */
export function createOnlineView(deps: Pick<SyncDeps, 'database' | 'connections' | 'xero'>) {
  return async (
    scope: Scope,
    paper: { xeroOrgId: XeroOrgId; xeroId: string },
  ): Promise<string | null> => {
    const active = await deps.database.asProvider(scope.providerId, (tx) =>
      deps.connections.active(tx, scope),
    );
    const access = active.find((connection) => connection.xeroOrgId === paper.xeroOrgId);
    if (!access) throw new AppError('xero.consent-lost');
    return deps.xero.forOrg(access, 'person').onlineInvoiceUrl(paper.xeroId);
  };
}
