import type { MirroredPaper } from '#billing/index';

type Stored = MirroredPaper['after'];

const HEADLINES: readonly { differs(before: Stored, after: Stored): boolean; why: string }[] = [
  { differs: (a, b) => a.partyId !== b.partyId, why: 'It stood on somebody else here.' },
  { differs: (a, b) => a.status !== b.status, why: 'Its status had changed in Xero.' },
  { differs: (a, b) => a.totalMinor !== b.totalMinor, why: 'Its total had changed in Xero.' },
  {
    differs: (a, b) => a.paidMinor !== b.paidMinor || a.creditedMinor !== b.creditedMinor,
    why: 'A payment or credit in Xero was not known here.',
  },
];

/** Why our copy of a paper was not what Xero says, in plain words; the most telling reason. */
export function reasonOf(before: Stored | null, after: Stored): string {
  if (before === null) return 'It was in Xero and not here.';
  const found = HEADLINES.find(({ differs }) => differs(before, after));
  return found?.why ?? 'Details of it had changed in Xero.';
}
