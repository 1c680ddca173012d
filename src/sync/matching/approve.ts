import { sql } from 'kysely';
import type { XeroOrgId } from '#contract/ids';
import { aboutParty } from '#events/index';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { inPortions } from '#platform/in-portions';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { takeCalls } from '../lane/lane-calls.ts';
import type { SyncDeps } from '../lane/lane-run.ts';
import { type Lane, wakeLane } from '../lane/lane-store.ts';
import { contactsByIds } from './contact-store.ts';
import { firstReadingAfterMatching } from './first-reading.ts';
import { undecidedWords } from './match-words.ts';
import { areProposalsStale, changeMatching, findMatching } from './matching-store.ts';
import { allProposals, type KeptProposal } from './proposal-store.ts';

const EVENTS_PER_APPEND = 1_000;
const UNDECIDED_PER_STATEMENT = 2_000;

/**
 * Carries out what was accepted, all in one transaction, and opens the way to Xero: links are made,
 * new contacts allowed, those left out have Sync to Xero turned off. Whoever was not accepted stays
 * undecided, one by one. Nothing is sent here; the lane does that.
 *
 * @param version of the matching as the person saw it
 * @throws AppError `matching.changed` when it is another by now, or grounds of proposals changed;
 * `matching.not-open` when there is nothing to approve
 */
export async function approveMatching(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  lane: Lane,
  version: number,
): Promise<void> {
  const xeroOrgId = lane.xero_org_id as XeroOrgId;
  const leftOut = (await allProposals(tx, scope, xeroOrgId)).filter(
    (one) => one.accepted && one.decision === 'leave-out',
  );
  // Parties are locked before the lane, in the order in which an edit takes the two.
  await deps.parties.turnSyncOff(tx, scope, leftOut);
  const now = deps.clock.now();
  await wakeLane(tx, scope.providerId, xeroOrgId, now);
  // Whoever was changed while somebody else held the lane: it may be what a proposal rests on.
  await takeCalls(deps, tx, scope, xeroOrgId);
  const proposals = await requireOpen(tx, scope, xeroOrgId, version, leftOut);
  const accepted = proposals.filter((one) => one.accepted);
  const linked = accepted.filter((one) => one.decision === 'link');
  const created = accepted.filter((one) => one.decision === 'create');
  const undecided = proposals.filter((one) => !one.accepted);
  await linkAccepted(tx, scope, xeroOrgId, now);
  await leaveUndecided(tx, scope, xeroOrgId, undecided);
  await firstReadingAfterMatching(tx, scope, xeroOrgId, now);
  await tx
    .deleteFrom('match_proposals')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .execute();
  await changeMatching(tx, scope, xeroOrgId, {
    state: 'approved',
    dirty: false,
    approved_at: now,
    approved_by: scope.actor.name,
  });
  await tell(deps, tx, scope, xeroOrgId, linked);
  await deps.events.append(tx, scope, {
    kind: 'matching.approved',
    xeroOrgId,
    linked: linked.length,
    created: created.length,
    leftOut: leftOut.length,
    undecided: undecided.length,
  });
  await announce(tx, scope.providerId, 'sync', []);
}

/** The proposals, unless somebody or something changed them since they were looked at. */
async function requireOpen(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  version: number,
  leftOut: readonly KeptProposal[],
): Promise<KeptProposal[]> {
  const matching = await findMatching(tx, scope, xeroOrgId);
  if (matching?.state !== 'open') throw new AppError('matching.not-open');
  if (matching.version !== version) throw new AppError('matching.changed');
  await dropLeftOut(tx, scope, xeroOrgId, leftOut);
  if (await areProposalsStale(tx, scope, matching)) throw new AppError('matching.changed');
  return allProposals(tx, scope, xeroOrgId);
}

async function dropLeftOut(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  leftOut: readonly KeptProposal[],
): Promise<void> {
  if (leftOut.length === 0) return;
  await tx
    .deleteFrom('match_proposals')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('party_id', '=', sql<string>`any(${leftOut.map((one) => one.partyId)}::uuid[])`)
    .execute();
}

/** Nothing is agreed with a linked contact yet; its next push looks at it first. */
async function linkAccepted(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId, now: Date): Promise<void> {
  // Without statistics of rows just written, row by row could mean thousands times thousands.
  await sql`set local enable_nestloop = off`.execute(tx);
  await sql`
    update contact_links l set
      match_due = false, contact_id = p.contact_id, replaces_code = p.replaces_code,
      -- Only where there was somebody whom a person might have meant.
      wants_new = p.decision = 'create' and p.grouping <> 'create',
      contact_status = case when p.contact_id is null then null else 'active' end,
      papers_due = p.contact_id is not null, standing = 'waiting', reasons = '[]',
      base = null, seen = null, pushed_revision = null, attempts = 0,
      next_attempt_at = ${now}::timestamptz
    from match_proposals p
    where p.provider_id = ${scope.providerId} and p.xero_org_id = ${xeroOrgId} and p.accepted
      and l.provider_id = p.provider_id and l.xero_org_id = p.xero_org_id
      and l.party_id = p.party_id and l.match_due and l.contact_id is null`.execute(tx);
  await sql`set local enable_nestloop = on`.execute(tx);
}

async function leaveUndecided(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  undecided: readonly KeptProposal[],
): Promise<void> {
  for (const some of inPortions(undecided, UNDECIDED_PER_STATEMENT)) {
    const firsts = some.flatMap((one) => one.candidates[0]?.contactId ?? []);
    const contacts = await contactsByIds(tx, scope, xeroOrgId, firsts);
    const words = some.map((one) =>
      undecidedWords(one.candidates, (id) => contacts.get(id), one.partyKind),
    );
    await sql`
      update contact_links l set standing = 'undecided', reasons = said.reasons::jsonb
      from unnest(
        ${some.map((one) => one.partyId)}::uuid[],
        ${words.map((reasons) => JSON.stringify(reasons))}::text[]) as said (party_id, reasons)
      where l.provider_id = ${scope.providerId} and l.xero_org_id = ${xeroOrgId}
        and l.party_id = said.party_id and l.match_due`.execute(tx);
  }
}

async function tell(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  linked: readonly KeptProposal[],
): Promise<void> {
  for (const some of inPortions(linked, EVENTS_PER_APPEND)) {
    const events = some.map((one) => ({
      kind: 'contact.linked' as const,
      ...aboutParty(one),
      xeroOrgId,
      contactId: one.contactId ?? '',
      how: 'adopted' as const,
    }));
    await deps.events.append(tx, scope, ...events);
  }
}
