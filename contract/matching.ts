import { z } from 'zod';
import { ConnectionId, LearnerId, WorkplaceId, XeroOrgId } from './ids.ts';

/** What learner and contact have in common. */
export const Evidence = z.enum(['code', 'own-code', 'email', 'name', 'family-name', 'phone']);
export type Evidence = z.infer<typeof Evidence>;

/** What keeps a contact from being linked without a person's word. */
export const Obstacle = z.enum(['archived', 'erasing', 'other-code', 'taken']);
export type Obstacle = z.infer<typeof Obstacle>;

export const evidenceTexts: Record<Evidence, string> = {
  code: 'bears the learner number',
  'own-code': 'bears your own code for the learner',
  email: 'same e-mail',
  name: 'same name',
  'family-name': 'same family name',
  phone: 'same phone',
};

export const obstacleTexts: Record<Obstacle, string> = {
  archived: 'archived in Xero; it can’t be changed until it is restored there',
  erasing: 'Xero has been asked to erase this contact',
  'other-code': 'bears another code',
  taken: 'linked or proposed to another learner',
};

/** `safe`: may be linked without a look at each; `create`: nobody like this is in Xero. */
export const MATCH_GROUPS = ['safe', 'decide', 'create'] as const;
export const MatchGroup = z.enum(MATCH_GROUPS);
export type MatchGroup = z.infer<typeof MatchGroup>;

export const MatchDecision = z.enum(['link', 'create', 'leave-out']);
export type MatchDecision = z.infer<typeof MatchDecision>;

/** `reading`: the contacts are still being read; `none`: there was nobody to match. */
export const MatchingState = z.enum(['reading', 'proposing', 'open', 'approved', 'none']);
export type MatchingState = z.infer<typeof MatchingState>;

const GroupCount = z.object({ total: z.int(), accepted: z.int() });

export const Matching = z.object({
  xeroOrgId: XeroOrgId,
  organisationName: z.string(),
  state: MatchingState,
  /** Goes up with every change of a proposal; send back the one you looked at when approving. */
  version: z.int(),
  contactsRead: z.int(),
  /** Learners with Sync to Xero on who belong to this organisation. */
  learners: z.int(),
  /** True while proposals are made anew because a learner or a contact changed. */
  isRenewing: z.boolean(),
  groups: z.object({ safe: GroupCount, decide: GroupCount, create: GroupCount }),
  /** What approving would do now. */
  outlook: z.object({
    link: z.int(),
    /** Of those linked: contacts onto which the learner number is written. */
    codesWritten: z.int(),
    create: z.int(),
    leftOut: z.int(),
    /** They wait for a decision of their own; nothing is written for them. */
    undecided: z.int(),
  }),
  approvedAt: z.iso.datetime().nullable(),
  approvedBy: z.string().nullable(),
});
export type Matching = z.infer<typeof Matching>;

/** A contact in Xero as a person compares it with a learner. */
export const MatchContactView = z.object({
  contactId: z.uuid(),
  name: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  email: z.string().nullable(),
  phones: z.array(z.string()),
  code: z.string().nullable(),
  status: z.enum(['active', 'archived', 'erasing', 'merged']),
});
export type MatchContactView = z.infer<typeof MatchContactView>;

export const MatchCandidate = z.object({
  contact: MatchContactView,
  evidence: z.array(Evidence),
  obstacle: Obstacle.nullable(),
  /**
   * Sales invoices that the contact has, drafts too, as counted within the last week for whoever
   * has to decide; null: not counted, or the asker may not see invoices.
   */
  invoices: z.int().nullable(),
});
export type MatchCandidate = z.infer<typeof MatchCandidate>;

/** Our side of the comparison: a learner or a workplace. */
export const MatchLearnerView = z.object({
  /** The learner's or the workplace's id: one of the two that follow. */
  partyId: z.uuid(),
  learnerId: LearnerId.nullable(),
  workplaceId: WorkplaceId.nullable(),
  /** Of a workplace its workplace number. */
  learnerNumber: z.string(),
  name: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  email: z.string().nullable(),
  phones: z.array(z.string()),
  refExternal: z.string().nullable(),
});
export type MatchLearnerView = z.infer<typeof MatchLearnerView>;

export const MatchProposal = z.object({
  learner: MatchLearnerView,
  group: MatchGroup,
  /** Null: a person has to decide. */
  decision: MatchDecision.nullable(),
  /** The contact of the decision `link`. */
  chosen: MatchCandidate.nullable(),
  replacesCode: z.boolean(),
  candidates: z.array(MatchCandidate),
  /** Someone said yes to it; only such proposals are carried out. */
  accepted: z.boolean(),
  /** Who decided otherwise than proposed, or about a doubtful one. */
  decidedBy: z.string().nullable(),
  /** It had been accepted or decided; then the learner or the contact changed. */
  isRenewed: z.boolean(),
  /** Send it back with a decision, so that two people do not overrule each other unseen. */
  rowVersion: z.int(),
});
export type MatchProposal = z.infer<typeof MatchProposal>;

/** Where a learner of whom nobody knows yet who they are in Xero can be decided about. */
export const LearnerMatch = z.object({
  learnerId: LearnerId,
  /** Null when there is nothing to decide about this learner. */
  open: z
    .object({
      xeroOrgId: XeroOrgId,
      connectionId: ConnectionId,
      organisationName: z.string(),
      candidates: z.array(MatchCandidate),
    })
    .nullable(),
});
export type LearnerMatch = z.infer<typeof LearnerMatch>;

/** The same of a workplace. */
export const WorkplaceMatch = LearnerMatch.omit({ learnerId: true }).extend({
  workplaceId: WorkplaceId,
});
export type WorkplaceMatch = z.infer<typeof WorkplaceMatch>;

export const MAP_BYTES_MAX = 8 * 1024 * 1024;
export const MAP_FAULTS_SHOWN = 200;

/** A row of the map that can't be taken as it stands. */
export const MapFault = z.object({ line: z.int(), reason: z.string() });
export type MapFault = z.infer<typeof MapFault>;

export const MapPreview = z.object({
  rows: z.int(),
  /** Rows that say something else than what is decided now. */
  changes: z.int(),
  unchanged: z.int(),
  faulty: z.int(),
  /** The first of them. */
  faults: z.array(MapFault).max(MAP_FAULTS_SHOWN),
  /** False when it was only looked at, or when a row is faulty: then nothing was changed. */
  applied: z.boolean(),
});
export type MapPreview = z.infer<typeof MapPreview>;
