import { sql, type Updateable } from 'kysely';
import type { LearnerId, PartyId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import type { ContactLinks } from '#platform/schema';
import type { Scope } from '#platform/scope';

/** Merges into one learner that are gone through. */
const MERGES_MAX = 50;

/** Which contact a learner's link holds. */
export interface HeldContact {
  partyId: LearnerId;
  contactId: string | null;
  /** One of their own may come to exist, or exist already. */
  isUncertain: boolean;
  /** In Xero it was merged into another one. */
  isMergedAway: boolean;
}

/**
 * What the links of these learners hold in one organisation; who has no link there is left out.
 * Merges and their undoing ask under the lane's lock.
 */
export async function contactsOf(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyIds: readonly LearnerId[],
): Promise<HeldContact[]> {
  const rows = await tx
    .selectFrom('contact_links')
    .select(['party_id', 'contact_id', 'contact_status', 'uncertain_since'])
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('party_id', '=', sql<string>`any(${[...partyIds]}::uuid[])`)
    .execute();
  return rows.map((row) => ({
    partyId: row.party_id as LearnerId,
    contactId: row.contact_id,
    isUncertain: row.uncertain_since !== null,
    isMergedAway: row.contact_status === 'merged',
  }));
}

/** Who gives a contact away, and the learner number that it may bear. */
export interface Giver {
  id: LearnerId;
  number: string;
}

/**
 * A person chose another contact than this one: if a merge gave it, the learner from whom it came is
 * to have it back when the merge is undone, and the one that was chosen stays.
 */
export async function leaveToGiver(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyId: PartyId,
  contactId: string,
): Promise<void> {
  const link = await tx
    .selectFrom('contact_links')
    .select('contact_from')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('party_id', '=', partyId)
    .executeTakeFirst();
  if (!link?.contact_from) return;
  await setHandover(tx, scope, xeroOrgId, link.contact_from, { had_contact: contactId });
  await setHandover(tx, scope, xeroOrgId, partyId, { contact_from: null });
}

/** The contact that was put aside for another one, which is asked for once; null: none. */
export async function takeHadContact(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyId: PartyId,
): Promise<string | null> {
  const link = await tx
    .selectFrom('contact_links')
    .select('had_contact')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('party_id', '=', partyId)
    .executeTakeFirst();
  if (!link?.had_contact) return null;
  await setHandover(tx, scope, xeroOrgId, partyId, { had_contact: null });
  return link.had_contact;
}

/** Writes down from whom a contact came, or which one is to be had back. */
export async function setHandover(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyId: string,
  facts: Partial<Pick<Updateable<ContactLinks>, 'contact_from' | 'had_contact'>>,
): Promise<void> {
  await tx
    .updateTable('contact_links')
    .set(facts)
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('party_id', '=', partyId)
    .execute();
}

/** Whether `to` holds the contact that a merge gave it from `from`, who has got no other since. */
export async function givenContacts(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  from: LearnerId,
  to: LearnerId,
): Promise<boolean> {
  const { rows } = await sql<{ given: boolean }>`
    select exists (
      select from contact_links kept join contact_links merged
        using (provider_id, xero_org_id)
      where kept.provider_id = ${scope.providerId} and kept.xero_org_id = ${xeroOrgId}
        and kept.party_id = ${to} and kept.contact_from = ${from} and kept.contact_id is not null
        and merged.party_id = ${from} and merged.contact_id is null) as given`.execute(tx);
  return rows[0]?.given ?? false;
}

/**
 * Moves a contact from one learner's link to another's, with all that is known of it. Whoever has
 * it then has their own fields and learner number still to be sent; who gave it away has none. The
 * number of the one who gave it away gives way also where nothing was agreed on yet. Each keeps in
 * mind from whom they had it, so that merges of merges come apart step by step.
 */
export async function giveContact(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  { from, to, isReturn, now }: { from: Giver; to: LearnerId; isReturn: boolean; now: Date },
): Promise<void> {
  const own = sql`provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}`;
  const { rows } = await sql<{
    contact_id: string;
    contact_status: string | null;
    base: string | null;
    seen: string | null;
    offered: string | null;
    replaces_code: boolean;
    contact_changed_at: Date | null;
    uncertain_since: Date | null;
  }>`select contact_id, contact_status, base::text, seen::text, offered::text,
      contact_changed_at, uncertain_since, replaces_code or exists (
        select from xero_contacts where ${own} and contact_id = contact_links.contact_id
          and lower(code) = lower(${from.number})) as replaces_code
      from contact_links where ${own} and party_id = ${from.id}`.execute(tx);
  const [given] = rows;
  if (!given) return;
  await ensureLink(tx, scope, xeroOrgId, to, now);
  await sql`update contact_links set contact_id = null, contact_status = null, base = null,
      seen = null, offered = null, contact_changed_at = null, uncertain_since = null, pushed_revision = null,
      contact_from = case when ${isReturn} then null else contact_from end,
      papers_due = false, match_due = true, wants_new = false, accepted = '{}', drift = '{}',
      drift_since = null, drift_weighed = null,
      standing = case when standing is null then null else 'waiting' end, reasons = '[]'
    where ${own} and party_id = ${from.id}`.execute(tx);
  await sql`update contact_links set contact_id = ${given.contact_id},
      contact_status = ${given.contact_status}, base = ${given.base}::jsonb,
      seen = ${given.seen}::jsonb, offered = ${given.offered}::jsonb,
      contact_changed_at = ${given.contact_changed_at}::timestamptz,
      uncertain_since = ${given.uncertain_since}::timestamptz, pushed_revision = null,
      replaces_code = ${given.replaces_code},
      contact_from = case when ${isReturn} then contact_from else ${from.id}::uuid end,
      papers_due = true, accepted = '{}',
      drift = '{}', drift_since = null, drift_weighed = null,
      standing = case when standing is null then null else 'waiting' end, reasons = '[]'
    where ${own} and party_id = ${to}`.execute(tx);
}

/** Whom nobody has wanted in Xero so far has no link yet; nothing is sent for them now either. */
async function ensureLink(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyId: LearnerId,
  now: Date,
): Promise<void> {
  await tx
    .insertInto('contact_links')
    .values({
      provider_id: scope.providerId,
      xero_org_id: xeroOrgId,
      party_kind: 'learner',
      party_id: partyId,
      wanted_revision: 0,
      next_attempt_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Those of these learners for whom no contact may be made yet: another one was merged into them, of
 * whom nobody knows whether a contact exists.
 */
export async function awaitingOthers(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyIds: readonly PartyId[],
): Promise<ReadonlySet<string>> {
  if (partyIds.length === 0) return new Set();
  const rows = await givingTo(tx, scope, xeroOrgId, partyIds)
    .where('uncertain_since', 'is not', null)
    .where('contact_id', 'is', null)
    .execute();
  return new Set(rows.flatMap((row) => row.papers_for ?? []));
}

/** Says to whom the papers of these learners' contacts go; null: to themselves. */
export async function sendPapersTo(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyIds: readonly LearnerId[],
  to: LearnerId | null,
): Promise<void> {
  if (partyIds.length === 0) return;
  await tx
    .updateTable('contact_links')
    .set({ papers_for: to })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('party_id', '=', sql<string>`any(${[...partyIds]}::uuid[])`)
    .execute();
}

/** Those of these learners for whom the papers of another one's contact are, who was merged. */
export async function keptOfContacts(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyIds: readonly PartyId[],
): Promise<LearnerId[]> {
  if (partyIds.length === 0) return [];
  const rows = await givingTo(tx, scope, xeroOrgId, partyIds)
    .where('contact_id', 'is not', null)
    .execute();
  return [...new Set(rows.map((row) => row.papers_for as LearnerId))];
}

/** Links of those merged, whose papers are for one of these learners now. */
function givingTo(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId, partyIds: readonly PartyId[]) {
  return tx
    .selectFrom('contact_links')
    .select('papers_for')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('papers_for', '=', sql<string>`any(${[...partyIds]}::uuid[])`);
}

/** Who was merged into a learner themselves, not by way of another one: the first one first. */
export async function mergedStraightInto(
  tx: Tx,
  scope: Scope,
  keptId: LearnerId,
): Promise<LearnerId[]> {
  const rows = await tx
    .selectFrom('learner_merges')
    .select('merged_id')
    .where('provider_id', '=', scope.providerId)
    .where('kept_id', '=', keptId)
    .where('undone_at', 'is', null)
    .orderBy('merged_at')
    .limit(MERGES_MAX)
    .execute();
  return rows.map((row) => row.merged_id as LearnerId);
}
