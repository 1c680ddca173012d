import {
  type Candidate,
  type Folded,
  foldContact,
  foldParty,
  isEmailKey,
  keysOf,
  type MatchContact,
  type MatchParty,
} from './match-person.ts';
import { evidenceFor, obstacleOf, pointsOf, type Strength, strengthOf } from './score.ts';

/** A candidate with the weight of what speaks for it. */
export interface WeighedCandidate extends Candidate {
  strength: Strength;
  points: number;
}

/** Contacts under the keys by which they could be somebody. */
export type ContactIndex = ReadonlyMap<string, readonly Entry[]>;

interface Entry {
  contact: MatchContact;
  folded: Folded;
}

/** An e-mail that more contacts than this share tells nobody apart: an office's, an agent's. */
const SAME_EMAIL_MAX = 50;

/** Contacts that were merged away are nobody's. */
export function indexContacts(contacts: readonly MatchContact[]): ContactIndex {
  const index = new Map<string, Entry[]>();
  for (const contact of contacts) {
    if (contact.status === 'merged') continue;
    const entry = { contact, folded: foldContact(contact) };
    for (const key of keysOf(entry.folded)) {
      const entries = index.get(key);
      if (entries) entries.push(entry);
      else index.set(key, [entry]);
    }
  }
  return index;
}

/** Who among the contacts may be this learner, the likeliest first. */
export function candidatesFor(party: MatchParty, index: ContactIndex): WeighedCandidate[] {
  const folded = foldParty(party);
  const met = new Map<string, Entry>();
  for (const key of keysOf(folded)) {
    const entries = index.get(key) ?? [];
    if (isEmailKey(key) && entries.length > SAME_EMAIL_MAX) continue;
    for (const entry of entries) met.set(entry.contact.contactId, entry);
  }
  const candidates: WeighedCandidate[] = [];
  for (const { contact, folded: theirs } of met.values()) {
    const evidence = evidenceFor(folded, theirs);
    const strength = strengthOf(evidence, folded, theirs);
    if (strength === null) continue;
    const { contactId } = contact;
    const obstacle = obstacleOf(contact, evidence);
    candidates.push({ contactId, evidence, obstacle, strength, points: pointsOf(evidence) });
  }
  return candidates.sort(byLikelihood);
}

/** By points; without an obstacle first; else by id, so that order is never left to chance. */
function byLikelihood(a: WeighedCandidate, b: WeighedCandidate): number {
  const byPoints = b.points - a.points;
  if (byPoints !== 0) return byPoints;
  const byObstacle = Number(a.obstacle !== null) - Number(b.obstacle !== null);
  return byObstacle !== 0 ? byObstacle : a.contactId < b.contactId ? -1 : 1;
}
