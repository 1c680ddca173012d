import { announce } from '#platform/live-updates';
import type { LaneRun } from '../lane/lane-run.ts';
import type { KeptContact } from './contact-store.ts';
import { decideMatches, type Proposal } from './decide-match.ts';
import { matchOneByOne } from './match-one-by-one.ts';
import { matchPartyOf, nameSortOf, readParties } from './match-parties.ts';
import { foldParty, keysOf } from './match-person.ts';
import { changeMatching, findMatching, isGateClosed, silenceOrphans } from './matching-store.ts';
import { type KeptProposal, removeProposals, saveProposals } from './proposal-store.ts';
import { type Grounds, readGrounds } from './read-grounds.ts';
import { isChoiceStanding, renewed } from './renew-proposal.ts';
import { settleTouched } from './touched-store.ts';

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
    if (await proposeAnew(run)) return;
  }
}

/**
 * Makes the proposals anew that changes may concern; those whose grounds are the same stay as people
 * left them. The first time, with thousands of learners, that takes seconds: it is read and thought
 * out without the lane, for which others would wait, and written under its lock. Whoever was edited
 * meanwhile is found to differ from their proposal at the next look.
 *
 * @returns whether it came about; not if people decided something meanwhile, or approved
 */
async function proposeAnew(run: LaneRun): Promise<boolean> {
  const { deps, scope, xeroOrgId } = run;
  const grounds = await deps.database.asReader(scope.providerId, (tx) => readGrounds(run, tx));
  const { wanted, before, asked } = grounds;
  const changed = proposalsOn(grounds);
  const present = new Set(grounds.parties.map((party) => party.id));
  const gone = [...before.keys()].filter((partyId) => !present.has(partyId));
  const missing = [...asked].filter((id) => wanted.has(id) && !present.has(id));
  const learnersToMatch = wanted.size - missing.length;
  return run.record(async (tx) => {
    const matching = await findMatching(tx, scope, xeroOrgId);
    if (matching?.version !== grounds.version || !isGateClosed(matching)) return false;
    await removeProposals(tx, scope, xeroOrgId, gone);
    await saveProposals(tx, scope, xeroOrgId, changed);
    await settleTouched(tx, scope, xeroOrgId);
    const back = new Set((await readParties(deps, tx, scope, missing)).map((party) => party.id));
    const orphans = missing.filter((id) => !back.has(id));
    await silenceOrphans(tx, scope, xeroOrgId, orphans);
    const state = learnersToMatch === 0 ? 'none' : 'open';
    await changeMatching(tx, scope, xeroOrgId, { state, dirty: false, proposed_at: run.now() });
    if (matching.state === 'proposing' && state === 'open') {
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
      keys: keysOf(foldParty(matchPartyOf(party))),
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

const DECISIONS = { safe: 'link', create: 'create', decide: null } as const;

function keptOf(
  proposal: Proposal,
  contacts: ReadonlyMap<string, KeptContact>,
): Omit<
  KeptProposal,
  'partyKind' | 'partyNumber' | 'partyName' | 'nameSort' | 'partyRevision' | 'keys'
> {
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
