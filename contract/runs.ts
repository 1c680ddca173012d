import { z } from 'zod';
import { LearnerId, SyncRunId, WorkplaceId, XeroOrgId } from './ids.ts';
import { PageQuery, pageOf } from './paging.ts';
import { route } from './route.ts';
import { sought } from './text.ts';

/** What a run does: turns Sync to Xero on or off for many, or compares with Xero once more. */
export const RunKind = z.enum([
  'sync-on',
  'sync-off',
  'resync-learners',
  'resync-workplaces',
  'resync-papers',
  'resync-everything',
]);
export type RunKind = z.infer<typeof RunKind>;

export const RunState = z.enum(['running', 'paused', 'cancelled', 'finished', 'failed']);
export type RunState = z.infer<typeof RunState>;

/** What can be done about a run in each state; pages and server read this one table. */
export const runCan = {
  pause: ['running'],
  resume: ['paused'],
  cancel: ['running', 'paused'],
} as const satisfies Record<string, readonly RunState[]>;
export type RunAct = keyof typeof runCan;

/** The learners or workplaces of one run, at most. */
export const RUN_LEARNERS_MAX = 100_000;

/** The list's filter: who matches when the run is started is in it. */
export const LearnerFilter = z.object({
  search: sought().optional(),
  active: z.boolean().optional(),
  syncToXero: z.boolean().optional(),
  owing: z.boolean().optional(),
  campus: sought().optional(),
});
export type LearnerFilter = z.infer<typeof LearnerFilter>;

export const LearnerChoice = z.union([
  z.object({ ids: z.array(LearnerId).min(1).max(10_000) }),
  z.object({ filter: LearnerFilter }),
]);
export type LearnerChoice = z.infer<typeof LearnerChoice>;

/** The filter of the list of workplaces. */
export const WorkplaceFilter = LearnerFilter.pick({ search: true, active: true, syncToXero: true });
export type WorkplaceFilter = z.infer<typeof WorkplaceFilter>;

export const WorkplaceChoice = z.union([
  z.object({ ids: z.array(WorkplaceId).min(1).max(10_000) }),
  z.object({ filter: WorkplaceFilter }),
]);
export type WorkplaceChoice = z.infer<typeof WorkplaceChoice>;

const day = z.iso.date();

const isForward = ({ from, to }: { from?: string | undefined; to?: string | undefined }) =>
  !from || !to || from <= to;
const backward = { message: 'must not lie before the first day', path: ['to'] };

/** Whom a run turns: learners or workplaces, one of both. */
const whom = { learners: LearnerChoice.optional(), workplaces: WorkplaceChoice.optional() };
const isOneKind = (wish: { learners?: unknown; workplaces?: unknown }) =>
  (wish.learners === undefined) !== (wish.workplaces === undefined);
const oneKind = { message: 'or workplaces are to be named, and not both', path: ['learners'] };

/** What somebody asks for. Without an organisation a resync looks at each one connected. */
export const RunWish = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sync-on'), ...whom }).refine(isOneKind, oneKind),
  z.object({ kind: z.literal('sync-off'), ...whom }).refine(isOneKind, oneKind),
  z
    .object({
      kind: z.literal('resync-learners'),
      learners: LearnerChoice.optional(),
      xeroOrgId: XeroOrgId.optional(),
      /** First and last day on which they were changed here; both may be left out. */
      from: day.optional(),
      to: day.optional(),
    })
    .refine(isForward, backward),
  z
    .object({
      kind: z.literal('resync-workplaces'),
      workplaces: WorkplaceChoice.optional(),
      xeroOrgId: XeroOrgId.optional(),
      /** First and last day on which they were changed here; both may be left out. */
      from: day.optional(),
      to: day.optional(),
    })
    .refine(isForward, backward),
  z
    .object({
      kind: z.literal('resync-papers'),
      xeroOrgId: XeroOrgId.optional(),
      /** First and last day, by the paper's own date; both may be left out. */
      from: day.optional(),
      to: day.optional(),
    })
    .refine(isForward, backward),
  z.object({ kind: z.literal('resync-everything'), xeroOrgId: XeroOrgId.optional() }),
]);
export type RunWish = z.infer<typeof RunWish>;

export const RunCounts = z.object({
  /** There already, and linked. */
  found: z.int(),
  added: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  failed: z.int(),
  /** Left as they were, each with its reason. */
  skipped: z.int(),
});
export type RunCounts = z.infer<typeof RunCounts>;

export const SyncRun = z.object({
  id: SyncRunId,
  kind: RunKind,
  state: RunState,
  xeroOrgId: XeroOrgId.nullable(),
  organisationName: z.string().nullable(),
  startedBy: z.string(),
  /** What it is about, in words: "Active learners", "Papers from 1 Jan 2026". */
  range: z.string(),
  /** Learners, workplaces and papers together; null until it is known. */
  total: z.int().nullable(),
  done: z.int(),
  counts: RunCounts,
  /** What it waits for at the moment, in words; null while it goes on. */
  waitingFor: z.string().nullable(),
  /** Why it failed, or was cancelled by nobody's wish, in words. */
  failure: z.string().nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type SyncRun = z.infer<typeof SyncRun>;

export const RunOutcome = z.enum(['found', 'added', 'changed', 'unchanged', 'failed', 'skipped']);
export type RunOutcome = z.infer<typeof RunOutcome>;

/** One learner, workplace or paper of a run. `outcome` is null while it is still to be done. */
export const RunItem = z.object({
  seq: z.int(),
  subject: z.enum(['learner', 'workplace', 'document']),
  /** Of a paper that failed and of which there is no copy here, Xero's own id. */
  subjectId: z.string(),
  label: z.string(),
  outcome: RunOutcome.nullable(),
  reason: z.string().nullable(),
});
export type RunItem = z.infer<typeof RunItem>;

/** How a run ended by itself, as far as whoever is on another page has to know. */
const RunEnd = z.object({
  id: SyncRunId,
  kind: RunKind,
  state: RunState,
  failed: z.int(),
  finishedAt: z.iso.datetime(),
});
export type RunEnd = z.infer<typeof RunEnd>;

const oneRun = z.object({ runId: SyncRunId });

export const runRoutes = {
  startSyncRun: route({
    method: 'POST',
    path: '/api/v1/sync/runs',
    permission: 'learners.sync',
    tag: 'Sync',
    summary: 'Start work on many: Sync to Xero on or off, or a resync; one run per organisation',
    body: RunWish,
    answer: z.object({ runs: z.array(SyncRun) }),
  }),
  listSyncRuns: route({
    method: 'GET',
    path: '/api/v1/sync/runs',
    permission: 'connections.view',
    tag: 'Sync',
    summary: 'Runs, newest first',
    query: PageQuery,
    answer: pageOf(SyncRun),
  }),
  listRunEnds: route({
    method: 'GET',
    path: '/api/v1/sync/run-ends',
    permission: 'connections.view',
    tag: 'Sync',
    summary: 'The runs that ended last, unless they were cancelled, with how many failed',
    answer: z.object({ items: z.array(RunEnd) }),
  }),
  getSyncRun: route({
    method: 'GET',
    path: '/api/v1/sync/runs/:runId',
    permission: 'connections.view',
    tag: 'Sync',
    summary: 'One run with its progress',
    params: oneRun,
    answer: SyncRun,
  }),
  listSyncRunItems: route({
    method: 'GET',
    path: '/api/v1/sync/runs/:runId/items',
    permission: 'learners.view',
    tag: 'Sync',
    summary: 'What became of each learner, workplace or paper of a run',
    params: oneRun,
    query: PageQuery.extend({ outcome: RunOutcome.optional() }),
    answer: pageOf(RunItem),
  }),
  steerSyncRun: route({
    method: 'POST',
    path: '/api/v1/sync/runs/:runId/:act',
    permission: 'learners.sync',
    tag: 'Sync',
    summary: 'Pause, resume or cancel a run; what it has done stays',
    params: oneRun.extend({ act: z.enum(['pause', 'resume', 'cancel']) }),
    answer: SyncRun,
  }),
  syncRunReport: route({
    method: 'GET',
    path: '/api/v1/sync/runs/:runId/report',
    permission: 'learners.view',
    tag: 'Sync',
    summary: 'What became of each learner, workplace or paper, as a CSV table',
    params: oneRun,
    answer: z.object({ fileName: z.string(), csv: z.string() }),
  }),
};
