import type { Switches } from '../../emulator/accounting/api-call.ts';

type Way = Pick<Switches, 'mergesMovePapersLoudly' | 'mergesLeavePapers'>;

/** So many seeds in a row have one way, so that each goes along with everything else that seeds draw. */
const SEEDS_IN_A_ROW = 5;

const WAYS: readonly Way[] = [
  { mergesMovePapersLoudly: false, mergesLeavePapers: false },
  { mergesMovePapersLoudly: true, mergesLeavePapers: false },
  { mergesMovePapersLoudly: false, mergesLeavePapers: true },
];

/** What becomes of papers in a seed's storm when Xero merges contacts: one way of three. */
export function mergeWayOf(seed: number): Way {
  const way = WAYS[Math.floor(seed / SEEDS_IN_A_ROW) % WAYS.length];
  if (!way) throw new Error(`Seeds are whole numbers from 0 on, not ${seed}`);
  return way;
}
