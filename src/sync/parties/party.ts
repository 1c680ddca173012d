import type { LearnerId, PartyId, PartyKind, WorkplaceId } from '#contract/ids';
import { displayName, type Learner, type SyncGap, syncGaps } from '#contract/learners';
import { type Workplace, workplaceGaps } from '#contract/workplaces';

/**
 * Whoever has a contact in Xero, as far as the sync needs them. Push, pull, matching and the
 * comparison of ledgers know parties alone; what a workplace's fields mean for a contact stands here.
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
  /** What a company is called, the name it goes by first; empty for a person. */
  companyNames: readonly string[];
  /** What stops it from going to Xero; empty when nothing does. */
  gaps: readonly SyncGap[];
}

/** A learner's fields stand for themselves; they have no company name. */
export function partyOfLearner(learner: Learner): Party {
  return {
    kind: 'learner',
    id: learner.id,
    number: learner.learnerNumber,
    label: displayName(learner),
    companyNames: [],
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

/**
 * A workplace's contact bears the company's name, and the contact person's as first and last name;
 * Xero's main phone slot is the one it has.
 */
export function partyOfWorkplace(workplace: Workplace): Party {
  const label = workplace.name ?? workplace.workplaceNumber;
  return {
    kind: 'workplace',
    id: workplace.id,
    number: workplace.workplaceNumber,
    label,
    companyNames: workplace.legalName ? [label, workplace.legalName] : [label],
    gaps: workplaceGaps(workplace),
    firstName: workplace.contactFirstName,
    lastName: workplace.contactLastName,
    preferredName: null,
    email: workplace.email,
    alternativeEmail: null,
    phoneMobile: null,
    phoneHome: workplace.phone,
    phoneWork: null,
    refExternal: null,
    campus: workplace.campus,
    streetAddress: workplace.streetAddress,
    postalAddress: workplace.postalAddress,
    syncToXero: workplace.syncToXero,
    revision: workplace.revision,
  };
}

/** How the API names a party: by one of two ids, each with its name. */
export interface NamedParty {
  learnerId: LearnerId | null;
  learnerName: string | null;
  workplaceId: WorkplaceId | null;
  workplaceName: string | null;
}

/** A party that is no longer here is named as a learner, with no name. */
export function namedParty(id: PartyId, party: Pick<Party, 'kind' | 'label'> | undefined) {
  const name = party?.label ?? null;
  const none = { learnerId: null, learnerName: null, workplaceId: null, workplaceName: null };
  const named: NamedParty =
    party?.kind === 'workplace'
      ? { ...none, workplaceId: id as WorkplaceId, workplaceName: name }
      : { ...none, learnerId: id as LearnerId, learnerName: name };
  return named;
}
