import { DocumentKind } from '#contract/billing';
import type { XeroLook } from '#contract/diagnosis';
import type { XeroOrgId } from '#contract/ids';
import type { Scope } from '#platform/scope';
import { type OrgClient, ROWS_PER_PAGE } from '#xero/index';
import type { WhichParty } from '../health/party-sync.ts';
import { requireParty } from '../health/party-sync.ts';
import type { SyncDeps } from '../lane/lane-run.ts';
import { isSale } from '../pull/mirror-documents.ts';
import { pageOfPapers } from '../pull/read-papers.ts';
import { requireAccess } from '../require-access.ts';
import { readDiagnosisFacts } from './diagnosis-facts.ts';

/**
 * Looks in Xero at once, five calls: which contact is there, and how many papers of each kind it
 * has beside ours. Changes nothing on either side. Null where no organisation is connected.
 *
 * @throws AppError `request.not-found`, `connection.paused`, `xero.consent-lost`
 * @throws XeroError as Xero answers
 */
export async function lookInXero(
  deps: SyncDeps,
  scope: Scope,
  which: WhichParty,
): Promise<XeroLook | null> {
  const { database, clock } = deps;
  const facts = await database.asProvider(scope.providerId, async (tx) => {
    const party = await requireParty(deps, tx, scope, which);
    return readDiagnosisFacts(deps, tx, scope, party);
  });
  if (facts.lane === null) return null;
  const access = await requireAccess(deps, scope, facts.lane.xero_org_id as XeroOrgId);
  const client = deps.xero.forOrg(access, 'person');
  const linkedId = facts.link?.contactId ?? null;
  const contact = linkedId
    ? await client.contactById(linkedId)
    : await client.contactByNumber(facts.party.number);
  return {
    lookedAt: clock.now().toISOString(),
    organisationName: facts.lane.organisation_name,
    contact: contact && {
      contactId: contact.ContactID,
      name: contact.Name,
      number: contact.ContactNumber,
      status: contact.ContactStatus,
      isLinked: contact.ContactID === linkedId,
    },
    papers: contact
      ? await Promise.all(
          DocumentKind.options.map(async (kind) => ({
            kind,
            inXero: await salesOf(client, kind, contact.ContactID),
            here: facts.papersByKind.find((one) => one.kind === kind)?.count ?? 0,
          })),
        )
      : [],
  };
}

/** Papers of sales of a contact; where a page does not hold them all, Xero's own count. */
async function salesOf(client: OrgClient, kind: DocumentKind, contactId: string): Promise<number> {
  const query = { contactIds: [contactId], page: 1, pageSize: ROWS_PER_PAGE };
  const page = await pageOfPapers(client, kind, query);
  if (page.pageCount > 1 && page.itemCount !== null) return page.itemCount;
  return page.rows.filter(isSale).length;
}
