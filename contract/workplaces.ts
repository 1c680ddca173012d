import { z } from 'zod';
import { isEmail } from './email.ts';
import { HistoryEntry, HistoryQuery } from './history.ts';
import { LearnerId, WorkplaceId } from './ids.ts';
import { SyncGap } from './learners.ts';
import { Owing } from './money.ts';
import { PageQuery, pageOf, QueryFlag } from './paging.ts';
import { WorkplaceFields } from './party-fields.ts';
import { route } from './route.ts';
import { SyncStanding } from './sync.ts';
import { sought } from './text.ts';

export { WorkplaceFields } from './party-fields.ts';

/** What stops this workplace from going to Xero; empty when nothing does. */
export function workplaceGaps(workplace: Pick<WorkplaceFields, 'name' | 'email'>): SyncGap[] {
  const gaps: SyncGap[] = [];
  if (!workplace.name) gaps.push({ field: 'name', message: 'Xero needs a name.' });
  if (workplace.email && !isEmail(workplace.email)) {
    gaps.push({ field: 'email', message: 'This e-mail address is not valid.' });
  }
  return gaps;
}

export const Workplace = WorkplaceFields.extend({
  id: WorkplaceId,
  /** Made automatically, `WP-00001`; the Contact Code in Xero. No learner has such a number. */
  workplaceNumber: z.string(),
  /** Goes up by one with each change; send it back as `revision` when editing. */
  revision: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Workplace = z.infer<typeof Workplace>;

export const WorkplaceRow = z.object({
  id: WorkplaceId,
  workplaceNumber: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  isActive: z.boolean(),
  syncToXero: z.boolean(),
  /** Null while Sync to Xero is off or nothing is connected. */
  standing: SyncStanding.nullable(),
  /** Learners who work there. */
  learners: z.int(),
  /**
   * What it owes, one entry per connected organisation and currency, never added together. Null for
   * whoever may not see invoices and payments.
   */
  owing: z.array(Owing).nullable(),
});
export type WorkplaceRow = z.infer<typeof WorkplaceRow>;

export const WorkplaceListQuery = PageQuery.extend({
  /** Words matched from their beginning against names, number, business number and e-mail. */
  search: sought().optional(),
  active: QueryFlag.optional(),
  syncToXero: QueryFlag.optional(),
  direction: z.enum(['asc', 'desc']).default('asc'),
});
export type WorkplaceListQuery = z.infer<typeof WorkplaceListQuery>;

const partialFields = WorkplaceFields.partial();
const saveAnyway = z.boolean().default(false);

export const NewWorkplace = partialFields
  .extend({
    /** Save although one like it is here already. */
    saveAnyway,
  })
  .refine((workplace) => workplace.name, { message: 'is needed', path: ['name'] });
export type NewWorkplace = z.infer<typeof NewWorkplace>;

export const WorkplaceChange = partialFields
  .extend({
    /** The revision the change was made on; a newer one is answered with `request.conflict`. */
    revision: z.int(),
    saveAnyway,
  })
  .refine((change) => change.name !== null, { message: 'is needed', path: ['name'] });
export type WorkplaceChange = z.infer<typeof WorkplaceChange>;

/** A learner who works there, or the workplace where a learner works. */
export const WorkplaceLearner = z.object({
  learnerId: LearnerId,
  learnerNumber: z.string(),
  name: z.string(),
  isActive: z.boolean(),
});
export type WorkplaceLearner = z.infer<typeof WorkplaceLearner>;

export const LearnerWorkplace = z.object({
  workplace: z
    .object({ workplaceId: WorkplaceId, workplaceNumber: z.string(), name: z.string() })
    .nullable(),
});
export type LearnerWorkplace = z.infer<typeof LearnerWorkplace>;

const oneWorkplace = z.object({ workplaceId: WorkplaceId });
const oneLearner = z.object({ learnerId: LearnerId });
const base = '/api/v1/workplaces';

export const workplaceRoutes = {
  listWorkplaces: route({
    method: 'GET',
    path: base,
    permission: 'workplaces.view',
    tag: 'Workplaces',
    summary: 'List and search workplaces, by name',
    query: WorkplaceListQuery,
    answer: pageOf(WorkplaceRow),
  }),
  getWorkplace: route({
    method: 'GET',
    path: `${base}/:workplaceId`,
    permission: 'workplaces.view',
    tag: 'Workplaces',
    summary: 'One workplace, whole',
    params: oneWorkplace,
    answer: Workplace,
  }),
  addWorkplace: route({
    method: 'POST',
    path: base,
    permission: 'workplaces.edit',
    tag: 'Workplaces',
    summary: 'Add a workplace; warns when one like it is here already',
    body: NewWorkplace,
    answer: Workplace,
  }),
  editWorkplace: route({
    method: 'PATCH',
    path: `${base}/:workplaceId`,
    permission: 'workplaces.edit',
    tag: 'Workplaces',
    summary: 'Change a workplace; fields left out stay as they are',
    params: oneWorkplace,
    body: WorkplaceChange,
    answer: Workplace,
  }),
  /** Apart from editing, since Finance may do it without editing workplaces. */
  setWorkplaceSync: route({
    method: 'PUT',
    path: `${base}/:workplaceId/sync-to-xero`,
    permission: 'workplaces.sync',
    tag: 'Workplaces',
    summary: 'Turn Sync to Xero on or off for one workplace',
    params: oneWorkplace,
    body: z.object({ syncToXero: z.boolean() }),
    answer: Workplace,
  }),
  setManyWorkplaceSync: route({
    method: 'POST',
    path: `${base}/sync-to-xero`,
    permission: 'workplaces.sync',
    tag: 'Workplaces',
    summary: 'Turn Sync to Xero on or off for up to 500 workplaces; those not ready are named',
    body: z.object({
      workplaceIds: z.array(WorkplaceId).min(1).max(500),
      syncToXero: z.boolean(),
    }),
    answer: z.object({
      changed: z.int(),
      unchanged: z.int(),
      refused: z.array(
        z.object({ workplaceId: WorkplaceId, name: z.string(), gaps: z.array(SyncGap) }),
      ),
    }),
  }),
  workplaceHistory: route({
    method: 'GET',
    path: `${base}/:workplaceId/history`,
    permission: 'workplaces.view',
    tag: 'Workplaces',
    summary: 'What happened to a workplace, newest first',
    params: oneWorkplace,
    query: HistoryQuery,
    answer: pageOf(HistoryEntry),
  }),
  listWorkplaceLearners: route({
    method: 'GET',
    path: `${base}/:workplaceId/learners`,
    permission: 'workplaces.view',
    tag: 'Workplaces',
    summary: 'The learners who work there, by name',
    params: oneWorkplace,
    query: PageQuery,
    answer: pageOf(WorkplaceLearner),
  }),
  learnerWorkplace: route({
    method: 'GET',
    path: '/api/v1/learners/:learnerId/workplace',
    permission: 'workplaces.view',
    tag: 'Workplaces',
    summary: 'Where a learner works',
    params: oneLearner,
    answer: LearnerWorkplace,
  }),
  setLearnerWorkplace: route({
    method: 'PUT',
    path: '/api/v1/learners/:learnerId/workplace',
    permission: 'learners.edit',
    tag: 'Workplaces',
    summary: 'Say where a learner works; null: nowhere that is known',
    params: oneLearner,
    body: z.object({ workplaceId: WorkplaceId.nullable() }),
    answer: LearnerWorkplace,
  }),
};
