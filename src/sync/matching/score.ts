import type { Evidence, Obstacle } from '#contract/matching';
import type { Folded, MatchContact } from './match-person.ts';

/**
 * How much it takes. `certain`: the learner number, and nothing that speaks against it. `strong`:
 * two signs that hardly two people share. `weak`: worth a person's look. Decision 032 has the table.
 */
export type Strength = 'certain' | 'strong' | 'weak';

/** What speaks for a learner and a contact being one person, the strongest sign first. */
export function evidenceFor(learner: Folded, contact: Folded): Evidence[] {
  const [number, ownCode] = learner.codes;
  const [code] = contact.codes;
  const evidence: Evidence[] = [];
  if (code !== undefined && code === number) evidence.push('code');
  if (code !== undefined && code === ownCode && code !== number) evidence.push('own-code');
  if (shares(learner.emails, contact.emails)) evidence.push('email');
  if (shares(learner.names, contact.names)) evidence.push('name');
  else if (isSameFamily(learner, contact)) evidence.push('family-name');
  if (shares(learner.phones, contact.phones)) evidence.push('phone');
  return evidence;
}

/** Whether these signs suffice, by the rule table; null: they are no reason to think of a match. */
export function strengthOf(
  evidence: readonly Evidence[],
  learner: Folded,
  contact: Folded,
): Strength | null {
  const has = (one: Evidence) => evidence.includes(one);
  const isNamed = has('name');
  if (has('code')) {
    const isContradicted = evidence.length === 1 && !shares(learner.pieces, contact.pieces);
    return isContradicted ? 'weak' : 'certain';
  }
  if (isStrong(evidence)) return 'strong';
  if (isNamed || has('email') || has('own-code')) return 'weak';
  return null;
}

/** Two signs that hardly two people share: the whole name, and one thing more. */
export function isStrong(evidence: readonly Evidence[]): boolean {
  const has = (one: Evidence) => evidence.includes(one);
  return has('name') && (has('email') || has('phone') || has('own-code'));
}

const POINTS: Record<Evidence, number> = {
  code: 100,
  'own-code': 60,
  email: 50,
  name: 30,
  phone: 20,
  'family-name': 10,
};

/** For the order in which candidates are shown; decisions go by strength alone. */
export function pointsOf(evidence: readonly Evidence[]): number {
  return evidence.reduce((sum, one) => sum + POINTS[one], 0);
}

/** What stands in the way of linking without asking, seen from the contact alone. */
export function obstacleOf(contact: MatchContact, evidence: readonly Evidence[]): Obstacle | null {
  if (contact.status === 'erasing') return 'erasing';
  if (contact.status === 'archived') return 'archived';
  const isOurCode = evidence.includes('code') || evidence.includes('own-code');
  return contact.code !== null && contact.code !== '' && !isOurCode ? 'other-code' : null;
}

function isSameFamily(learner: Folded, contact: Folded): boolean {
  if (learner.family === '') return false;
  return learner.family === contact.family || contact.pieces.has(learner.family);
}

function shares(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [few, many] = a.size <= b.size ? [a, b] : [b, a];
  for (const one of few) if (many.has(one)) return true;
  return false;
}
