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
  /** At most five, the likeliest first. */
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
    const claims = new Map<string, PartyId[]>();
    for (const { partyId, candidates } of asked) {
      const claimed = claimOf(candidates, strength, held, partyId);
      if (claimed) claims.set(claimed, [...(claims.get(claimed) ?? []), partyId]);
    }
    for (const [contactId, claimants] of claims) {
      const [first] = claimants;
      if (claimants.length === 1 && first) held.set(contactId, first);
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

/** The one contact that a learner has a claim to; null where there is none or more than one. */
function claimOf(
  candidates: readonly WeighedCandidate[],
  strength: 'certain' | 'strong',
  held: ReadonlyMap<string, PartyId | null>,
  partyId: PartyId,
): string | null {
  const holdsOne = candidates.some(({ contactId }) => held.get(contactId) === partyId);
  if (holdsOne) return null;
  // A number that stands on an archived contact is a person's matter, whoever else looks alike.
  const numbered = candidates.filter((one) => one.evidence.includes('code'));
  if (strength === 'strong' && numbered.length > 0) return null;
  const able = candidates.filter((one) => one.strength === strength);
  const open = able.filter((one) => one.obstacle !== 'erasing' && one.obstacle !== 'archived');
  const considered = strength === 'certain' ? open : able;
  const [only] = considered;
  if (considered.length !== 1 || !only || only.obstacle !== null) return null;
  return held.has(only.contactId) ? null : only.contactId;
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
  const kept = left.slice(0, CANDIDATES_KEPT).map((one) => candidateOf(one, isHeld(one)));
  const chosen = left.find((one) => one.contactId === own);
  const group = chosen ? 'safe' : left.length > 0 ? 'decide' : 'create';
  const replacesCode = chosen?.evidence.includes('own-code') ?? false;
  return { partyId, group, contactId: own, replacesCode, candidates: kept };
}

function candidateOf(one: WeighedCandidate, isHeld: boolean): Candidate {
  const { contactId, evidence, obstacle } = one;
  return { contactId, evidence, obstacle: isHeld ? 'taken' : obstacle };
}
