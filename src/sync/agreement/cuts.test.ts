import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Count, cutAt, cutsOf, differingStretches, halfOf, oursIn } from './cuts.ts';

const START = Date.UTC(2026, 0, 1);
const at = (second: number) => new Date(START + second * 1_000);

/** Counts as both sides would give them, from when each paper was last changed. */
function countsOf(cuts: readonly (Date | null)[], ours: Date[], theirs: Date[]): Count[] {
  const from = (since: Date | null, papers: Date[]) =>
    papers.filter((changed) => since === null || changed >= since).length;
  return cuts.map((since) => ({ since, ours: from(since, ours), theirs: from(since, theirs) }));
}

const differsFrom = (counts: Count[]) => differingStretches(counts)[0]?.from.since;

const papers = fc.array(fc.integer({ min: 0, max: 10_000 }).map(at), {
  minLength: 1,
  maxLength: 60,
});
const facts = { knownFrom: null, agreedAt: at(5_000), inBetween: 2 };

describe('counting since some instants', () => {
  it('finds nothing where both sides are the same', () => {
    fc.assert(
      fc.property(papers, (same) => {
        const cuts = cutsOf({ ...facts, changedSince: [] });
        expect(differsFrom(countsOf(cuts, same, same))).toBeUndefined();
      }),
    );
  });

  it('finds every lost paper, and from where to look for it', () => {
    fc.assert(
      fc.property(papers, fc.nat(), (theirs, which) => {
        const lost = which % theirs.length;
        const ours = theirs.filter((_, index) => index !== lost);
        const from = differsFrom(countsOf(cutsOf({ ...facts, changedSince: [] }), ours, theirs));
        expect(from).not.toBeUndefined();
        expect(from === null || from === undefined || from <= (theirs[lost] ?? from)).toBe(true);
      }),
    );
  });

  it('finds every paper that changed since the last agreement and is known as it was before', () => {
    const before = fc.integer({ min: 0, max: 4_999 }).map(at);
    const since = fc.integer({ min: 5_000, max: 10_000 }).map(at);
    fc.assert(
      fc.property(papers, before, since, (others, was, is) => {
        const cuts = cutsOf({ ...facts, changedSince: [] });
        const counts = countsOf(cuts, [...others, was], [...others, is]);
        const from = differsFrom(counts);
        expect(from).not.toBeUndefined();
      }),
    );
  });

  it('cuts between what changed since, and never before all papers are known', () => {
    const changedSince = Array.from({ length: 9 }, (_, index) => at(6_000 + index * 10));
    expect(cutsOf({ ...facts, changedSince })).toEqual([null, at(5_000), at(6_030), at(6_060)]);
    expect(cutsOf({ ...facts, knownFrom: at(5_500), changedSince: [] })).toEqual([at(5_500)]);
  });
});

describe('a stretch that differs', () => {
  it('is halved down to the second in which a paper is lost', () => {
    fc.assert(
      fc.property(papers, fc.nat(), (theirs, which) => {
        const lost = theirs[which % theirs.length] ?? at(0);
        const ours = theirs.filter((_, index) => index !== which % theirs.length);
        const cuts = cutsOf({ ...facts, changedSince: [] });
        let [stretch] = differingStretches(countsOf(cuts, ours, theirs));
        for (let halvings = 0; stretch && halvings < 20; halvings += 1) {
          const { from, to } = stretch;
          const bounds = { since: from.since, until: to?.since ?? null };
          const within = ours
            .filter((one) => one >= (bounds.since ?? at(0)) && one < (bounds.until ?? at(10_001)))
            .sort((a, b) => a.getTime() - b.getTime());
          const cut = cutAt(within[oursIn(stretch) >> 1] ?? null, bounds);
          if (cut === null) break;
          const [count] = countsOf([cut], ours, theirs);
          stretch = count && halfOf(stretch, count);
          expect(lost >= (stretch?.from.since ?? at(0))).toBe(true);
          expect(lost < (stretch?.to?.since ?? at(10_001))).toBe(true);
        }
        expect(stretch && oursIn(stretch)).toBeLessThanOrEqual(ours.length);
      }),
    );
  });
});
