import { z } from 'zod';
import { LearnerId, XeroOrgId } from './ids.ts';
import { Learner } from './learners.ts';
import { route } from './route.ts';

/** How long a merge can be undone. */
export const UNDO_MERGE_DAYS = 30;

const Party = z.object({ learnerId: LearnerId, name: z.string(), learnerNumber: z.string() });

/** One merge of two learners who were one person, as the profile of either tells it. */
export const LearnerMerge = z.object({
  id: z.uuid(),
  kept: Party,
  merged: Party,
  mergedAt: z.iso.datetime(),
  mergedBy: z.string(),
  undoUntil: z.iso.datetime(),
  /** False once the time is over. */
  mayUndo: z.boolean(),
});
export type LearnerMerge = z.infer<typeof LearnerMerge>;

/**
 * A further contact of the same person in Xero, from a learner who was merged into this one. Its
 * papers come home here; a bookkeeper may merge it in Xero into the learner's own contact.
 */
export const FurtherContact = z.object({
  xeroOrgId: XeroOrgId,
  organisationName: z.string(),
  name: z.string(),
  contactId: z.string(),
  contactUrl: z.string().nullable(),
});
export type FurtherContact = z.infer<typeof FurtherContact>;

const oneLearner = z.object({ learnerId: LearnerId });

export const mergeRoutes = {
  mergeLearners: route({
    method: 'POST',
    path: '/api/v1/learners/:learnerId/merges',
    permission: 'learners.merge',
    tag: 'Learners',
    summary: 'Merge another learner into this one; can be undone for 30 days',
    params: oneLearner,
    body: z.object({
      otherLearnerId: LearnerId,
      /** The revisions that were looked at; a newer one is answered with `request.conflict`. */
      revision: z.int(),
      otherRevision: z.int(),
    }),
    answer: Learner,
  }),
  listLearnerMerges: route({
    method: 'GET',
    path: '/api/v1/learners/:learnerId/merges',
    permission: 'learners.view',
    tag: 'Learners',
    summary: 'The merges that this learner is part of and that were not undone, newest first',
    params: oneLearner,
    answer: z.object({ merges: z.array(LearnerMerge) }),
  }),
  listFurtherContacts: route({
    method: 'GET',
    path: '/api/v1/learners/:learnerId/further-contacts',
    permission: 'learners.view',
    tag: 'Learners',
    summary: 'Contacts in Xero of learners merged into this one, still to be merged there',
    params: oneLearner,
    answer: z.object({ contacts: z.array(FurtherContact) }),
  }),
  undoLearnerMerge: route({
    method: 'POST',
    path: '/api/v1/learners/:learnerId/merges/:mergeId/undo',
    permission: 'learners.merge',
    tag: 'Learners',
    summary: 'Undo a merge: both learners are as before, with what came since where it belongs',
    params: oneLearner.extend({ mergeId: z.uuid() }),
    answer: Learner,
  }),
};
