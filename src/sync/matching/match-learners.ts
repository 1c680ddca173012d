import type { LearnerId, XeroOrgId } from '#contract/ids';
import { displayName, type Learner } from '#contract/learners';
import { foldedPieces } from '#learners/index';
import type { Tx } from '#platform/database';
import type { Scope } from '#platform/scope';
import type { SyncDeps } from '../lane/lane-run.ts';
import { linksOfContacts } from '../links/link-store.ts';
import { contactsUnderKeys, type KeptContact } from './contact-store.ts';
import { decideMatches, type Proposal } from './decide-match.ts';
import { foldLearner, keysOf, type MatchLearner } from './match-person.ts';

const LEARNERS_PER_READ = 2_000;
const SORT_MAX = 60;

/** A learner as matching sees one. */
export function matchLearnerOf(learner: Learner): MatchLearner {
  const phones = [learner.phoneMobile, learner.phoneHome, learner.phoneWork];
  return {
    learnerId: learner.id,
    revision: learner.revision,
    learnerNumber: learner.learnerNumber,
    firstName: learner.firstName,
    preferredName: learner.preferredName,
    lastName: learner.lastName,
    email: learner.email,
    alternativeEmail: learner.alternativeEmail,
    phones: phones.filter((phone) => phone !== null),
    refExternal: learner.refExternal,
  };
}

/** How learners are ordered in lists of proposals: family name, then given name. */
export function nameSortOf(learner: Learner): string {
  return foldedPieces(`${learner.lastName ?? ''} ${learner.firstName ?? ''}`)
    .join(' ')
    .slice(0, SORT_MAX);
}

export function nameOf(learner: Learner): string {
  return displayName(learner);
}

/** Learners by id, read in portions. */
export async function readLearners(
  deps: Pick<SyncDeps, 'learners'>,
  tx: Tx,
  scope: Scope,
  ids: readonly LearnerId[],
): Promise<Learner[]> {
  const learners: Learner[] = [];
  for (let at = 0; at < ids.length; at += LEARNERS_PER_READ) {
    const some = ids.slice(at, at + LEARNERS_PER_READ);
    learners.push(...(await deps.learners.getMany(tx, scope, some)));
  }
  return learners;
}

/** A few learners held against the contacts that share a key with any of them. */
export async function matchAgainstKept(
  tx: Tx,
  scope: Scope,
  xeroOrgId: XeroOrgId,
  learners: readonly MatchLearner[],
): Promise<{ proposals: Map<LearnerId, Proposal>; contacts: Map<string, KeptContact> }> {
  const keys = new Set(learners.flatMap((learner) => keysOf(foldLearner(learner))));
  const contacts = await contactsUnderKeys(tx, scope, xeroOrgId, [...keys]);
  const links = await linksOfContacts(
    tx,
    scope,
    xeroOrgId,
    contacts.map((contact) => contact.contactId),
  );
  const taken = new Set(links.flatMap((link) => link.contactId ?? []));
  return {
    proposals: decideMatches(learners, contacts, taken),
    contacts: new Map(contacts.map((contact) => [contact.contactId, contact])),
  };
}
