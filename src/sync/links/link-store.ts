import { type SelectQueryBuilder, sql } from 'kysely';
import type { PartyId, PartyKind, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { inPortions } from '#platform/in-portions';
import { jsonText } from '#platform/json-text';
import type { Schema } from '#platform/schema';
import type { Scope } from '#platform/scope';
import { dropCured } from '../inbox/ignore-store.ts';
import type { ContactLink } from './contact-link.ts';
import { CHANGED_COLUMNS, toChange, toLink } from './link-row.ts';

/** A party whose present revision is to be in Xero, or no longer to be sent. */
export interface Wish {
  partyKind: PartyKind;
  partyId: PartyId;
  revision: number;
  syncToXero: boolean;
  /** Someone made this one change by hand and looks at the page. */
  isUrgent?: boolean;
}

const WISHES_PER_STATEMENT = 2_000;
const FURTHER_CONTACTS_MAX = 50;
const MERGED_MAX = 500;

/**
 * Raises what is wanted for parties in one organisation: makes links that are not there yet, lets
 * those in step wait, gives blocked ones another try. With Sync to Xero off a link stays, so that
 * papers go on arriving, but nothing is sent.
 */
export async function raiseWanted(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  wishes: readonly Wish[],
  now: Date,
): Promise<void> {
  for (const some of inPortions(wishes, WISHES_PER_STATEMENT)) {
    await raiseSome(tx, scope, xeroOrgId, some, now);
  }
}

async function raiseSome(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  wishes: readonly Wish[],
  now: Date,
): Promise<void> {
  const on = wishes.filter((wish) => wish.syncToXero);
  const off = wishes.filter((wish) => !wish.syncToXero);
  if (on.length > 0) {
    await sql`
      insert into contact_links
        (provider_id, xero_org_id, party_kind, party_id, wanted_revision, urgent, standing,
          next_attempt_at)
      select ${scope.providerId}::uuid, ${xeroOrgId}::uuid, wish.party_kind, wish.party_id,
        wish.revision, wish.urgent,
        'waiting', ${now}::timestamptz
      from unnest(
        ${on.map((wish) => wish.partyKind)}::text[],
        ${on.map((wish) => wish.partyId)}::uuid[],
        ${on.map((wish) => wish.revision)}::integer[],
        ${on.map((wish) => wish.isUrgent ?? false)}::boolean[])
        as wish (party_kind, party_id, revision, urgent)
      on conflict (provider_id, xero_org_id, party_id) do update set
        wanted_revision = greatest(contact_links.wanted_revision, excluded.wanted_revision),
        standing = case
          when contact_links.pushed_revision is not distinct from excluded.wanted_revision
            and contact_links.contact_status = 'active'
            -- What is said about the code has to be said anew.
            and contact_links.base ->> 'contactNumber'
              is not distinct from contact_links.seen ->> 'contactNumber' then 'in-step'
          else 'waiting' end,
        reasons = '[]', attempts = 0, next_attempt_at = excluded.next_attempt_at,
        urgent = contact_links.urgent or excluded.urgent`.execute(tx);
  }
  if (off.length > 0) {
    await sql`
      update contact_links set standing = null, reasons = '[]', urgent = false,
        wanted_revision = greatest(wanted_revision, wish.revision)
      from unnest(
        ${off.map((wish) => wish.partyId)}::uuid[],
        ${off.map((wish) => wish.revision)}::integer[]) as wish (party_id, revision)
      where contact_links.provider_id = ${scope.providerId}
        and contact_links.xero_org_id = ${xeroOrgId}
        and contact_links.party_id = wish.party_id`.execute(tx);
  }
}

/** The links of these parties in one organisation, those that exist, by party. */
export async function linksOfParties(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyIds: readonly PartyId[],
): Promise<ContactLink[]> {
  if (partyIds.length === 0) return [];
  const rows = await ofOrg(tx, scope, xeroOrgId)
    .where('party_id', '=', sql<string>`any(${[...partyIds]}::uuid[])`)
    .orderBy('party_id')
    .execute();
  return rows.map(toLink);
}

/** The links to these contacts, in one organisation. */
export async function linksOfContacts(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  contactIds: readonly string[],
): Promise<ContactLink[]> {
  if (contactIds.length === 0) return [];
  const rows = await ofOrg(tx, scope, xeroOrgId)
    .where('contact_id', '=', sql<string>`any(${[...contactIds]}::uuid[])`)
    .execute();
  return rows.map(toLink);
}

/** Links that wait for a person since two contacts were merged in Xero, at most `MERGED_MAX`. */
export async function undecidedOverMerges(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<ContactLink[]> {
  const rows = await ofOrg(tx, scope, xeroOrgId)
    .where('standing', '=', 'undecided')
    .where('contact_status', '=', 'merged')
    .limit(MERGED_MAX)
    .execute();
  return rows.map(toLink);
}

/**
 * Links with a gap whose time has come: those with someone waiting first, then the longest due. The
 * others fill the batch up, since calls are what Xero rations. Also those whose contact may exist
 * although Sync to Xero was turned off meanwhile: its papers are to come home all the same; on wish
 * only those whose contact may exist since an answer was lost, or only those of some contacts.
 */
export async function linksToPush(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  due: { now: Date; limit: number; inDoubtOnly?: boolean; contactIds?: readonly string[] },
): Promise<ContactLink[]> {
  const { contactIds } = due;
  const rows = await ofOrg(tx, scope, xeroOrgId)
    .$if(contactIds !== undefined, (query) =>
      query.where('contact_id', '=', sql<string>`any(${[...(contactIds ?? [])]}::uuid[])`),
    )
    .where((where) => {
      const inDoubt = where('uncertain_since', 'is not', null);
      return due.inDoubtOnly ? inDoubt : where.or([where('standing', '=', 'waiting'), inDoubt]);
    })
    // Before it is known whether they are in Xero already, nobody is sent there.
    .where((where) =>
      where.or([where('match_due', '=', false), where('contact_id', 'is not', null)]),
    )
    .where('next_attempt_at', '<=', due.now)
    .orderBy('urgent', 'desc')
    .orderBy('next_attempt_at')
    .orderBy('party_id')
    .limit(due.limit)
    .execute();
  return rows.map(toLink);
}

/** Links whose contact's papers are still to be read, those with someone waiting first. */
export async function linksToRead(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  limit: number,
): Promise<ContactLink[]> {
  const rows = await ofOrg(tx, scope, xeroOrgId)
    .where('papers_due', '=', true)
    .where('contact_id', 'is not', null)
    .orderBy('urgent', 'desc')
    .orderBy('party_id')
    .limit(limit)
    .execute();
  return rows.map(toLink);
}

/** Links of learners merged into this one that have a contact of their own, whose papers come here. */
export async function linksWithPapersFor(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyId: PartyId,
): Promise<ContactLink[]> {
  const rows = await ofOrg(tx, scope, xeroOrgId)
    .where('papers_for', '=', partyId)
    .where('contact_id', 'is not', null)
    .orderBy('party_id')
    .limit(FURTHER_CONTACTS_MAX)
    .execute();
  return rows.map(toLink);
}

/**
 * Writes links as they now are; of those in step it is forgotten what was put aside. The caller
 * holds the lane, under which links are changed.
 */
export async function saveLinks(
  tx: Tx,
  scope: Scope,
  links: readonly ContactLink[],
): Promise<void> {
  if (links.length === 0) return;
  const rows = links.map((link) => ({
    xero_org_id: link.xeroOrgId,
    party_id: link.partyId,
    ...toChange(link),
  }));
  const changes = CHANGED_COLUMNS.map((column) => sql`${sql.ref(column)} = now.${sql.ref(column)}`);
  await sql`
    update contact_links set ${sql.join(changes)}
    from jsonb_populate_recordset(null::contact_links, ${jsonText(rows)}::jsonb) as now
    where contact_links.provider_id = ${scope.providerId}
      and contact_links.xero_org_id = now.xero_org_id
      and contact_links.party_id = now.party_id`.execute(tx);
  const inStep = links.filter(({ standing }) => standing === 'in-step');
  await dropCured(
    tx,
    scope,
    inStep.map(({ partyId }) => partyId),
  );
}

/** Takes the hurry from learners that were changed with many others. */
export async function calmLinks(tx: Tx, scope: Scope, partyIds: readonly PartyId[]): Promise<void> {
  await tx
    .updateTable('contact_links')
    .set({ urgent: false })
    .where('provider_id', '=', scope.providerId)
    .where('party_id', '=', sql<string>`any(${[...partyIds]}::uuid[])`)
    .where('urgent', '=', true)
    .execute();
}

/** How many contacts of an organisation have papers that are still to be read. */
export async function countPapersDue(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<number> {
  const row = await tx
    .selectFrom('contact_links')
    .select(sql<number>`count(*)::int`.as('due'))
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('contact_id', 'is not', null)
    .where('papers_due', '=', true)
    .executeTakeFirstOrThrow();
  return row.due;
}

/** How many links of an organisation have a contact. */
export async function countLinked(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<number> {
  const row = await tx
    .selectFrom('contact_links')
    .select(sql<number>`count(*)::int`.as('linked'))
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('contact_id', 'is not', null)
    .executeTakeFirstOrThrow();
  return row.linked;
}

/** Asks for the papers of every linked contact to be read. */
export async function markAllPapersDue(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<void> {
  await tx
    .updateTable('contact_links')
    .set({ papers_due: true })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('contact_id', 'is not', null)
    .execute();
}

/** Puts links out of use: after a disconnect nothing is sent and nothing is claimed. */
export async function silenceLinks(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<void> {
  await tx
    .updateTable('contact_links')
    .set({ standing: null, reasons: '[]', urgent: false })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
}

function ofOrg(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): SelectQueryBuilder<Schema, 'contact_links', Parameters<typeof toLink>[0]> {
  return tx
    .selectFrom('contact_links')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId);
}
