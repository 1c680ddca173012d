import type { XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';

/** By what Xero's pages know the organisation; null while it is not connected. */
export async function shortCodeOf(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<string | null> {
  const active = await deps.connections.active(tx, scope);
  return active.find((connection) => connection.xeroOrgId === xeroOrgId)?.shortCode ?? null;
}

/** The contact's page in Xero, through its sign-in to the right organisation. */
export function contactUrl(
  pagesUrl: string,
  shortCode: string | null,
  contactId: string | null,
): string | null {
  if (shortCode === null || contactId === null) return null;
  const query = new URLSearchParams({
    shortcode: shortCode,
    redirecturl: `/Contacts/View/${contactId}`,
  });
  return `${pagesUrl}/organisationlogin/default.aspx?${query}`;
}
