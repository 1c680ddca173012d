import type { PartyId, XeroOrgId } from '#contract/ids';
import type { Tx } from '#platform/database';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import type { LaneRun } from '../lane/lane-run.ts';
import type { Party } from '../parties/party.ts';
import { allContacts, type KeptContact } from './contact-store.ts';
import { decideMatches, type Proposal } from './decide-match.ts';
import { matchOneByOne } from './match-one-by-one.ts';
import { matchPartyOf, nameSortOf, readParties } from './match-parties.ts';
import { changeMatching, findMatching, isGateClosed, silenceOrphans } from './matching-store.ts';
import {
  allProposals,
  type KeptProposal,
  removeProposals,
  saveProposals,
} from './proposal-store.ts';
import { isChoiceStanding, renewed } from './renew-proposal.ts';

/** Rounds in a row of which what people decided meanwhile leaves nothing, before others get their turn. */
const ROUNDS_MAX = 3;

/**
 * Finds out who in Xero is whom here: before the first approval as proposals that wait for a
 * person, afterwards learner by learner. Asks Xero nothing: it goes by the contacts that are kept.
 */
export async function matchLearners(run: LaneRun): Promise<void> {
  const { scope, xeroOrgId } = run;
  const isToPropose = await run.record(async (tx) => {
    const matching = await findMatching(tx, scope, xeroOrgId);
    if (!matching) return false;
    if (isGateClosed(matching)) return true;
    await matchOneByOne(run, tx, matching);
    return false;
  });
  if (!isToPropose) return;
  for (let rounds = 0; rounds < ROUNDS_MAX; rounds += 1) {
    if (await proposeAll(run)) return;
  }
}

/** All that proposals rest on, as of one moment. */
interface Grounds {
  version: number;
  wanted: Map<PartyId, number>;
  before: Map<PartyId, KeptProposal>;
  contacts: Map<string, KeptContact>;
  linked: Set<string>;
  parties: Party[];
}

async function readGrounds({ deps, scope, xeroOrgId }: LaneRun, tx: Tx): Promise<Grounds> {
  const matching = await findMatching(tx, scope, xeroOrgId);
  const wanted = await unmatchedLinks(tx, scope, xeroOrgId);
  const before = await allProposals(tx, scope, xeroOrgId);
  const contacts = await allContacts(tx, scope, xeroOrgId);
  return {
    version: matching?.version ?? 0,
    wanted,
    before: new Map(before.map((kept) => [kept.partyId, kept])),
    contacts: new Map(contacts.map((contact) => [contact.contactId, contact])),
    linked: await linkedContacts(tx, scope, xeroOrgId),
    parties: await readParties(deps, tx, scope, [...wanted.keys()]),
  };
}

/**
 * Makes the proposals of everybody anew; those whose grounds are the same stay as people left them.
 * With thousands of learners that takes seconds: it is read and thought out without the lane, for
 * which others would wait, and written under its lock. Whoever was edited meanwhile is found to
 * differ from their proposal at the next look.
 *
 * @returns whether it came about; not if people decided something meanwhile, or approved
 */
async function proposeAll(run: LaneRun): Promise<boolean> {
  const { deps, scope, xeroOrgId } = run;
  const grounds = await deps.database.asReader(scope.providerId, (tx) => readGrounds(run, tx));
  const { wanted, before } = grounds;
  const changed = proposalsOn(grounds);
  const present = new Set(grounds.parties.map((party) => party.id));
  const gone = [...before.keys()].filter((partyId) => !present.has(partyId));
  const missing = [...wanted.keys()].filter((id) => !present.has(id));
  return run.record(async (tx) => {
    const matching = await findMatching(tx, scope, xeroOrgId);
    if (matching?.version !== grounds.version || !isGateClosed(matching)) return false;
    await removeProposals(tx, scope, xeroOrgId, gone);
    await saveProposals(tx, scope, xeroOrgId, changed);
    const back = new Set((await readParties(deps, tx, scope, missing)).map((party) => party.id));
    const orphans = missing.filter((id) => !back.has(id));
    await silenceOrphans(tx, scope, xeroOrgId, orphans);
    const state = present.size === 0 ? 'none' : 'open';
    await changeMatching(tx, scope, xeroOrgId, { state, dirty: false, proposed_at: run.now() });
    if (matching.state === 'proposing' && state === 'open') {
      const learnersToMatch = present.size;
      await deps.events.append(tx, scope, {
        kind: 'matching.proposed',
        xeroOrgId,
        learnersToMatch,
      });
    }
    await announce(tx, scope.providerId, 'sync', []);
    return true;
  });
}

/** The proposals that are other than before. */
function proposalsOn({ wanted, before, contacts, linked, parties }: Grounds): KeptProposal[] {
  const standing = [...before.values()].filter((kept) =>
    isChoiceStanding(kept, wanted.get(kept.partyId), contacts.get(kept.contactId ?? ''), linked),
  );
  const settled = new Set(standing.map((kept) => kept.partyId));
  const open = parties.filter((party) => !settled.has(party.id));
  const taken = new Set([...linked, ...standing.flatMap((kept) => kept.contactId ?? [])]);
  const proposals = decideMatches(open.map(matchPartyOf), [...contacts.values()], taken);

  const changed: KeptProposal[] = [];
  for (const party of open) {
    const proposal = proposals.get(party.id);
    if (!proposal) continue;
    const fresh: KeptProposal = {
      ...keptOf(proposal, contacts),
      partyKind: party.kind,
      partyNumber: party.number,
      partyName: party.label,
      nameSort: nameSortOf(party),
      partyRevision: wanted.get(party.id) ?? party.revision,
    };
    const next = renewed(before.get(party.id), fresh);
    if (next) changed.push(next);
  }
  return changed;
}

/** Learners whose contact nobody knows yet, with the revision that is wanted. */
async function unmatchedLinks(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
): Promise<Map<PartyId, number>> {
  const rows = await tx
    .selectFrom('contact_links')
    .select(['party_id', 'wanted_revision'])
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('match_due', '=', true)
    .where('contact_id', 'is', null)
    .where('standing', 'is not', null)
    .orderBy('party_id')
    .execute();
  return new Map(rows.map((row) => [row.party_id as PartyId, row.wanted_revision]));
}

async function linkedContacts(tx: Tx, scope: Scope, xeroOrgId: XeroOrgId): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('contact_links')
    .select('contact_id')
    .where('provider_id', '=', scope.providerId)
    .where('xero_org_id', '=', xeroOrgId)
    .where('contact_id', 'is not', null)
    .execute();
  return new Set(rows.flatMap((row) => row.contact_id ?? []));
}

const DECISIONS = { safe: 'link', create: 'create', decide: null } as const;

function keptOf(
  proposal: Proposal,
  contacts: ReadonlyMap<string, KeptContact>,
): Omit<KeptProposal, 'partyKind' | 'partyNumber' | 'partyName' | 'nameSort' | 'partyRevision'> {
  const { partyId, group, contactId, replacesCode, candidates } = proposal;
  return {
    partyId,
    contactHash: contacts.get(contactId ?? '')?.hash ?? null,
    group,
    decision: DECISIONS[group],
    contactId,
    replacesCode,
    candidates,
    accepted: false,
    decidedBy: null,
    isRenewed: false,
    rowVersion: 1,
  };
}
