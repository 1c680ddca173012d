import type { PartyId, PartyKind } from '#contract/ids';
import { displayName, type Learner, type SyncGap, syncGaps } from '#contract/learners';

/**
 * Whoever has a contact in Xero, as far as the sync needs them. Push, pull, matching and the
 * comparison of ledgers know parties alone; what a learner's fields mean for a contact stands here.
 */
export interface Party
  extends Pick<
    Learner,
    | 'firstName'
    | 'lastName'
    | 'preferredName'
    | 'email'
    | 'alternativeEmail'
    | 'phoneMobile'
    | 'phoneHome'
    | 'phoneWork'
    | 'refExternal'
    | 'campus'
    | 'streetAddress'
    | 'postalAddress'
    | 'syncToXero'
    | 'revision'
  > {
  kind: PartyKind;
  id: PartyId;
  /** Unique among learners and workplaces of a provider; stands in Xero as Contact Code. */
  number: string;
  /** How people read it in lists. */
  label: string;
  /** What stops it from going to Xero; empty when nothing does. */
  gaps: readonly SyncGap[];
}

export function partyOfLearner(learner: Learner): Party {
  return {
    kind: 'learner',
    id: learner.id,
    number: learner.learnerNumber,
    label: displayName(learner),
    gaps: syncGaps(learner),
    firstName: learner.firstName,
    lastName: learner.lastName,
    preferredName: learner.preferredName,
    email: learner.email,
    alternativeEmail: learner.alternativeEmail,
    phoneMobile: learner.phoneMobile,
    phoneHome: learner.phoneHome,
    phoneWork: learner.phoneWork,
    refExternal: learner.refExternal,
    campus: learner.campus,
    streetAddress: learner.streetAddress,
    postalAddress: learner.postalAddress,
    syncToXero: learner.syncToXero,
    revision: learner.revision,
  };
}
