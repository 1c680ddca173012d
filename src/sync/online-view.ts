import type { XeroOrgId } from '#contract/ids';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from './lane/lane-run.ts';
import { requireAccess } from './require-access.ts';

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
    const access = await requireAccess(deps, scope, paper.xeroOrgId);
    return deps.xero.forOrg(access, 'person').onlineInvoiceUrl(paper.xeroId);
  };
}
