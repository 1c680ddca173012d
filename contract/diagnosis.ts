import { z } from 'zod';
import { DocumentKind } from './billing.ts';
import { LearnerId, WorkplaceId, XeroOrgId } from './ids.ts';
import { route } from './route.ts';

/**
 * What has to hold before a party and Xero are in step, in the order in which one thing needs the
 * one before it. A page shows each with what was found.
 */
export const checkTitles = {
  'switched-on': 'Sync to Xero is on',
  complete: 'What Xero needs is filled in',
  placed: 'An organisation is connected for it',
  running: 'Data flows with the organisation',
  matched: 'It is known who this is in Xero',
  contact: 'The contact in Xero is in use',
  sent: 'Xero has what is written here',
  alike: 'Nothing was changed in Xero alone',
  papers: 'Papers come home',
  heard: 'What changes in Xero is heard of',
} as const;

export const CheckCode = z.enum(
  Object.keys(checkTitles) as [keyof typeof checkTitles, ...(keyof typeof checkTitles)[]],
);
export type CheckCode = z.infer<typeof CheckCode>;

/** `waiting` passes by itself; `problem` needs somebody; `unasked`: an earlier one has to hold first. */
export const CheckState = z.enum(['fine', 'waiting', 'problem', 'unasked']);
export type CheckState = z.infer<typeof CheckState>;

/** To where a person goes to put it right. */
export const CheckWay = z.enum([
  'turn-sync-on',
  'edit',
  'connect',
  'review-matches',
  'decide-on-profile',
  'fix-in-xero',
]);
export type CheckWay = z.infer<typeof CheckWay>;

export const DiagnosisCheck = z.object({
  code: CheckCode,
  state: CheckState,
  /** What was found, in plain sentences, Xero's own messages included. */
  words: z.array(z.string()),
  way: CheckWay.nullable(),
});
export type DiagnosisCheck = z.infer<typeof DiagnosisCheck>;

export const Diagnosis = z.object({
  checkedAt: z.iso.datetime(),
  /** How people read the learner or workplace. */
  label: z.string(),
  number: z.string(),
  organisationName: z.string().nullable(),
  checks: z.array(DiagnosisCheck),
});
export type Diagnosis = z.infer<typeof Diagnosis>;

/** What a look at Xero has just shown: what Xero counts for a contact, and what we have of it. */
export const XeroLook = z.object({
  lookedAt: z.iso.datetime(),
  organisationName: z.string(),
  /** Null where Xero has no such contact. */
  contact: z
    .object({
      contactId: z.string(),
      name: z.string(),
      number: z.string().nullable(),
      status: z.string(),
      isLinked: z.boolean(),
    })
    .nullable(),
  papers: z.array(z.object({ kind: DocumentKind, inXero: z.int(), here: z.int() })),
});
export type XeroLook = z.infer<typeof XeroLook>;

/** What became of a paper that somebody misses. */
export const PaperFate = z.enum([
  /** It stands here with somebody. */
  'here',
  /** Xero has it on a contact that is linked: it is fetched now. */
  'fetched',
  /** Xero has it on a contact of nobody here. */
  'stranger',
  /** It is a bill or a credit from a supplier, which stay in Xero. */
  'purchase',
  /** Xero has none of that number. */
  'unknown',
]);
export type PaperFate = z.infer<typeof PaperFate>;

export const FoundPaper = z.object({
  organisationName: z.string(),
  xeroOrgId: XeroOrgId,
  fate: PaperFate,
  kind: DocumentKind.nullable(),
  number: z.string(),
  /** The contact that Xero names on it. */
  contactName: z.string().nullable(),
  contactUrl: z.string().nullable(),
  learnerId: LearnerId.nullable(),
  workplaceId: WorkplaceId.nullable(),
  partyName: z.string().nullable(),
});
export type FoundPaper = z.infer<typeof FoundPaper>;

const oneLearner = z.object({ learnerId: LearnerId });
const oneWorkplace = z.object({ workplaceId: WorkplaceId });
const file = z.object({ fileName: z.string(), json: z.string() });
const tag = 'Diagnosis';

export const diagnosisRoutes = {
  learnerDiagnosis: route({
    method: 'GET',
    path: '/api/v1/learners/:learnerId/diagnosis',
    permission: 'learners.view',
    tag,
    summary: 'Why a learner and Xero are or are not in step, question by question',
    params: oneLearner,
    answer: Diagnosis,
  }),
  lookForLearner: route({
    method: 'POST',
    path: '/api/v1/learners/:learnerId/diagnosis/look',
    permission: 'documents.view',
    tag,
    summary: 'Look in Xero now: the learner’s contact, and how many papers each side has',
    params: oneLearner,
    answer: z.object({ look: XeroLook.nullable() }),
  }),
  learnerSupportBundle: route({
    method: 'GET',
    path: '/api/v1/learners/:learnerId/diagnosis/bundle',
    permission: 'support.use',
    tag,
    summary: 'The diagnosis with the facts behind it as a file, without secrets and names',
    params: oneLearner,
    answer: file,
  }),
  workplaceDiagnosis: route({
    method: 'GET',
    path: '/api/v1/workplaces/:workplaceId/diagnosis',
    permission: 'workplaces.view',
    tag,
    summary: 'Why a workplace and Xero are or are not in step, question by question',
    params: oneWorkplace,
    answer: Diagnosis,
  }),
  lookForWorkplace: route({
    method: 'POST',
    path: '/api/v1/workplaces/:workplaceId/diagnosis/look',
    permission: 'documents.view',
    tag,
    summary: 'Look in Xero now: the workplace’s contact, and how many papers each side has',
    params: oneWorkplace,
    answer: z.object({ look: XeroLook.nullable() }),
  }),
  workplaceSupportBundle: route({
    method: 'GET',
    path: '/api/v1/workplaces/:workplaceId/diagnosis/bundle',
    permission: 'support.use',
    tag,
    summary: 'The diagnosis with the facts behind it as a file, without secrets and names',
    params: oneWorkplace,
    answer: file,
  }),
  findPaper: route({
    method: 'POST',
    path: '/api/v1/sync/missing-papers',
    permission: 'documents.view',
    tag,
    summary: 'Where an invoice or credit note is that somebody misses; asks every organisation',
    // Quotes and backslashes would end the text in Xero's filter language.
    body: z.object({
      number: z
        .string()
        .trim()
        .min(1)
        .max(255)
        .regex(/^[^"\\\p{C}]+$/u),
    }),
    answer: z.object({ found: z.array(FoundPaper) }),
  }),
};
