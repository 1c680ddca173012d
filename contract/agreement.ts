import { z } from 'zod';
import { DocumentKind, DocumentStatus } from './billing.ts';
import { LearnerId, WorkplaceId, XeroOrgId } from './ids.ts';
import { Money } from './money.ts';
import { PageQuery, pageOf } from './paging.ts';
import { route } from './route.ts';

/** Whose a paper is: a learner's, or a workplace's. */
const whose = {
  learnerId: LearnerId.nullable(),
  learnerName: z.string().nullable(),
  workplaceId: WorkplaceId.nullable(),
  workplaceName: z.string().nullable(),
};

/**
 * How both ledgers are compared. `counts`: how many papers changed since a few instants, on both
 * sides, which shows a single lost or outdated one for a handful of calls. `everything`: every
 * paper anew, with sums by learner.
 */
export const AgreementWay = z.enum(['counts', 'everything']);
export type AgreementWay = z.infer<typeof AgreementWay>;

/** `mended`: there were differences, and what Xero says was taken over. */
export const AgreementVerdict = z.enum(['agreed', 'mended', 'differs']);
export type AgreementVerdict = z.infer<typeof AgreementVerdict>;

/** One paper on which the two sides did not say the same. */
export const AgreementDifference = z.object({
  kind: DocumentKind,
  xeroId: z.string(),
  number: z.string().nullable(),
  ...whose,
  /** Why they differ, in plain words. */
  why: z.string(),
  ours: Money.nullable(),
  theirs: Money.nullable(),
  /** Whether Bursar has taken over what Xero says. */
  isMended: z.boolean(),
});
export type AgreementDifference = z.infer<typeof AgreementDifference>;

export const AgreementCheck = z.object({
  id: z.uuid(),
  xeroOrgId: XeroOrgId,
  organisationName: z.string(),
  way: AgreementWay,
  /** Who asked; null for the nightly one. */
  askedBy: z.string().nullable(),
  begunAt: z.iso.datetime(),
  /** Null while it is on. */
  finishedAt: z.iso.datetime().nullable(),
  verdict: AgreementVerdict.nullable(),
  /** Calls to Xero that it took. */
  calls: z.int(),
  /** Papers that were counted or compared. */
  papers: z.int(),
  differenceCount: z.int(),
});
export type AgreementCheck = z.infer<typeof AgreementCheck>;

/** Where one organisation stands: the statement of the dashboard. */
export const Agreement = z.object({
  xeroOrgId: XeroOrgId,
  organisationName: z.string(),
  /** Since when both ledgers are known to have agreed; null: never shown yet. */
  agreedAt: z.iso.datetime().nullable(),
  latest: AgreementCheck.nullable(),
  /** The check that is on now. */
  running: AgreementCheck.nullable(),
  nextAt: z.iso.datetime().nullable(),
  /** About how many calls to Xero comparing everything takes; null: not known before a first check. */
  callsForEverything: z.int().nullable(),
  /** Calls that Xero still takes today, as far as it has told. */
  callsLeftToday: z.int().nullable(),
});
export type Agreement = z.infer<typeof Agreement>;

const Side = z.object({ count: z.int(), total: Money, due: Money });

/** One line of sums, on both sides. */
export const AgreementSum = z.object({
  ...whose,
  kind: DocumentKind,
  status: DocumentStatus,
  ours: Side,
  theirs: Side,
  isEqual: z.boolean(),
});
export type AgreementSum = z.infer<typeof AgreementSum>;

const oneCheck = z.object({ checkId: z.uuid() });

export const agreementRoutes = {
  listAgreements: route({
    method: 'GET',
    path: '/api/v1/sync/agreement',
    permission: 'documents.view',
    tag: 'Sync',
    summary: 'Whether the papers here and in each Xero organisation agree, and since when',
    answer: z.object({ agreements: z.array(Agreement) }),
  }),
  checkAgreement: route({
    method: 'POST',
    path: '/api/v1/sync/agreement',
    permission: 'learners.sync',
    tag: 'Sync',
    summary: 'Compare the papers of an organisation on both sides now',
    body: z.object({ xeroOrgId: XeroOrgId, way: AgreementWay.default('everything') }),
    answer: AgreementCheck,
  }),
  listAgreementChecks: route({
    method: 'GET',
    path: '/api/v1/sync/agreement/checks',
    permission: 'documents.view',
    tag: 'Sync',
    summary: 'Every comparison that was made, newest first',
    query: PageQuery.extend({ xeroOrgId: XeroOrgId.optional() }),
    answer: pageOf(AgreementCheck),
  }),
  getAgreementCheck: route({
    method: 'GET',
    path: '/api/v1/sync/agreement/checks/:checkId',
    permission: 'documents.view',
    tag: 'Sync',
    summary: 'One comparison with what differed and why; at most 200 differences are named',
    params: oneCheck,
    answer: z.object({ check: AgreementCheck, differences: z.array(AgreementDifference) }),
  }),
  listAgreementSums: route({
    method: 'GET',
    path: '/api/v1/sync/agreement/checks/:checkId/sums',
    permission: 'documents.view',
    tag: 'Sync',
    summary: 'What a comparison of everything added up, by learner, kind, status and currency',
    params: oneCheck,
    query: PageQuery,
    answer: pageOf(AgreementSum),
  }),
};
