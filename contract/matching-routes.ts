import { z } from 'zod';
import { ConnectionId, LearnerId, WorkplaceId, XeroOrgId } from './ids.ts';
import {
  LearnerMatch,
  MAP_BYTES_MAX,
  MapPreview,
  MatchContactView,
  MatchDecision,
  MatchGroup,
  Matching,
  MatchProposal,
  WorkplaceMatch,
} from './matching.ts';
import { PageQuery, pageOf } from './paging.ts';
import { NoContent, route } from './route.ts';
import { line } from './text.ts';

const decideBody = {
  contactId: z.uuid().optional(),
  /** For a contact that bears another code: the learner number takes its place. */
  replaceCode: z.boolean().default(false),
};

const oneDecision = z.object({
  xeroOrgId: XeroOrgId,
  decision: z.enum(['link', 'create']),
  ...decideBody,
});

const relinking = z.object({
  xeroOrgId: XeroOrgId,
  contactId: z.uuid(),
  replaceCode: decideBody.replaceCode,
});

const oneConnection = z.object({ connectionId: ConnectionId });
const oneLearner = z.object({ learnerId: LearnerId });
const oneWorkplace = z.object({ workplaceId: WorkplaceId });
const search = z.object({ search: line(100).min(1) });
const base = '/api/v1/connections/:connectionId/matching';
const shared = { permission: 'learners.sync', tag: 'Matching' } as const;

export const matchingRoutes = {
  getMatching: route({
    ...shared,
    method: 'GET',
    path: base,
    summary:
      'Where the matching of learners and contacts stands; nothing is written before its yes',
    params: oneConnection,
    answer: Matching,
  }),
  listProposals: route({
    ...shared,
    method: 'GET',
    path: `${base}/proposals`,
    summary: 'What is proposed for each learner and workplace, by group',
    params: oneConnection,
    query: PageQuery.extend({ group: MatchGroup }),
    answer: pageOf(MatchProposal),
  }),
  decideProposal: route({
    ...shared,
    method: 'PUT',
    path: `${base}/proposals/:partyId`,
    summary: 'Decide about one learner or workplace; `as-proposed` takes a decision back',
    params: oneConnection.extend({ partyId: z.uuid().toLowerCase() }),
    body: z.object({
      decision: z.enum([...MatchDecision.options, 'as-proposed']),
      ...decideBody,
      rowVersion: z.int(),
    }),
    answer: MatchProposal,
  }),
  acceptProposals: route({
    ...shared,
    method: 'POST',
    path: `${base}/accept`,
    summary: 'Accept all proposals of a group at once, or take that back',
    params: oneConnection,
    body: z.object({ group: z.enum(['safe', 'create']), accepted: z.boolean() }),
    answer: Matching,
  }),
  approveMatching: route({
    ...shared,
    method: 'POST',
    path: `${base}/approve`,
    summary: 'Carry out what was accepted; from then on Bursar writes to this organisation',
    params: oneConnection,
    body: z.object({ version: z.int() }),
    answer: Matching,
  }),
  searchContacts: route({
    ...shared,
    method: 'GET',
    path: `${base}/contacts`,
    summary: 'Contacts of the organisation by name, code or e-mail',
    params: oneConnection,
    query: search,
    answer: z.object({
      contacts: z.array(
        MatchContactView.extend({
          /** Who has it already. */
          linkedTo: z.string().nullable(),
        }),
      ),
    }),
  }),
  exportMap: route({
    ...shared,
    method: 'GET',
    path: `${base}/map`,
    summary: 'All proposals as CSV text, to be looked through elsewhere and imported again',
    params: oneConnection,
    answer: z.object({ fileName: z.string(), csv: z.string() }),
  }),
  importMap: route({
    ...shared,
    method: 'POST',
    path: `${base}/map`,
    summary: 'Look at a map, or apply it as a whole; with a faulty row nothing is changed',
    bodyLimit: MAP_BYTES_MAX * 2,
    params: oneConnection,
    body: z.object({
      csv: z
        .string()
        .max(MAP_BYTES_MAX)
        .regex(/^[^\0]*$/, 'is not a text file'),
      apply: z.boolean().default(false),
    }),
    answer: MapPreview,
  }),
  learnerMatch: route({
    ...shared,
    method: 'GET',
    path: '/api/v1/learners/:learnerId/match',
    summary: 'Contacts of which one may be this learner, while nobody has decided',
    params: oneLearner,
    answer: LearnerMatch,
  }),
  decideLearnerMatch: route({
    ...shared,
    method: 'POST',
    path: '/api/v1/learners/:learnerId/match',
    summary: 'Decide who this learner is in Xero: a contact that is there, or a new one',
    params: oneLearner,
    body: oneDecision,
    answer: LearnerMatch,
  }),
  relinkLearner: route({
    ...shared,
    method: 'POST',
    path: '/api/v1/learners/:learnerId/relink',
    summary: 'Link a learner to another contact than now; nothing of the former one is changed',
    params: oneLearner,
    body: relinking,
    answer: NoContent,
  }),
  relinkWorkplace: route({
    ...shared,
    permission: 'workplaces.sync',
    method: 'POST',
    path: '/api/v1/workplaces/:workplaceId/relink',
    summary: 'Link a workplace to another contact than now; nothing of the former one is changed',
    params: oneWorkplace,
    body: relinking,
    answer: NoContent,
  }),
  workplaceMatch: route({
    ...shared,
    permission: 'workplaces.sync',
    method: 'GET',
    path: '/api/v1/workplaces/:workplaceId/match',
    summary: 'Contacts of which one may be this workplace, while nobody has decided',
    params: oneWorkplace,
    answer: WorkplaceMatch,
  }),
  decideWorkplaceMatch: route({
    ...shared,
    permission: 'workplaces.sync',
    method: 'POST',
    path: '/api/v1/workplaces/:workplaceId/match',
    summary: 'Decide what this workplace is in Xero: a contact that is there, or a new one',
    params: oneWorkplace,
    body: oneDecision,
    answer: WorkplaceMatch,
  }),
};
