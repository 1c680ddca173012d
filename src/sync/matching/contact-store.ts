import { createHash } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import type { XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { foldEmail, foldLetters } from '#platform/folding';
import { jsonText } from '#platform/json-text';
import type { XeroContacts } from '#platform/schema';
import type { Scope } from '#platform/scope';
import type { WireContact } from '#xero/index';
import type { ContactStatus } from '../links/contact-link.ts';
import { contactStatusOf } from '../links/contact-news.ts';
import { fieldsOfContact } from '../push/contact-mapping.ts';
import { foldContact, keysOf, type MatchContact } from './match-person.ts';

/** A contact as it is kept, with the mark by which a change of it is seen. */
export interface KeptContact extends MatchContact {
  hash: string;
  /** The contact that this one was merged into. */
  mergedInto: string | null;
}

/** Contacts that are new or differ from what was kept, with all keys under which they stood or stand. */
export interface ChangedContacts {
  ids: string[];
  keys: string[];
}

const FOUND_MAX = 20;

/**
 * Keeps contacts as read, as far as telling people apart needs them, and tells which of them are
 * news.
 */
export async function keepContacts(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  contacts: readonly WireContact[],
): Promise<ChangedContacts> {
  if (contacts.length === 0) return { ids: [], keys: [] };
  const kept = new Map(contacts.map((wire) => [wire.ContactID, keptOf(wire)]));
  const rows = contacts.map((wire) => rowOf(scope, xeroOrgId, wire, kept.get(wire.ContactID)));
  const { rows: changed } = await sql<{ contact_id: string }>`
    insert into xero_contacts
    select * from jsonb_populate_recordset(null::xero_contacts, ${jsonText(rows)}::jsonb)
    on conflict (provider_id, xero_org_id, contact_id) do update set
      name = excluded.name, first_name = excluded.first_name, last_name = excluded.last_name,
      email = excluded.email, phones = excluded.phones, code = excluded.code,
      status = excluded.status, hash = excluded.hash, search = excluded.search,
      changed_at = excluded.changed_at, merged_into = excluded.merged_into
    where xero_contacts.hash <> excluded.hash
    returning contact_id`.execute(tx);
  const ids = changed.map((row) => row.contact_id);
  const news = ids.flatMap((id) => kept.get(id) ?? []);
  return { ids, keys: await keepKeys(tx, scope, xeroOrgId, news) };
}

/** Answers the keys of before and those of now. */
async function keepKeys(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  contacts: readonly MatchContact[],
): Promise<string[]> {
  if (contacts.length === 0) return [];
  const ids = contacts.map((contact) => contact.contactId);
  const before = await tx
    .deleteFrom('xero_contact_keys')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('contact_id', '=', sql<string>`any(${ids}::uuid[])`)
    .returning('key')
    .execute();
  const pairs = contacts
    .filter((contact) => contact.status !== 'merged')
    .flatMap((contact) =>
      keysOf(foldContact(contact)).map((key) => ({ key, id: contact.contactId })),
    );
  await sql`
    insert into xero_contact_keys (provider_id, xero_org_id, key, contact_id)
    select ${scope.providerId}::uuid, ${xeroOrgId}::uuid, pair.key, pair.id
    from unnest(${pairs.map(({ key }) => key)}::text[], ${pairs.map(({ id }) => id)}::uuid[])
      as pair (key, id)
    on conflict do nothing`.execute(tx);
  return [...new Set([...before, ...pairs].map(({ key }) => key))];
}

/** All keys under which any of these contacts stands. */
export async function keysOfContacts(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('xero_contact_keys')
    .select('key')
    .distinct()
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('contact_id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute();
  return rows.map((row) => row.key);
}

/** Contacts by id, those that are kept. */
export async function contactsByIds(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  ids: readonly string[],
): Promise<Map<string, KeptContact>> {
  if (ids.length === 0) return new Map();
  const rows = await ofOrg(tx, scope, xeroOrgId)
    .where('contact_id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute();
  return new Map(rows.map((row) => [row.contact_id, toKept(row)]));
}

/**
 * Contacts that stand under any of these keys. Two questions rather than one: right after thousands
 * of contacts were read PostgreSQL has no statistics of them, and would join the two tables by
 * going through all keys once for each contact.
 */
export async function contactsUnderKeys(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  keys: readonly string[],
): Promise<KeptContact[]> {
  if (keys.length === 0) return [];
  const found = await tx
    .selectFrom('xero_contact_keys')
    .select('contact_id')
    .distinct()
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('key', '=', sql<string>`any(${[...keys]}::text[])`)
    .execute();
  const ids = found.map((row) => row.contact_id);
  return [...(await contactsByIds(tx, scope, xeroOrgId, ids)).values()];
}

/** Contacts whose name, code or e-mail hold every word, the first by name. */
export async function findContacts(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  search: string,
): Promise<KeptContact[]> {
  const words = foldLetters(search).split(/\s+/).filter(Boolean);
  let query = ofOrg(tx, scope, xeroOrgId).where('status', '!=', 'merged');
  for (const word of words) query = query.where(sql<boolean>`strpos(search, ${word}) > 0`);
  const rows = await query.orderBy('search').orderBy('contact_id').limit(FOUND_MAX).execute();
  return rows.map(toKept);
}

/** How many contacts are kept, merged ones included: how far the first reading has come. */
export async function countContacts(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<number> {
  const row = await tx
    .selectFrom('xero_contacts')
    .select(sql<number>`count(*)::int`.as('contacts'))
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .executeTakeFirstOrThrow();
  return row.contacts;
}

/** After a disconnect nothing is kept of people who are no learners here. */
export async function eraseContacts(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<void> {
  await tx
    .deleteFrom('xero_contacts')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
}

function ofOrg(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId) {
  return tx
    .selectFrom('xero_contacts')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId);
}

/** A contact as matching sees it. */
export function matchContactOf(wire: WireContact): MatchContact {
  const { name, firstName, lastName, email, mobile, home, work } = fieldsOfContact(wire);
  return {
    contactId: wire.ContactID,
    name,
    firstName,
    lastName,
    email,
    phones: [mobile, home, work].filter((phone) => phone !== null),
    code: wire.ContactNumber,
    status: wire.MergedToContactID ? 'merged' : contactStatusOf(wire),
  };
}

function keptOf(wire: WireContact): KeptContact {
  const contact = matchContactOf(wire);
  const mergedInto = wire.MergedToContactID?.toLowerCase() ?? null;
  // Of the others the mark stays as it was before merges were part of it.
  const marked = mergedInto === null ? contact : { ...contact, mergedInto };
  const hash = createHash('sha256').update(JSON.stringify(marked)).digest('base64url');
  return { ...contact, hash: hash.slice(0, 22), mergedInto };
}

function rowOf(scope: Scope, xeroOrgId: XeroOrgId, wire: WireContact, kept?: KeptContact) {
  const { name = '', email, code } = kept ?? {};
  const search = [foldLetters(name), code && foldLetters(code), email && foldEmail(email)];
  return {
    provider_id: scope.providerId,
    xero_org_id: xeroOrgId,
    contact_id: wire.ContactID,
    name,
    first_name: kept?.firstName ?? null,
    last_name: kept?.lastName ?? null,
    email: email ?? null,
    phones: kept?.phones ?? [],
    code: code ?? null,
    status: kept?.status ?? 'active',
    hash: kept?.hash ?? '',
    search: search.filter(Boolean).join(' '),
    changed_at: wire.updatedAt?.toISOString() ?? null,
    merged_into: kept?.mergedInto ?? null,
  };
}

function toKept(row: Selectable<XeroContacts>): KeptContact {
  return {
    contactId: row.contact_id,
    name: row.name,
    firstName: row.first_name,
    lastName: row.last_name,
    email: row.email,
    phones: row.phones,
    code: row.code,
    status: row.status as ContactStatus,
    hash: row.hash,
    mergedInto: row.merged_into,
  };
}
