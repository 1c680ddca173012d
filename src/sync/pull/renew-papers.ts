import type { DocumentKind } from '#contract/billing';
import { ownScope } from '#platform/scope';
import { creditReader, readInvoice } from '#xero/index';
import { keepSums } from '../agreement/mark-store.ts';
import type { SyncDeps } from '../lane/lane-run.ts';
import { mirrorPapers, type Owner, type WirePaper } from './mirror-documents.ts';

const PAPERS_PER_STEP = 200;

/**
 * Reads papers again from what Xero once sent, where a newer Bursar makes more of it: nobody has to
 * fetch them anew. Some at a time, on each tick; nothing to do costs one look at an index. What has
 * become unreadable stays as it is and is told in the log. Answers with how many were read.
 */
export async function renewOldPapers(deps: SyncDeps): Promise<number> {
  const { database, billing, logger } = deps;
  const providerId = await database.asSystem((tx) => billing.providerWithOldPapers(tx));
  if (providerId === null) return 0;
  const scope = ownScope(providerId);
  return database.asProvider(providerId, async (tx) => {
    const old = await billing.takeOldPapers(tx, scope, PAPERS_PER_STEP);
    const read = old.flatMap((paper) => {
      const row = readRaw(paper.kind, paper.raw);
      const owner = new Map(row ? [[row.Contact.ContactID, ownerOf(paper)]] : []);
      const { papers } = mirrorPapers(paper.xeroOrgId, row ? [row] : [], owner);
      if (papers.length === 0) {
        logger.error({ documentId: paper.id }, 'a kept paper can’t be read any more');
      }
      return papers;
    });
    const byOrg = Map.groupBy(read, ({ xeroOrgId }) => xeroOrgId);
    for (const [xeroOrgId, papers] of byOrg) {
      await billing.renew(tx, scope, papers);
      await keepSums(tx, scope, xeroOrgId, papers);
    }
    await billing.markRead(
      tx,
      scope,
      old.map(({ id }) => id),
    );
    return old.length;
  });
}

function ownerOf({ partyKind, partyId, contactId }: Owner): Owner {
  return { partyKind, partyId, contactId };
}

function readRaw(kind: DocumentKind, raw: unknown): WirePaper | null {
  return kind === 'invoice' ? readInvoice(raw) : creditReader(kind)(raw);
}
