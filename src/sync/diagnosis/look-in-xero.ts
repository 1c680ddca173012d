import { DocumentKind } from '#contract/billing';
import type { XeroLook } from '#contract/diagnosis';
import type { XeroOrgId } from '#contract/ids';
import { inPortions } from '#platform/in-portions';
import type { Scope } from '#platform/scope';
import { CREDITS_PER_READ, type OrgClient, ROWS_PER_PAGE, type WireContact } from '#xero/index';
import type { WhichParty } from '../health/party-sync.ts';
import { requireParty } from '../health/party-sync.ts';
import type { SyncDeps } from '../lane/lane-run.ts';
import { linksWithPapersFor } from '../links/link-store.ts';
import { paperContacts, withMerged } from '../matching/merged-contacts.ts';
import { isSale } from '../pull/mirror-documents.ts';
import { pageOfPapers } from '../pull/read-papers.ts';
import { requireAccess } from '../require-access.ts';
import { type PartyFacts, papersByKind, readDiagnosisFacts } from './diagnosis-facts.ts';

/**
 * Looks in Xero at once, five calls unless there are very many papers: which contact is there, and
 * how many papers of each kind it has beside ours. Those of contacts of learners who were merged into
 * this one, and of contacts that were merged into this one's in Xero, come here too, and count on
 * both sides. Changes nothing. Null where no organisation is connected.
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
    papers: await countOnBothSides(deps, scope, client, { facts, contact }),
  };
}

async function countOnBothSides(
  { database }: SyncDeps,
  scope: Scope,
  client: OrgClient,
  { facts, contact }: { facts: PartyFacts; contact: WireContact | null },
): Promise<XeroLook['papers']> {
  const { party, lane, link } = facts;
  const own = contact === null || link?.papersFor ? [] : [contact.ContactID];
  const xeroOrgId = lane?.xero_org_id as XeroOrgId;
  const { contactIds, here } = await database.asProvider(scope.providerId, async (tx) => {
    const further = await linksWithPapersFor(tx, scope, xeroOrgId, party.id);
    const linked = [...new Set([...own, ...further.flatMap((one) => one.contactId ?? [])])];
    // The papers of one that was merged away are those of whoever has the contact that is left.
    const contactOf = await paperContacts(tx, scope, xeroOrgId, linked);
    const ids = linked.filter((id) => contactOf.get(id)?.contactId === id);
    const papers = await papersByKind(tx, scope, party.id, { xeroOrgId, contactIds: ids });
    return { contactIds: await withMerged(tx, scope, xeroOrgId, ids), here: papers };
  });
  if (contactIds.length === 0) return [];
  return Promise.all(
    DocumentKind.options.map(async (kind) => ({
      kind,
      inXero: await salesOf(client, kind, contactIds),
      here: here.find((one) => one.kind === kind)?.count ?? 0,
    })),
  );
}

/** Papers of sales of some contacts. Pages are read to the end, since Xero's own count has bills too. */
async function salesOf(
  client: OrgClient,
  kind: DocumentKind,
  contactIds: readonly string[],
): Promise<number> {
  let sales = 0;
  for (const some of inPortions(contactIds, CREDITS_PER_READ)) {
    const query = { contactIds: some };
    for (let page = 1, pageCount = 1; page <= pageCount; page += 1) {
      const read = await pageOfPapers(client, kind, { ...query, page, pageSize: ROWS_PER_PAGE });
      sales += read.rows.filter(isSale).length;
      pageCount = read.pageCount;
    }
  }
  return sales;
}
