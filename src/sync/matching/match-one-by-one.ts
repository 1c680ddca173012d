import { sql } from 'kysely';
import type { XeroOrgId } from '#contract/ids';
import { aboutParty, type BursarEvent } from '#events/index';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { LaneRun } from '../lane/lane-run.ts';
import type { ContactLink } from '../links/contact-link.ts';
import { toLink } from '../links/link-row.ts';
import { saveLinks } from '../links/link-store.ts';
import type { KeptContact } from './contact-store.ts';
import type { Proposal } from './decide-match.ts';
import { isRoundDue, LOOKED_AT_PER_ACT, type RoundFacts, roundAfter } from './look-round.ts';
import { matchPartyOf, readParties } from './match-parties.ts';
import { undecidedWords } from './match-words.ts';
import { changeMatching, type MatchingRow, markMatched, silenceOrphans } from './matching-store.ts';
import { matchAmongRivals } from './rivals.ts';

const LEARNERS_PER_ACT = 500;

/**
 * Matches learners who came after the first approval: a safe match is linked, nobody like them
 * means a new contact, everything doubtful waits for a person with what is known. After contacts
 * changed those who wait are looked at again, so many an act.
 */
export async function matchOneByOne(run: LaneRun, tx: Tx, matching: MatchingRow): Promise<void> {
  const { deps, scope, xeroOrgId } = run;
  const again = await linksToLookAtAgain(tx, scope, matching);
  const links = [...(await linksThatWait(tx, scope, xeroOrgId)), ...again.links];
  const parties = await readParties(
    deps,
    tx,
    scope,
    links.map((link) => link.partyId),
  );
  const here = new Set(parties.map((party) => party.id));
  const asked = parties.map(matchPartyOf);
  const { proposals, contacts } = await matchAmongRivals(deps, tx, scope, xeroOrgId, asked);

  const changed: ContactLink[] = [];
  const events: BursarEvent[] = [];
  for (const link of links) {
    const proposal = proposals.get(link.partyId);
    if (!proposal) continue;
    const after = afterMatch(link, proposal, contacts, run.now());
    if (after === null) continue;
    changed.push(after);
    events.push(...eventsOf(after, proposal));
  }
  await saveLinks(tx, scope, changed);
  const matched = changed.filter((link) => link.standing !== 'undecided');
  await markMatched(
    tx,
    scope,
    xeroOrgId,
    matched.map((link) => link.partyId),
  );
  const orphans = links.map((link) => link.partyId).filter((id) => !here.has(id));
  await silenceOrphans(tx, scope, xeroOrgId, orphans);
  await deps.events.append(tx, scope, ...events);
  if (again.after !== null) await changeMatching(tx, scope, xeroOrgId, again.after);
  await announce(
    tx,
    scope.providerId,
    'sync',
    changed.map((link) => link.partyId),
  );
}

async function linksThatWait(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<ContactLink[]> {
  const rows = await unmatchedLinks(tx, scope, xeroOrgId, 'waiting')
    .orderBy('urgent', 'desc')
    .orderBy('party_id')
    .limit(LEARNERS_PER_ACT)
    .execute();
  return rows.map(toLink);
}

async function linksToLookAtAgain(
  tx: Tx,
  scope: Scope,
  matching: MatchingRow,
): Promise<{ links: ContactLink[]; after: RoundFacts | null }> {
  if (!isRoundDue(matching)) return { links: [], after: null };
  const { looked_at_to: lookedAtTo } = matching;
  let query = unmatchedLinks(tx, scope, matching.xero_org_id as XeroOrgId, 'undecided');
  if (lookedAtTo !== null) query = query.where(sql<boolean>`party_id > ${lookedAtTo}::uuid`);
  const rows = await query.orderBy('party_id').limit(LOOKED_AT_PER_ACT).execute();
  const ids = rows.map((row) => row.party_id);
  return { links: rows.map(toLink), after: roundAfter(matching, ids) };
}

function unmatchedLinks(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  standing: 'waiting' | 'undecided',
) {
  return tx
    .selectFrom('contact_links')
    .selectAll()
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('match_due', '=', true)
    .where('contact_id', 'is', null)
    .where('standing', '=', standing);
}

/** The link with what was found out; null when it stays as it is. */
function afterMatch(
  link: ContactLink,
  proposal: Proposal,
  contacts: ReadonlyMap<string, KeptContact>,
  now: Date,
): ContactLink | null {
  switch (proposal.group) {
    case 'safe':
      return linkedTo(link, proposal.contactId ?? '', proposal.replacesCode, now);
    case 'create':
      return { ...link, standing: 'waiting', reasons: [], nextAttemptAt: now };
    case 'decide': {
      const reasons = undecidedWords(proposal.candidates, (id) => contacts.get(id), link.partyKind);
      const isKnown = link.standing === 'undecided' && sameTexts(link.reasons, reasons);
      return isKnown ? null : { ...link, standing: 'undecided', reasons, isUrgent: false };
    }
  }
}

/**
 * The link once it is known whose contact it is. Nothing is agreed yet: the next push looks at the
 * contact, writes the learner number onto it and fills in what it lacks.
 */
export function linkedTo(
  link: ContactLink,
  contactId: string,
  replacesCode: boolean,
  now: Date,
): ContactLink {
  return {
    ...link,
    contactId,
    contactStatus: 'active',
    pushedRevision: null,
    base: null,
    seen: null,
    offered: null,
    standing: 'waiting',
    reasons: [],
    attempts: 0,
    nextAttemptAt: now,
    papersDue: true,
    replacesCode,
    wantsNew: false,
  };
}

function eventsOf(link: ContactLink, proposal: Proposal): BursarEvent[] {
  const { xeroOrgId } = link;
  const about = aboutParty(link);
  if (proposal.group === 'create') return [];
  if (proposal.group === 'decide') {
    const candidates = proposal.candidates.length;
    return [{ kind: 'contact.undecided', ...about, xeroOrgId, candidates }];
  }
  const isByNumber = proposal.candidates.some(
    (one) => one.contactId === link.contactId && one.evidence.includes('code'),
  );
  const how = isByNumber ? 'found' : 'adopted';
  return [{ kind: 'contact.linked', ...about, xeroOrgId, contactId: link.contactId ?? '', how }];
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}
