import { sql } from 'kysely';
import type { DocumentKind } from '#contract/billing';
import type { Tx } from '#platform/database';
import { IDS_PER_READ } from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import { linksOfContacts } from '../links/link-store.ts';
import { paperContacts } from '../matching/merged-contacts.ts';
import { readContacts } from '../push/find-contacts.ts';
import { keyOf, type WirePaper } from './mirror-documents.ts';
import { applyContacts } from './pull-contacts.ts';

/**
 * Looks at contacts of somebody here whose papers, as read, are on a contact of nobody: it may have
 * been merged into that one, which the papers tell first where nothing else does. The link has
 * followed by the time the papers are taken over, and they stay where they are. One call for a page
 * on which papers were moved away, since copies of those are dropped with it; none for any other.
 *
 * @returns how many calls it took, merges of merges left out
 */
export async function followMovedPapers(
  run: LaneRun,
  kind: DocumentKind,
  rows: readonly WirePaper[],
): Promise<number> {
  const { deps, scope } = run;
  if (rows.length === 0) return 0;
  const left = await deps.database.asReader(scope.providerId, (tx) =>
    contactsLeft(run, tx, kind, rows),
  );
  if (left.length === 0) return 0;
  const contacts = await readContacts(run.client('background'), left.slice(0, IDS_PER_READ));
  await applyContacts(run, [...contacts.values()]);
  return 1;
}

/** Contacts linked here whose papers are nobody's by now, as far as merges are known. */
async function contactsLeft(
  { scope, xeroOrgId }: LaneRun,
  tx: Tx,
  kind: DocumentKind,
  rows: readonly WirePaper[],
): Promise<string[]> {
  const contactIds = [...new Set(rows.map((row) => row.Contact.ContactID))];
  const contactOf = await paperContacts(tx, scope, xeroOrgId, contactIds);
  const ids = rows
    .filter((row) => !contactOf.get(row.Contact.ContactID)?.link)
    .map((row) => keyOf(row).xeroId);
  if (ids.length === 0) return [];
  const copies = await tx
    .selectFrom('documents')
    .select('contact_id')
    .distinct()
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('kind', '=', kind)
    .where('xero_id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute();
  const former = copies.map((copy) => copy.contact_id);
  const links = await linksOfContacts(tx, scope, xeroOrgId, former);
  return links.flatMap((link) => (link.contactStatus === 'merged' ? [] : (link.contactId ?? [])));
}
