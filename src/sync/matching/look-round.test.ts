import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRoundDue, type RoundFacts, roundAfter } from './look-round.ts';

const PER_ACT = 3;
const idsOf = (count: number) =>
  Array.from({ length: count }, (_, at) => String(at).padStart(3, '0'));

/** One act as the matching does it; returns whom it looked at. */
function act(facts: RoundFacts, ids: readonly string[]): { facts: RoundFacts; seen: string[] } {
  const { looked_at_to: to } = facts;
  const seen = ids.filter((id) => to === null || id > to).slice(0, PER_ACT);
  return { facts: roundAfter(facts, seen, PER_ACT), seen };
}

describe('a round through those who wait for a person', () => {
  it('comes to everybody after the last change, and then to an end', () => {
    const counts = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(counts, fc.array(fc.boolean(), { maxLength: 20 }), (count, changes) => {
        const ids = idsOf(count);
        let facts: RoundFacts = { dirty: true, looked_at_to: null };
        let since = new Set<string>();
        for (const isChanged of changes) {
          if (isChanged) {
            facts = { ...facts, dirty: true };
            since = new Set();
          }
          if (!isRoundDue(facts)) continue;
          const done = act(facts, ids);
          facts = done.facts;
          for (const id of done.seen) since.add(id);
        }
        let left = 4 * (count + 2);
        while (isRoundDue(facts) && left > 0) {
          const done = act(facts, ids);
          facts = done.facts;
          for (const id of done.seen) since.add(id);
          left -= 1;
        }
        expect(isRoundDue(facts)).toBe(false);
        expect([...since].sort()).toEqual(ids);
      }),
    );
  });

  it('comes to the last of them although contacts never cease to change', () => {
    const ids = idsOf(10);
    let facts: RoundFacts = { dirty: true, looked_at_to: null };
    const seen = new Set<string>();
    for (let acts = 0; acts < 4; acts += 1) {
      const done = act({ ...facts, dirty: true }, ids);
      facts = done.facts;
      for (const id of done.seen) seen.add(id);
    }
    expect([...seen]).toEqual(ids);
    expect(isRoundDue(facts)).toBe(true);
  });
});
