import type { MirroredPaper, StoredPaper } from '#billing/index';
import type { DocumentKind } from '#contract/billing';
import type { PartyId } from '#contract/ids';
import type { WireOutline } from '#xero/index';
import { type Check, DIFFERENCES_MAX, type Difference } from './check-store.ts';
import type { Copy, StaleCopy } from './copy-store.ts';
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

const UNREAD_WHY = 'It has a form or state in Xero that Bursar can’t read yet.';

/** A paper on which our own records still differ when everything was done to mend them. */
export function stalePaper(copy: StaleCopy): Difference {
  const { kind, xeroId, number, partyId, isUnread, openMinor, currency } = copy;
  return {
    kind,
    xeroId,
    number,
    partyId,
    why: isUnread ? UNREAD_WHY : 'What Xero says of it could not be taken over.',
    ours: openMinor === null || currency === null ? null : { minor: openMinor, currency },
    theirs: null,
    isMended: false,
  };
}

/** A paper of which so little can be read that no note of it can be kept. */
export function unreadPaper(
  kind: DocumentKind,
  { xeroId, number }: WireOutline,
  partyId: PartyId | null,
): Difference {
  const why = partyId === null ? `${UNREAD_WHY} Nor can it be told whose it is.` : UNREAD_WHY;
  const nothing = { ours: null, theirs: null, isMended: false };
  return { kind, xeroId: xeroId ?? '', number, partyId, why, ...nothing };
}

/** The check with what was found besides. What could not be mended comes first, so that it is kept. */
export function withFound(check: Check, found: readonly Difference[]): Check {
  const all = [...check.differences, ...found];
  const unmendedFirst = all.sort((a, b) => Number(a.isMended) - Number(b.isMended));
  return {
    ...check,
    differences: unmendedFirst.slice(0, DIFFERENCES_MAX),
    differenceCount: check.differenceCount + found.length,
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
