import type { MatchingRow } from './matching-store.ts';

/** How many of those who wait for a person one act looks at again. */
export const LOOKED_AT_PER_ACT = 500;

/** How far a round has come that looks again at those who wait for a person. */
export type RoundFacts = Pick<MatchingRow, 'dirty' | 'looked_at_to'>;

/** Whether contacts changed since the last round began, or that round has not come to its end. */
export function isRoundDue({ dirty, looked_at_to: lookedAtTo }: RoundFacts): boolean {
  return dirty || lookedAtTo !== null;
}

/**
 * Where a round stands after an act that looked at these, in the order of their ids. A change while
 * it is under way does not throw it back, since then changes that never cease would keep it from
 * those at its end: it goes on, and another round follows.
 *
 * @param ids whom the act looked at; fewer than one act may look at are the last of the round
 */
export function roundAfter(
  before: RoundFacts,
  ids: readonly string[],
  perAct: number = LOOKED_AT_PER_ACT,
): RoundFacts {
  const isBeginning = before.looked_at_to === null;
  const lookedAtTo = ids.length < perAct ? null : (ids.at(-1) ?? null);
  return { dirty: isBeginning ? false : before.dirty, looked_at_to: lookedAtTo };
}
