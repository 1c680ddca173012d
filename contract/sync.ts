import { z } from 'zod';
import { ConnectionId, LearnerId, WorkplaceId, XeroOrgId } from './ids.ts';
import { route } from './route.ts';

/** Where a learner stands towards Xero. */
export const SyncStanding = z.enum(['waiting', 'in-step', 'blocked', 'undecided']);
export type SyncStanding = z.infer<typeof SyncStanding>;

/** One link between a learner and a Xero contact, as the profile shows it live. */
export const LearnerSync = z.object({
  learnerId: LearnerId,
  syncToXero: z.boolean(),
  /** Where the learner belongs by the rules, connected or not; null for nowhere. */
  organisation: z
    .object({ xeroOrgId: XeroOrgId, name: z.string(), isConnected: z.boolean() })
    .nullable(),
  /** Null when no Xero organisation is connected or Sync to Xero is off. */
  link: z
    .object({
      xeroOrgId: XeroOrgId,
      connectionId: ConnectionId,
      organisationName: z.string(),
      standing: SyncStanding,
      /** Why it waits or is blocked, in plain words, Xero's own message included. */
      reasons: z.array(z.string()),
      contactId: z.string().nullable(),
      contactUrl: z.string().nullable(),
      /** What it is called in Xero where the name bears the number, since Xero wants names to differ. */
      nameInXero: z
        .object({
          name: z.string(),
          /** The name without the number, and whose it is there; null where that is not known. */
          plainName: z
            .object({
              name: z.string(),
              /** Null: a contact of nobody here. */
              heldBy: z
                .object({
                  partyKind: z.enum(['learner', 'workplace']),
                  id: z.uuid(),
                  label: z.string(),
                })
                .nullable(),
            })
            .nullable(),
        })
        .nullable(),
      lastPushedAt: z.iso.datetime().nullable(),
      nextAttemptAt: z.iso.datetime().nullable(),
      wantedRevision: z.int(),
      pushedRevision: z.int().nullable(),
      /** Its papers are being read, or are next. */
      isReading: z.boolean(),
      /** Xero refuses or fails at a reading of papers, so that some may not be here. */
      arePapersHeld: z.boolean(),
      /** The connection whose matches are to be reviewed before anything is sent; else null. */
      reviewOf: ConnectionId.nullable(),
    })
    .nullable(),
});
export type LearnerSync = z.infer<typeof LearnerSync>;

/** The same of a workplace. */
export const WorkplaceSync = LearnerSync.omit({ learnerId: true }).extend({
  workplaceId: WorkplaceId,
});
export type WorkplaceSync = z.infer<typeof WorkplaceSync>;

/** How the lane of one Xero organisation is doing. */
export const LaneHealth = z.object({
  xeroOrgId: XeroOrgId,
  connectionId: ConnectionId,
  /** Still to be sent; while `isReviewOpen` all of them wait for that. */
  waiting: z.int(),
  inStep: z.int(),
  blocked: z.int(),
  noticesWaiting: z.int(),
  /** Proposals of who is whom wait for approval; nothing is written before. */
  isReviewOpen: z.boolean(),
  pausedUntil: z.iso.datetime().nullable(),
  pauseReason: z.string().nullable(),
  lastPushAt: z.iso.datetime().nullable(),
  /** When papers were last read, for whatever reason. */
  lastPullAt: z.iso.datetime().nullable(),
  /** Whatever had changed in Xero by then was met; null while a kind was not read to the end yet. */
  lastSweepAt: z.iso.datetime().nullable(),
  callsToday: z.int(),
  callsPerDay: z.int(),
});
export type LaneHealth = z.infer<typeof LaneHealth>;

const oneLearner = z.object({ learnerId: LearnerId });
const oneWorkplace = z.object({ workplaceId: WorkplaceId });

export const syncRoutes = {
  learnerSync: route({
    method: 'GET',
    path: '/api/v1/learners/:learnerId/sync',
    permission: 'learners.view',
    tag: 'Sync',
    summary: 'Where a learner stands towards Xero, and why',
    params: oneLearner,
    answer: LearnerSync,
  }),
  syncLearnerNow: route({
    method: 'POST',
    path: '/api/v1/learners/:learnerId/sync',
    permission: 'learners.sync',
    tag: 'Sync',
    summary: 'Try again now: push this learner and read their papers',
    params: oneLearner,
    answer: LearnerSync,
  }),
  workplaceSync: route({
    method: 'GET',
    path: '/api/v1/workplaces/:workplaceId/sync',
    permission: 'workplaces.view',
    tag: 'Sync',
    summary: 'Where a workplace stands towards Xero, and why',
    params: oneWorkplace,
    answer: WorkplaceSync,
  }),
  syncWorkplaceNow: route({
    method: 'POST',
    path: '/api/v1/workplaces/:workplaceId/sync',
    permission: 'workplaces.sync',
    tag: 'Sync',
    summary: 'Try again now: push this workplace and read its papers',
    params: oneWorkplace,
    answer: WorkplaceSync,
  }),
  syncHealth: route({
    method: 'GET',
    path: '/api/v1/sync/health',
    permission: 'connections.view',
    tag: 'Sync',
    summary: 'How the sync with each connected Xero organisation is doing',
    answer: z.object({ lanes: z.array(LaneHealth) }),
  }),
};
