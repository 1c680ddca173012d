import type { LearnerId } from '#contract/ids';
import type { MatchContact, MatchParty } from '../../src/sync/matching/match-person.ts';

/** Numbers that follow from a seed alone (mulberry32), so that every run measures the same. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const SYLLABLES = ['ka', 'mi', 'ro', 'zoë', 'an', 'le', 'tu', 'sha', 'ng', 'br', 'øst', 'iel'];

/** Invented people: many share a name, some write it otherwise in the books. */
export function inventPeople(counts: { learners: number; contacts: number }): {
  learners: MatchParty[];
  contacts: MatchContact[];
} {
  const random = dice(7);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const name = (length: number) => {
    const text = Array.from({ length }, () => pick(SYLLABLES)).join('');
    return text.charAt(0).toUpperCase() + text.slice(1);
  };
  const given = Array.from({ length: 400 }, () => name(2));
  const family = Array.from({ length: 2_500 }, () => name(3));

  const learners = Array.from({ length: counts.learners }, (_, index): MatchParty => {
    const firstName = pick(given);
    const lastName = pick(family);
    return {
      partyId: uuid(1, index) as LearnerId,
      revision: 1,
      companyNames: [],
      number: `L${String(index + 1).padStart(5, '0')}`,
      firstName,
      preferredName: random() < 0.1 ? pick(given) : null,
      lastName,
      email: random() < 0.9 ? `${firstName}.${lastName}${index % 50}@example.com` : null,
      alternativeEmail: null,
      phones: random() < 0.8 ? [`0412 ${100_000 + Math.floor(random() * 899_999)}`] : [],
      refExternal: random() < 0.3 ? `OLD-${index}` : null,
    };
  });

  const contacts = Array.from({ length: counts.contacts }, (_, index): MatchContact => {
    // Half of the learners are in the books; the rest of the contacts is somebody else.
    const known = index % 4 === 0 ? learners[Math.floor(index / 2)] : undefined;
    const firstName = known?.firstName ?? pick(given);
    const lastName = known?.lastName ?? pick(family);
    const isReversed = random() < 0.2;
    return {
      contactId: uuid(2, index),
      name: isReversed ? `${lastName.toUpperCase()}, ${firstName}` : `${firstName} ${lastName}`,
      firstName: random() < 0.5 ? firstName : null,
      lastName: random() < 0.5 ? lastName : null,
      email: known && random() < 0.7 ? known.email : `${index}@elsewhere.example`,
      phones: known && random() < 0.6 ? known.phones : [],
      code: known && random() < 0.2 ? known.number : random() < 0.2 ? `C-${index}` : null,
      status: random() < 0.05 ? 'archived' : 'active',
    };
  });
  return { learners, contacts };
}

function uuid(kind: number, index: number): string {
  return `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(index).padStart(12, '0')}`;
}
