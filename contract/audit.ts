import { z } from 'zod';
import { Cursor, PageQuery, pageOf } from './paging.ts';
import { route } from './route.ts';
import { opaque } from './text.ts';

/** How an act ended: done, refused by a rule of Bursar, or failed on the way. */
export const AuditOutcome = z.enum(['done', 'refused', 'failed']);
export type AuditOutcome = z.infer<typeof AuditOutcome>;

/** What an auditor narrows the log down to; each holds the first words of kinds of events. */
export const auditAreas = {
  access: {
    label: 'Sign-ins, people and keys',
    areas: [
      'session',
      'permission',
      'member',
      'api-key',
      'second-factor',
      'passkey',
      'password',
      'sessions',
      'xero-sign-in',
      'keys',
    ],
  },
  connections: {
    label: 'Connected apps and licences',
    areas: ['connection', 'licence', 'organisation-rules', 'webhook', 'support'],
  },
  learners: {
    label: 'Learners, workplaces and imports',
    areas: ['learner', 'workplace', 'import'],
  },
  sync: {
    label: 'Exchange with Xero',
    areas: ['contact', 'matching', 'sync-problem', 'sync-rules', 'sync-run'],
  },
  billing: { label: 'Invoices and payments', areas: ['document', 'books', 'agreement'] },
  audit: { label: 'This log and data leaving Bursar', areas: ['audit', 'provider'] },
} as const;
export const AuditArea = z.enum(
  Object.keys(auditAreas) as [keyof typeof auditAreas, ...(keyof typeof auditAreas)[]],
);
export type AuditArea = z.infer<typeof AuditArea>;

export const AuditEntry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  kind: z.string(),
  /** The act in words. */
  what: z.string(),
  outcome: AuditOutcome,
  /** Who did it; `id` serves as filter. */
  actor: z.object({
    kind: z.enum(['person', 'api-key', 'bursar']),
    id: z.string(),
    name: z.string(),
  }),
  /** From where, when a request caused it. */
  origin: z.object({ address: z.string(), agent: z.string() }).nullable(),
  subject: z.object({ kind: z.string(), id: z.string() }),
  facts: z.array(
    z.object({
      name: z.string(),
      value: z.string(),
      /** Where the value is an id: who or what it stands for, as they are called today. */
      label: z.string().optional(),
    }),
  ),
  /** Its place in the sealed chain; null for the seconds until it is sealed. */
  position: z.int().nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

const filters = {
  actor: opaque(64).optional(),
  area: AuditArea.optional(),
  /** Instants; `to` itself is left out. */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
};

export const AuditQuery = PageQuery.extend(filters);
export type AuditQuery = z.infer<typeof AuditQuery>;

export const AuditFormat = z.enum(['csv', 'jsonl']);
export type AuditFormat = z.infer<typeof AuditFormat>;

export const AuditCheck = z.object({
  checkedAt: z.iso.datetime(),
  /** How many sealed entries were looked at. */
  entries: z.int(),
  /** The first entry that is not as it was sealed, in words; null when all are. */
  fault: z.string().nullable(),
});
export type AuditCheck = z.infer<typeof AuditCheck>;

/**
 * Those who run Bursar said that a backup was put back: of what was noted outside the database, what
 * came after entry `keptUpTo`, up to `noted`, is gone. The log had `entries` by then.
 */
export const AcceptedRestore = z.object({
  acceptedAt: z.iso.datetime(),
  keptUpTo: z.int(),
  noted: z.int(),
  entries: z.int(),
});
export type AcceptedRestore = z.infer<typeof AcceptedRestore>;

export const AuditStanding = z.object({
  /** The newest sealed entry. */
  head: z
    .object({ position: z.int(), hash: z.string(), eventAt: z.iso.datetime().nullable() })
    .nullable(),
  lastCheck: AuditCheck.nullable(),
  restores: z.array(AcceptedRestore),
});
export type AuditStanding = z.infer<typeof AuditStanding>;

export const auditRoutes = {
  listAudit: route({
    method: 'GET',
    path: '/api/v1/audit',
    permission: 'audit.view',
    tag: 'Audit log',
    summary: 'Who did what, when, from where and with which outcome; newest first',
    query: AuditQuery,
    answer: pageOf(AuditEntry),
  }),
  auditStanding: route({
    method: 'GET',
    path: '/api/v1/audit/standing',
    permission: 'audit.view',
    tag: 'Audit log',
    summary: 'How far the log is sealed and when it was last checked',
    answer: AuditStanding,
  }),
  checkAudit: route({
    method: 'POST',
    path: '/api/v1/audit/checks',
    permission: 'audit.view',
    tag: 'Audit log',
    summary: 'Check now that every sealed entry is as it was',
    answer: AuditCheck.extend({ restores: z.array(AcceptedRestore) }),
  }),
  /** One part of an export: ask again with `nextCursor` until it is null, and join the texts. */
  exportAudit: route({
    method: 'POST',
    path: '/api/v1/audit/exports',
    permission: 'audit.view',
    tag: 'Audit log',
    summary: 'The log as CSV or JSON lines, in parts of at most 2,000 entries',
    body: z.object({ ...filters, format: AuditFormat, cursor: Cursor.optional() }),
    answer: z.object({ text: z.string(), entries: z.int(), nextCursor: z.string().nullable() }),
  }),
};
