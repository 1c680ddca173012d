import { sql } from 'kysely';
import type { XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { ContactLink } from '../links/contact-link.ts';
import { linksOfContacts } from '../links/link-store.ts';

/** Merges of merges that are gone through, either way. */
const MERGES_DEEP = 20;

/** A contact as one to whom papers are made out. */
export interface PaperContact {
  /** Itself, or the contact it was merged into: that is whose papers they are. */
  contactId: string;
  /** Whoever has that contact here; null: nobody. */
  link: ContactLink | null;
}

/**
 * Whose the papers of some contacts are, as far as their merges are known here. Papers of one that
 * was merged count as those of the contact that is left, whichever of the two they name: Xero says
 * nowhere which. Where nobody has that one, a contact in between or the first one may be somebody's
 * still, who is about to follow. Answers for each id that was asked.
 */
export async function paperContacts(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  contactIds: readonly string[],
): Promise<ReadonlyMap<string, PaperContact>> {
  const into = await mergesFrom(tx, scope, xeroOrgId, contactIds);
  const chains = new Map(contactIds.map((id) => [id, chainFrom(id, into)]));
  const links = await linksOfContacts(tx, scope, xeroOrgId, [
    ...new Set([...chains.values()].flat()),
  ]);
  const linkOf = new Map(links.map((link) => [link.contactId ?? '', link]));
  return new Map(
    [...chains].map(([id, chain]) => {
      const link = chain.map((step) => linkOf.get(step)).findLast((one) => one !== undefined);
      const contactId = link?.contactId ?? chain.at(-1) ?? id;
      return [id, { contactId, link: link ?? null }];
    }),
  );
}

function chainFrom(id: string, into: ReadonlyMap<string, string>): string[] {
  const chain = [id];
  for (let next = into.get(id); next && !chain.includes(next); next = into.get(next)) {
    chain.push(next);
  }
  return chain;
}

async function mergesFrom(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  contactIds: readonly string[],
): Promise<Map<string, string>> {
  const into = new Map<string, string>();
  let asked = [...contactIds];
  for (let step = 0; step < MERGES_DEEP && asked.length > 0; step += 1) {
    const rows = await merges(tx, scope, xeroOrgId)
      .where('contact_id', '=', sql<string>`any(${asked}::uuid[])`)
      .execute();
    for (const { contact_id: id, merged_into: next } of rows) if (next) into.set(id, next);
    asked = [...new Set(rows.flatMap((row) => row.merged_into ?? []))].filter(
      (id) => !into.has(id),
    );
  }
  return into;
}

/**
 * These contacts and all that are known to have been merged into them, straight or by way of
 * others: under the names of all of them Xero may have their papers.
 */
export async function withMerged(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  contactIds: readonly string[],
): Promise<string[]> {
  const all = new Set(contactIds);
  let asked = [...all];
  for (let step = 0; step < MERGES_DEEP && asked.length > 0; step += 1) {
    const rows = await merges(tx, scope, xeroOrgId)
      .where('merged_into', '=', sql<string>`any(${asked}::uuid[])`)
      .orderBy('contact_id')
      .execute();
    asked = rows.map((row) => row.contact_id).filter((id) => !all.has(id));
    for (const id of asked) all.add(id);
  }
  return [...all];
}

/** Those of these contacts into which others are known to have been merged. */
export async function winnersAmong(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  contactIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await merges(tx, scope, xeroOrgId)
    .where('merged_into', '=', sql<string>`any(${[...contactIds]}::uuid[])`)
    .execute();
  return new Set(rows.flatMap((row) => row.merged_into ?? []));
}

function merges(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId) {
  return tx
    .selectFrom('xero_contacts')
    .select(['contact_id', 'merged_into'])
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('merged_into', 'is not', null);
}
