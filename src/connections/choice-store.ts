import type { ConnectedOrganisation } from '#contract/connections';
import type { ConnectionId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';

/** An organisation that a consent allowed, waiting to be chosen. */
export interface Choice extends ConnectedOrganisation {
  xeroConnectionId: string;
  /** False where Xero did not answer: only its name is known. */
  isDescribed: boolean;
}

/**
 * Keeps the organisations that one consent allowed, one at least, beside the connection that was
 * just added for them.
 */
export async function insertChoices(
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
  choices: readonly Choice[],
): Promise<void> {
  await tx
    .insertInto('connection_choices')
    .values(
      choices.map((choice) => ({
        provider_id: scope.providerId,
        connection_id: connectionId,
        xero_org_id: choice.xeroOrgId,
        xero_connection_id: choice.xeroConnectionId,
        organisation_name: choice.name,
        legal_name: choice.legalName,
        tax_number: choice.taxNumber,
        is_described: choice.isDescribed,
        country: choice.country,
        base_currency: choice.baseCurrency,
        is_demo: choice.isDemo,
      })),
    )
    .execute();
}

/**
 * What may be chosen for a connection, by name; empty once one was chosen or the choice given up.
 */
export async function listChoices(
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
): Promise<Choice[]> {
  const rows = await tx
    .selectFrom('connection_choices')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('connection_id', '=', connectionId)
    .orderBy('organisation_name')
    .orderBy('xero_org_id')
    .execute();
  return rows.map((row) => ({
    xeroOrgId: row.xero_org_id as XeroOrgId,
    xeroConnectionId: row.xero_connection_id,
    name: row.organisation_name,
    legalName: row.legal_name,
    taxNumber: row.tax_number,
    isDescribed: row.is_described,
    country: row.country,
    baseCurrency: row.base_currency,
    isDemo: row.is_demo,
  }));
}

/** Forgets what could be chosen, once one was or nobody will. */
export async function deleteChoices(
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
): Promise<void> {
  await tx
    .deleteFrom('connection_choices')
    .where('provider_id', '=', scope.providerId)
    .where('connection_id', '=', connectionId)
    .execute();
}
