import type { PartyId, XeroOrgId } from '#contract/ids';
import type { MatchDecision } from '#contract/matching';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { linksOfContacts } from '../links/link-store.ts';
import { contactsByIds, type KeptContact } from './contact-store.ts';
import type { Candidate } from './match-person.ts';
import { type KeptProposal, proposalOfContact } from './proposal-store.ts';
import { proposedAmong } from './proposed-among.ts';

/** What a person says about one learner. */
export interface Decision {
  decision: MatchDecision | 'as-proposed';
  contactId?: string | undefined;
  replaceCode: boolean;
}

/**
 * The proposal with a person's decision. A contact that is linked, or proposed to somebody else, is
 * refused by name: that other one has to be decided first.
 *
 * @throws AppError `matching.contact-unavailable` in words, or `request.invalid` without a contact
 */
export async function decided(
  deps: Pick<SyncDeps, 'parties'>,
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  proposal: KeptProposal,
  given: Decision,
): Promise<KeptProposal> {
  const said = { ...proposal, isRenewed: false, rowVersion: proposal.rowVersion + 1 };
  switch (given.decision) {
    case 'create':
    case 'leave-out':
      return { ...said, ...byPerson(scope), decision: given.decision, ...noContact };
    case 'as-proposed':
      return asProposed(deps, tx, scope, xeroOrgId, said);
    case 'link': {
      const about = { partyId: proposal.partyId, contactId: given.contactId };
      const contact = await availableContact(deps, tx, scope, xeroOrgId, about);
      const { contactId, hash: contactHash } = contact;
      const proposed = proposedAmong(proposal);
      const isAsProposed = proposed?.contactId === contactId;
      const replacesCode = given.replaceCode || (isAsProposed && replacesOwnCode(proposed));
      const choice = { decision: 'link' as const, contactId, contactHash, replacesCode };
      return { ...said, ...byPerson(scope), ...choice };
    }
  }
}

const noContact = { contactId: null, contactHash: null, replacesCode: false };

function byPerson(scope: Scope) {
  return { accepted: true, decidedBy: scope.actor.name };
}

/**
 * Back to what Bursar proposed, not accepted. Where that is not known any more, a person decides.
 */
async function asProposed(
  deps: Pick<SyncDeps, 'parties'>,
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  proposal: KeptProposal,
): Promise<KeptProposal> {
  const open = { ...proposal, accepted: false, decidedBy: null };
  if (proposal.group === 'create') return { ...open, ...noContact, decision: 'create' };
  const proposed = proposedAmong(proposal);
  if (!proposed) return { ...open, ...noContact, decision: null };
  const about = { partyId: proposal.partyId, contactId: proposed.contactId };
  const contact = await availableContact(deps, tx, scope, xeroOrgId, about);
  const { contactId, hash: contactHash } = contact;
  const replacesCode = replacesOwnCode(proposed);
  return { ...open, decision: 'link', contactId, contactHash, replacesCode };
}

/** Whether the learner number takes the place of the candidate's code, which is the provider's own. */
export function replacesOwnCode(candidate: Candidate): boolean {
  return candidate.evidence.includes('own-code');
}

/**
 * The contact, if it is still there and nobody else's.
 * @throws AppError `matching.contact-unavailable` with who has it, `request.invalid` when none is named
 */
export async function availableContact(
  deps: Pick<SyncDeps, 'parties'>,
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  about: { partyId: PartyId; contactId: string | undefined },
): Promise<KeptContact> {
  const { partyId, contactId } = about;
  if (!contactId) {
    throw new AppError('request.invalid', 'To link, the contact has to be named.', {
      extras: { fields: [{ field: 'contactId', message: 'is needed to link' }] },
    });
  }
  const contact = (await contactsByIds(tx, scope, xeroOrgId, [contactId.toLowerCase()])).get(
    contactId.toLowerCase(),
  );
  if (!contact || contact.status === 'merged') {
    throw new AppError('matching.contact-unavailable', 'Xero no longer has this contact.');
  }
  if (contact.status === 'erasing') {
    throw new AppError(
      'matching.contact-unavailable',
      'Xero has been asked to erase this contact.',
    );
  }
  const [link] = await linksOfContacts(tx, scope, xeroOrgId, [contact.contactId]);
  const proposal = await proposalOfContact(tx, scope, xeroOrgId, contact.contactId);
  const holderId = link?.partyId ?? proposal?.partyId ?? partyId;
  if (holderId === partyId) return contact;
  const holder = await deps.parties.get(tx, scope, holderId);
  const name = holder ? `${holder.label} (${holder.number})` : 'somebody else';
  throw new AppError(
    'matching.contact-unavailable',
    `The contact is ${link ? 'linked' : 'proposed'} to ${name}.`,
  );
}
