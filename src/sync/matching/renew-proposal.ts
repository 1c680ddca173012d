import { isDeepStrictEqual } from 'node:util';
import type { KeptContact } from './contact-store.ts';
import type { KeptProposal } from './proposal-store.ts';

/**
 * Whether a person's choice of a contact still stands: learner and contact are as they were when it
 * was made, and nobody else has got the contact meanwhile.
 */
export function isChoiceStanding(
  proposal: KeptProposal,
  partyRevision: number | undefined,
  contact: KeptContact | undefined,
  linked: ReadonlySet<string>,
): boolean {
  const { decidedBy, decision } = proposal;
  if (decidedBy === null || decision !== 'link' || !contact) return false;
  if (proposal.partyRevision !== partyRevision) return false;
  return proposal.contactHash === contact.hash && !linked.has(contact.contactId);
}

/**
 * What becomes of a proposal when it was made anew: null when all it rests on is as before, so that
 * what people said of it stands; also where whoever it is about stands under other keys than was
 * kept. Otherwise it has to be looked at again, and says so.
 */
export function renewed(
  before: KeptProposal | undefined,
  fresh: KeptProposal,
): KeptProposal | null {
  if (!before) return fresh;
  if (restsOnTheSame(before, fresh)) {
    const { keys } = fresh;
    return isDeepStrictEqual(before.keys, keys) ? null : { ...before, keys };
  }
  const wasSettled = before.accepted || before.decidedBy !== null || before.isRenewed;
  return { ...fresh, isRenewed: wasSettled, rowVersion: before.rowVersion + 1 };
}

function restsOnTheSame(before: KeptProposal, fresh: KeptProposal): boolean {
  if (before.partyRevision !== fresh.partyRevision || before.group !== fresh.group) return false;
  if (JSON.stringify(before.candidates) !== JSON.stringify(fresh.candidates)) return false;
  if (before.decidedBy !== null) return before.decision !== 'link';
  return before.contactId === fresh.contactId && before.contactHash === fresh.contactHash;
}
