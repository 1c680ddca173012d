import type { PartyId } from '#contract/ids';
import type { MatchGroup } from '#contract/matching';
import { candidatesFor, indexContacts, type WeighedCandidate } from './candidates.ts';
import type { Candidate, MatchContact, MatchParty } from './match-person.ts';

/** What is proposed for one learner. */
export interface Proposal {
  partyId: PartyId;
  group: MatchGroup;
  /** Set in the group `safe` alone. */
  contactId: string | null;
  /** The learner number takes the place of the provider's own code on the contact. */
  replacesCode: boolean;
  /** At most five: the one that is proposed, then the likeliest. */
  candidates: Candidate[];
}

const CANDIDATES_KEPT = 5;

/**
 * Proposes for every learner: this contact, a new one, or a person's decision. Pure, and the order
 * in which learners and contacts come makes no difference; no contact is proposed to two learners.
 *
 * @param taken contacts that are linked already, to other learners than these
 */
export function decideMatches(
  parties: readonly MatchParty[],
  contacts: readonly MatchContact[],
  taken: ReadonlySet<string>,
): Map<PartyId, Proposal> {
  const index = indexContacts(contacts);
  const asked = parties.map((party) => ({
    partyId: party.partyId,
    candidates: candidatesFor(party, index),
  }));
  const held = new Map<string, PartyId | null>([...taken].map((id) => [id, null]));
  // The learner number comes first: whose it is, nobody else can claim by name and e-mail.
  for (const strength of ['certain', 'strong'] as const) {
    const claimants = new Map<string, number>();
    const sole = new Map<PartyId, string>();
    for (const { partyId, candidates } of asked) {
      const { claims, only } = claimsOf(candidates, strength, held, partyId);
      for (const id of claims) claimants.set(id, (claimants.get(id) ?? 0) + 1);
      if (only !== null) sole.set(partyId, only);
    }
    for (const [partyId, contactId] of sole) {
      if (claimants.get(contactId) === 1) held.set(contactId, partyId);
    }
  }
  const contactOf = new Map([...held].flatMap(([id, who]) => (who ? [[who, id] as const] : [])));
  return new Map(
    asked.map(({ partyId, candidates }) => {
      const own = contactOf.get(partyId) ?? null;
      return [partyId, proposalOf(partyId, candidates, own, held)];
    }),
  );
}

interface Claims {
  /** Every contact to which a learner has a claim: nobody else gets it unasked. */
  claims: string[];
  /** The one that is the learner's own unless somebody else claims it too; null where it is open. */
  only: string | null;
}

const NO_CLAIMS: Claims = { claims: [], only: null };

function claimsOf(
  candidates: readonly WeighedCandidate[],
  strength: 'certain' | 'strong',
  held: ReadonlyMap<string, PartyId | null>,
  partyId: PartyId,
): Claims {
  const holdsOne = candidates.some(({ contactId }) => held.get(contactId) === partyId);
  if (holdsOne) return NO_CLAIMS;
  const able = candidates.filter((one) => one.strength === strength);
  const claims = able
    .filter(({ contactId, obstacle }) => obstacle === null && !held.has(contactId))
    .map(({ contactId }) => contactId);
  const open = able.filter((one) => one.obstacle !== 'erasing' && one.obstacle !== 'archived');
  const considered = strength === 'certain' ? open : able;
  // A number that stands on an archived contact is a person's matter, whoever else looks alike.
  const isNumbered = candidates.some((one) => one.evidence.includes('code'));
  const isOpen = considered.length !== 1 || (strength === 'strong' && isNumbered);
  return { claims, only: isOpen ? null : (claims[0] ?? null) };
}

function proposalOf(
  partyId: PartyId,
  candidates: readonly WeighedCandidate[],
  own: string | null,
  held: ReadonlyMap<string, PartyId | null>,
): Proposal {
  const isHeld = (one: WeighedCandidate) => one.contactId !== own && held.has(one.contactId);
  // What is somebody else's is worth a word only where much speaks for it.
  const left = candidates.filter((one) => !isHeld(one) || one.strength !== 'weak');
  const chosen = left.find((one) => one.contactId === own);
  // Points may favour somebody else's: what is proposed stands first, and is never cut off.
  const ordered = chosen ? [chosen, ...left.filter((one) => one !== chosen)] : left;
  const kept = ordered.slice(0, CANDIDATES_KEPT).map((one) => candidateOf(one, isHeld(one)));
  const group = chosen ? 'safe' : left.length > 0 ? 'decide' : 'create';
  const replacesCode = chosen?.evidence.includes('own-code') ?? false;
  return { partyId, group, contactId: own, replacesCode, candidates: kept };
}

function candidateOf(one: WeighedCandidate, isHeld: boolean): Candidate {
  const { contactId, evidence, obstacle } = one;
  return { contactId, evidence, obstacle: isHeld ? 'taken' : obstacle };
}
