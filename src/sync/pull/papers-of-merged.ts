import { sql } from 'kysely';
import type { DocumentKind } from '#contract/billing';
import type { Tx } from '#platform/database';
import type { WireContact } from '#xero/index';
import type { LaneRun } from '../lane/lane-run.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { saveLinks } from '../links/link-store.ts';
import { contactsByIds } from '../matching/contact-store.ts';
import { paperContacts } from '../matching/merged-contacts.ts';
import { storeNotices } from './notice-store.ts';

/** What contacts as read say of merges that was not known before. */
export interface MergeNews {
  /** Contacts that were merged into another one than was known, or are no longer merged. */
  contactIds: string[];
  /** To whom the papers of those counted that were merged before. */
  formerIds: string[];
}

/** What is news among the merges of contacts as read. Ask before these are kept. */
export async function mergeNews(
  { scope, xeroOrgId }: LaneRun,
  tx: Tx,
  contacts: readonly WireContact[],
): Promise<MergeNews> {
  const kept = await contactsByIds(
    tx,
    scope,
    xeroOrgId,
    contacts.map((contact) => contact.ContactID),
  );
  const news = contacts.filter(
    ({ ContactID, MergedToContactID }) =>
      (kept.get(ContactID)?.mergedInto ?? null) !== (MergedToContactID?.toLowerCase() ?? null),
  );
  const contactIds = news.map((contact) => contact.ContactID);
  const were = contactIds.filter((id) => (kept.get(id)?.mergedInto ?? null) !== null);
  const former = await paperContacts(tx, scope, xeroOrgId, were);
  return { contactIds, formerIds: [...former.values()].map(({ contactId }) => contactId) };
}

/**
 * Lets the papers be read, of anybody's, that a merge brings to a contact: that papers go along is
 * nowhere said to give them a new date of change, by which sweeps would meet them, nor that they
 * name the contact that is left. Where a merge is no more, papers that counted as the other one's
 * are read as well, to see whose they are.
 */
export async function readMovedPapers(
  run: LaneRun,
  tx: Tx,
  { contactIds, formerIds }: MergeNews,
): Promise<void> {
  const { scope, xeroOrgId } = run;
  if (contactIds.length === 0) return;
  const holders = await paperContacts(tx, scope, xeroOrgId, contactIds);
  const links = new Map(
    [...holders.values()].flatMap(({ link }) => (link ? [[link.partyId, link] as const] : [])),
  );
  const due = [...links.values()].map((link): ContactLink => ({ ...link, papersDue: true }));
  await saveLinks(tx, scope, due);
  if (formerIds.length === 0) return;
  const { rows } = await sql<{ kind: DocumentKind; resourceId: string }>`
    select kind, xero_id as "resourceId" from documents
    where provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}
      and contact_id = any(${formerIds}::uuid[])`.execute(tx);
  const notices = rows.map((row) => ({ ...row, eventAt: run.now() }));
  await storeNotices(tx, scope.providerId, xeroOrgId, notices, run.now());
}
