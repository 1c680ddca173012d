import { z } from 'zod';
import { isEmail } from './email.ts';
import { HistoryEntry, HistoryQuery } from './history.ts';
import { LearnerId } from './ids.ts';
import { Owing } from './money.ts';
import { PageQuery, pageOf, QueryFlag } from './paging.ts';
import { type Address, LearnerFields } from './party-fields.ts';
import { route } from './route.ts';
import { SyncStanding } from './sync.ts';
import { sought } from './text.ts';
import { isWorkplaceNumber } from './workplace-number.ts';

export { Address, LearnerFields } from './party-fields.ts';

export const emptyAddress: Address = {
  building: null,
  unit: null,
  streetNumber: null,
  streetName: null,
  poBox: null,
  suburb: null,
  state: null,
  postcode: null,
  country: null,
};

/** A field that has to be filled before a learner can go to Xero, with the reason in plain words. */
export const SyncGap = z.object({ field: z.string(), message: z.string() });
export type SyncGap = z.infer<typeof SyncGap>;

/**
 * What stops this learner from going to Xero; empty when nothing does. Used where the box is
 * ticked (page and server alike) and before each push. A missing e-mail is no obstacle: Xero takes
 * contacts without one, and bookkeepers hand such learners their invoices another way.
 */
export function syncGaps(
  learner: Pick<LearnerFields, 'firstName' | 'lastName' | 'email'>,
): SyncGap[] {
  const gaps: SyncGap[] = [];
  if (!learner.firstName) {
    gaps.push({ field: 'firstName', message: 'Xero needs a first name.' });
  }
  if (!learner.lastName) {
    gaps.push({ field: 'lastName', message: 'Xero needs a last name.' });
  }
  if (learner.email && !isEmail(learner.email)) {
    gaps.push({ field: 'email', message: 'This e-mail address is not valid.' });
  }
  return gaps;
}

/** The name a person reads in lists: preferred or first name, then family name. */
export function displayName(
  learner: Pick<LearnerFields, 'firstName' | 'lastName' | 'preferredName'>,
): string {
  const given = learner.preferredName ?? learner.firstName;
  return [given, learner.lastName].filter(Boolean).join(' ') || 'No name';
}

export const Learner = LearnerFields.extend({
  id: LearnerId,
  /** RefInternal: made automatically, unique per provider, the Contact Code in Xero. */
  learnerNumber: z.string(),
  /** Goes up by one with each change; send it back as `revision` when editing. */
  revision: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Learner = z.infer<typeof Learner>;

/** A learner as the list and the profile's head show them. */
export const LearnerRow = z.object({
  id: LearnerId,
  learnerNumber: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  phoneMobile: z.string().nullable(),
  dateOfBirth: z.string().nullable(),
  isActive: z.boolean(),
  syncToXero: z.boolean(),
  /** Null while Sync to Xero is off or nothing is connected. */
  standing: SyncStanding.nullable(),
  campus: z.string().nullable(),
  /**
   * What the learner owes, one entry per connected organisation and currency, never added together;
   * empty when nothing is owing. Null for whoever may not see invoices and payments.
   */
  owing: z.array(Owing).nullable(),
});
export type LearnerRow = z.infer<typeof LearnerRow>;

export const LEARNER_SORTS = ['name', 'learnerNumber', 'createdAt'] as const;

export const LearnerListQuery = PageQuery.extend({
  /** Words matched from their beginning against names, learner number, e-mail and RefExternal. */
  search: sought().optional(),
  active: QueryFlag.optional(),
  syncToXero: QueryFlag.optional(),
  owing: QueryFlag.optional(),
  /** Compared without regard to case. */
  campus: sought().optional(),
  sort: z.enum(LEARNER_SORTS).default('name'),
  direction: z.enum(['asc', 'desc']).default('asc'),
});
export type LearnerListQuery = z.infer<typeof LearnerListQuery>;

/** A number stands in Xero as Contact Code, which takes no more than this and is looked up by it. */
export const LEARNER_NUMBER = /^(?!.*\s\s)[^\p{Cc}\p{Cs}<>]*$/u;

/** Xero is asked for a contact by an address that ends in its number, where dots alone lead elsewhere. */
export function isDotsAlone(number: string): boolean {
  return /^\.+$/.test(number);
}

const partialFields = LearnerFields.partial();
/** A new learner needs some name; everything else may follow later. */
export const NewLearner = partialFields
  .extend({
    learnerNumber: z
      .string()
      .trim()
      .min(1)
      .max(30)
      .regex(
        LEARNER_NUMBER,
        'must not hold control characters, < or >, or more than one space in a row',
      )
      .refine((number) => !isDotsAlone(number), 'must not be dots alone')
      .refine((number) => !isWorkplaceNumber(number), 'must not begin with WP-, as workplaces do')
      .optional(),
    /** Save although someone similar is here already. */
    saveAnyway: z.boolean().default(false),
  })
  .refine((learner) => learner.firstName || learner.lastName, {
    message: 'needs a first or a last name',
    path: ['lastName'],
  });
export type NewLearner = z.infer<typeof NewLearner>;

export const LearnerChange = partialFields.extend({
  /** The revision the change was made on; a newer one is answered with `request.conflict`. */
  revision: z.int(),
  saveAnyway: z.boolean().default(false),
});
export type LearnerChange = z.infer<typeof LearnerChange>;

const oneLearner = z.object({ learnerId: LearnerId });

export const learnerRoutes = {
  listLearners: route({
    method: 'GET',
    path: '/api/v1/learners',
    permission: 'learners.view',
    tag: 'Learners',
    summary: 'List and search learners',
    query: LearnerListQuery,
    answer: pageOf(LearnerRow),
  }),
  getLearner: route({
    method: 'GET',
    path: '/api/v1/learners/:learnerId',
    permission: 'learners.view',
    tag: 'Learners',
    summary: 'One learner, whole',
    params: oneLearner,
    answer: Learner,
  }),
  addLearner: route({
    method: 'POST',
    path: '/api/v1/learners',
    permission: 'learners.edit',
    tag: 'Learners',
    summary: 'Add a learner; warns when someone similar is here already',
    body: NewLearner,
    answer: Learner,
  }),
  editLearner: route({
    method: 'PATCH',
    path: '/api/v1/learners/:learnerId',
    permission: 'learners.edit',
    tag: 'Learners',
    summary: 'Change a learner; fields left out stay as they are',
    params: oneLearner,
    body: LearnerChange,
    answer: Learner,
  }),
  /** Apart from editing, since Finance may do it without editing learners. */
  setLearnerSync: route({
    method: 'PUT',
    path: '/api/v1/learners/:learnerId/sync-to-xero',
    permission: 'learners.sync',
    tag: 'Learners',
    summary: 'Turn Sync to Xero on or off for one learner',
    params: oneLearner,
    body: z.object({ syncToXero: z.boolean() }),
    answer: Learner,
  }),
  setManyLearnerSync: route({
    method: 'POST',
    path: '/api/v1/learners/sync-to-xero',
    permission: 'learners.sync',
    tag: 'Learners',
    summary: 'Turn Sync to Xero on or off for up to 500 learners; those not ready are named',
    body: z.object({
      learnerIds: z.array(LearnerId).min(1).max(500),
      syncToXero: z.boolean(),
    }),
    answer: z.object({
      changed: z.int(),
      unchanged: z.int(),
      refused: z.array(
        z.object({ learnerId: LearnerId, name: z.string(), gaps: z.array(SyncGap) }),
      ),
    }),
  }),
  learnerHistory: route({
    method: 'GET',
    path: '/api/v1/learners/:learnerId/history',
    permission: 'learners.view',
    tag: 'Learners',
    summary: 'What happened to a learner, newest first; of papers only for those who may see them',
    params: oneLearner,
    query: HistoryQuery,
    answer: pageOf(HistoryEntry),
  }),
};
