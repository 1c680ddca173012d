import type { MirroredPaper, StoredPaper } from '#billing/index';
import type { Difference } from './check-store.ts';
import type { Copy } from './copy-store.ts';
import { reasonOf } from './reasons.ts';

/** A paper of which our copy was not what Xero says, taken over by now. */
export function mendedPaper({ before, after }: MirroredPaper): Difference {
  const money = (minor: bigint) => ({ minor: minor.toString(), currency: after.currency });
  return {
    kind: after.kind,
    xeroId: after.xeroId,
    number: after.number,
    partyId: after.partyId,
    why: reasonOf(before, after),
    ours: before && money(before.dueMinor + before.remainingMinor),
    theirs: money(after.dueMinor + after.remainingMinor),
    isMended: true,
  };
}

/** A copy that was on somebody here although its paper is of nobody here, dropped by now. */
export function droppedPaper(copy: StoredPaper): Difference {
  const { kind, xeroId, number, partyId, currency, dueMinor, remainingMinor } = copy;
  return {
    kind,
    xeroId,
    number,
    partyId,
    why: 'In Xero it stands on a contact of nobody here.',
    ours: { minor: (dueMinor + remainingMinor).toString(), currency },
    theirs: null,
    isMended: true,
  };
}

/** A paper that Xero no longer has; whose it is where we have a copy. */
export function lostPaper(paper: Copy): Difference {
  return {
    ...paper,
    why: 'Xero no longer has this paper.',
    ours: null,
    theirs: null,
    isMended: false,
  };
}
