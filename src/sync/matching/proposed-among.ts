import type { MatchGroup } from '#contract/matching';
import type { Candidate } from './match-person.ts';
import { isStrong } from './score.ts';

/**
 * The candidate that was proposed as safe. It is found by what speaks for it and not by its place:
 * a proposal that was kept before the proposed one stood first may name somebody likelier by points
 * before it. Undefined where nothing was proposed as safe, it was cut off from what was kept, or
 * two of them may have been it.
 */
export function proposedAmong(proposal: {
  group: MatchGroup;
  candidates: readonly Candidate[];
}): Candidate | undefined {
  if (proposal.group !== 'safe') return undefined;
  const free = proposal.candidates.filter((one) => one.obstacle === null);
  const numbered = free.filter((one) => one.evidence.includes('code'));
  if (numbered.length === 0) return onlyOne(free.filter((one) => isStrong(one.evidence)));
  return onlyOne(numbered) ?? onlyOne(numbered.filter((one) => one.evidence.length > 1));
}

function onlyOne(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.length === 1 ? candidates[0] : undefined;
}
