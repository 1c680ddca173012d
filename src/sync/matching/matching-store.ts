import { type Selectable, sql } from 'kysely';
import type { ConnectionId, PartyId, XeroOrgId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import type { Matchings } from '#platform/schema';
import type { Scope } from '#platform/scope';
import type { Lane } from '../lane/lane-store.ts';
import type { ChangedContacts } from './contact-store.ts';
import { isRoundDue } from './look-round.ts';
import { touchProposals } from './touched-store.ts';

/** Where the matching of one organisation stands, as kept. */
export type MatchingRow = Selectable<Matchings>;

/** What a lane has to know of it. */
export interface MatchingFacts {
  /** Nothing may be written to the organisation: proposals wait for a person's yes. */
  isGateClosed: boolean;
  /** There is somebody to match, or to match anew. */
  isDue: boolean;
}

/**
 * Where the matching stands; null until the organisation's contacts have been read whole, as they
 * are again after a disconnect before anything was approved. Locks nothing.
 */
export async function findMatching(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<MatchingRow | null> {
  const row = await tx
    .selectFrom('matchings')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .executeTakeFirst();
  return row ?? null;
}

/** Whether proposals of this organisation wait to be made or approved. */
export function isGateClosed(matching: Pick<MatchingRow, 'state'> | null): boolean {
  return matching?.state === 'proposing' || matching?.state === 'open';
}

/**
 * Once all contacts are known: with learners who are to go there, their matches are proposed and
 * wait for approval; with none there is nothing to approve. An organisation that was matched before
 * stays so.
 */
export async function beginMatching(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<void> {
  const own = sql`provider_id = ${scope.providerId} and xero_org_id = ${xeroOrgId}`;
  await sql`
    insert into matchings (provider_id, xero_org_id, state)
    select ${scope.providerId}::uuid, ${xeroOrgId}::uuid,
      case when exists (select from contact_links
        where ${own} and match_due and contact_id is null and standing is not null)
      then 'proposing' else 'none' end
    on conflict do nothing`.execute(tx);
}

/**
 * Lets proposals be made anew that may rest on contacts which changed, and whoever is undecided be
 * looked at again.
 */
export async function contactsChanged(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  { ids: contactIds, keys }: ChangedContacts,
): Promise<void> {
  if (contactIds.length === 0) return;
  const touched = await touchProposals(tx, scope, xeroOrgId, { contactIds, keys });
  await sql`
    update matchings m set dirty = true
    where m.provider_id = ${scope.providerId} and m.xero_org_id = ${xeroOrgId} and not m.dirty
      and (${touched > 0} or exists (select from contact_links l
        where l.provider_id = m.provider_id and l.xero_org_id = m.xero_org_id
          and l.match_due and l.contact_id is null and l.standing = 'undecided'))`.execute(tx);
}

/** Whether somebody waits to be matched, so that strangers' contacts matter at once. */
export async function isAnybodyUnmatched(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<boolean> {
  const row = await tx
    .selectFrom('contact_links')
    .select('party_id')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('match_due', '=', true)
    .where('contact_id', 'is', null)
    .where('standing', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Whether proposals no longer say what is: learners changed, joined or left since they were made,
 * or a contact changed.
 */
export async function areProposalsStale(
  tx: Tx,
  scope: Scope,
  matching: MatchingRow,
): Promise<boolean> {
  if (matching.dirty) return true;
  const own = sql`provider_id = ${scope.providerId} and xero_org_id = ${matching.xero_org_id}`;
  const digest = (revision: string) => sql`
    count(*) as learners, bit_xor(hashtextextended(party_id::text, ${sql.ref(revision)})) as digest`;
  // Each side is read once and summed up. Joined, they may take minutes: right after thousands of
  // rows were written PostgreSQL has no statistics by which it could choose a sound plan.
  const { rows } = await sql<{ stale: boolean }>`
    select (l.learners, l.digest) is distinct from (p.learners, p.digest) as stale
    from (select ${digest('wanted_revision')} from contact_links
        where ${own} and match_due and contact_id is null and standing is not null) l,
      (select ${digest('party_revision')} from match_proposals where ${own}) p`.execute(tx);
  return rows[0]?.stale ?? false;
}

/** What a lane has to know, read under its lock. */
export async function matchingFacts(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<MatchingFacts> {
  const matching = await findMatching(tx, scope, xeroOrgId);
  if (!matching) return { isGateClosed: false, isDue: false };
  switch (matching.state) {
    case 'proposing':
      return { isGateClosed: true, isDue: true };
    case 'open':
      return { isGateClosed: true, isDue: await areProposalsStale(tx, scope, matching) };
    default: {
      const isDue = isRoundDue(matching) || (await isAnybodyToMatch(tx, scope, xeroOrgId));
      return { isGateClosed: false, isDue };
    }
  }
}

async function isAnybodyToMatch(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<boolean> {
  const row = await tx
    .selectFrom('contact_links')
    .select('party_id')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('match_due', '=', true)
    .where('contact_id', 'is', null)
    .where('standing', '=', 'waiting')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Writes these facts, if any, and counts the version up: whoever approves what they saw before is
 * told that it changed. The caller holds the lane.
 */
export async function changeMatching(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  facts: Partial<Omit<MatchingRow, 'provider_id' | 'xero_org_id' | 'version'>>,
): Promise<void> {
  await tx
    .updateTable('matchings')
    .set({ ...facts, version: sql<number>`version + 1` })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
}

/** Somebody has looked who these learners are, so that the matching leaves them alone. */
export async function markMatched(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyIds: readonly PartyId[],
): Promise<void> {
  if (partyIds.length === 0) return;
  await tx
    .updateTable('contact_links')
    .set({ match_due: false })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('party_id', '=', sql<string>`any(${[...partyIds]}::uuid[])`)
    .execute();
}

/** Learners that are no longer here want nothing. */
export async function silenceOrphans(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  partyIds: readonly PartyId[],
): Promise<void> {
  if (partyIds.length === 0) return;
  await tx
    .updateTable('contact_links')
    .set({ standing: null })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('party_id', '=', sql<string>`any(${[...partyIds]}::uuid[])`)
    .execute();
}

/**
 * What is forgotten at a disconnect: proposals that nobody approved, and that the contacts are
 * known, so that the next connecting reads them whole. That an organisation was matched stays.
 */
export async function forgetMatching(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<void> {
  await tx
    .deleteFrom('matchings')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('state', 'in', ['proposing', 'open'])
    .execute();
  await tx
    .updateTable('lanes')
    .set({ contacts_known_at: null })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
  await tx
    .updateTable('cursors')
    .set({ read_until: null, walking: false, position: null, page: 1 })
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('resource', '=', 'contacts')
    .execute();
}

/** The lane of a connection; `request.not-found` when it has none or was disconnected. */
export async function laneOfConnection(
  tx: Tx,
  scope: Scope,
  connectionId: ConnectionId,
): Promise<Lane> {
  const lane = await tx
    .selectFrom('lanes')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('connection_id', '=', connectionId)
    .executeTakeFirst();
  if (lane && lane.stop_reason !== 'disconnected') return lane;
  throw new AppError('request.not-found', 'No connected organisation stands at this address.');
}
