import { z } from 'zod';
import { HistoryEntry } from './history.ts';
import { DocumentId, LearnerId, WorkplaceId, XeroOrgId } from './ids.ts';
import { Money } from './money.ts';
import { PageQuery, pageOf } from './paging.ts';
import { route } from './route.ts';

export const DOCUMENT_KINDS = ['invoice', 'credit-note', 'prepayment', 'overpayment'] as const;
export const DocumentKind = z.enum(DOCUMENT_KINDS);
export type DocumentKind = z.infer<typeof DocumentKind>;

/** A paper's state in Xero; `part-paid` is ours, for an approved one with something paid on it. */
export const DOCUMENT_STATUSES = [
  'draft',
  'submitted',
  'approved',
  'part-paid',
  'paid',
  'voided',
  'deleted',
] as const;
export const DocumentStatus = z.enum(DOCUMENT_STATUSES);
export type DocumentStatus = z.infer<typeof DocumentStatus>;

export const DocumentPayment = z.object({
  paymentId: z.string(),
  /** Null where Xero tells none. */
  date: z.iso.date().nullable(),
  amount: Money,
  reference: z.string().nullable(),
  /** Xero's id of the batch it was made in together with others. */
  batchId: z.string().nullable(),
});
export type DocumentPayment = z.infer<typeof DocumentPayment>;

/** Credit set against an invoice: stands on the credit and on the invoice alike. */
export const DocumentAllocation = z.object({
  allocationId: z.string(),
  date: z.iso.date().nullable(),
  amount: Money,
  /** The paper that gives the credit. */
  creditKind: DocumentKind,
  creditId: DocumentId,
  creditNumber: z.string().nullable(),
  /** Null when we do not have the invoice. */
  invoiceId: DocumentId.nullable(),
  invoiceNumber: z.string().nullable(),
});
export type DocumentAllocation = z.infer<typeof DocumentAllocation>;

export const DocumentLine = z.object({
  description: z.string().nullable(),
  itemCode: z.string().nullable(),
  /** Exact decimal text, since quantities may be fractions. */
  quantity: z.string().nullable(),
  /** Exact decimal text: unit amounts may have four decimals. */
  unitAmount: z.string().nullable(),
  accountCode: z.string().nullable(),
  taxType: z.string().nullable(),
  tax: Money,
  amount: Money,
});

/** Our copy of one paper in Xero. All amounts carry the paper's own currency. */
export const LearnerDocument = z.object({
  id: DocumentId,
  learnerId: LearnerId.nullable(),
  learnerName: z.string().nullable(),
  /** In the learner's place, for a paper of a workplace. */
  workplaceId: WorkplaceId.nullable(),
  workplaceName: z.string().nullable(),
  xeroOrgId: XeroOrgId,
  kind: DocumentKind,
  number: z.string().nullable(),
  reference: z.string().nullable(),
  status: DocumentStatus,
  date: z.iso.date().nullable(),
  dueDate: z.iso.date().nullable(),
  /** Approved, something due, the due date past, and its organisation connected. */
  isOverdue: z.boolean(),
  subtotal: Money,
  tax: Money,
  total: Money,
  paid: Money,
  credited: Money,
  /**
   * Still to be paid on an invoice. While it is a draft or awaits approval: what will be due once it
   * is approved. Nothing is owed before, so it counts into no balance and no statement.
   */
  due: Money,
  /** What a credit note, prepayment or overpayment still has to give; 0 on invoices. */
  remaining: Money,
  /** `exclusive`, `inclusive` or `none`. */
  taxMode: z.enum(['exclusive', 'inclusive', 'none']),
  lines: z.array(DocumentLine),
  /** On an invoice what was received, on a credit what was paid back. */
  payments: z.array(DocumentPayment),
  allocations: z.array(DocumentAllocation),
  hasOnlineView: z.boolean(),
  changedInXeroAt: z.iso.datetime(),
  mirroredAt: z.iso.datetime(),
});
export type LearnerDocument = z.infer<typeof LearnerDocument>;

/** Sums by currency over a learner's papers; never added across currencies. */
export const LearnerBalance = z.object({
  xeroOrgId: XeroOrgId,
  /** False: its papers are shown as they were when it was disconnected, and count for nothing. */
  isConnected: z.boolean(),
  invoiced: Money,
  paid: Money,
  credited: Money,
  /** What Xero takes off invoices beyond payments and credit, as withheld tax; negative: puts on. */
  adjusted: Money,
  /** Of credit notes, prepayments and overpayments: money that went back. */
  paidBack: Money,
  due: Money,
  /** 0 once the organisation is disconnected: nobody knows what was paid since. */
  overdue: Money,
  /** Credit that is set against no invoice yet. */
  credit: Money,
});
export type LearnerBalance = z.infer<typeof LearnerBalance>;

export const billingRoutes = {
  listLearnerDocuments: route({
    method: 'GET',
    path: '/api/v1/learners/:learnerId/documents',
    permission: 'documents.view',
    tag: 'Invoices',
    summary: 'A learner’s papers of all kinds, newest first, with the balance by currency',
    params: z.object({ learnerId: LearnerId }),
    query: PageQuery,
    answer: pageOf(LearnerDocument).extend({ balances: z.array(LearnerBalance) }),
  }),
  listWorkplaceDocuments: route({
    method: 'GET',
    path: '/api/v1/workplaces/:workplaceId/documents',
    permission: 'documents.view',
    tag: 'Invoices',
    summary: 'A workplace’s papers of all kinds, newest first, with the balance by currency',
    params: z.object({ workplaceId: WorkplaceId }),
    query: PageQuery,
    answer: pageOf(LearnerDocument).extend({ balances: z.array(LearnerBalance) }),
  }),
  listDocuments: route({
    method: 'GET',
    path: '/api/v1/documents',
    permission: 'documents.view',
    tag: 'Invoices',
    summary: 'All papers of the provider, newest first',
    query: PageQuery.extend({
      status: DocumentStatus.optional(),
      kind: DocumentKind.optional(),
    }),
    answer: pageOf(LearnerDocument),
  }),
  documentHistory: route({
    method: 'GET',
    path: '/api/v1/documents/:documentId/history',
    permission: 'documents.view',
    tag: 'Invoices',
    summary: 'What happened to a paper, newest first: when it came, each payment, each change',
    params: z.object({ documentId: DocumentId }),
    query: PageQuery,
    answer: pageOf(HistoryEntry),
  }),
  /** Answers with the address that Xero gives for an approved invoice; asked when clicked. */
  onlineDocument: route({
    method: 'POST',
    path: '/api/v1/documents/:documentId/online-view',
    permission: 'documents.view',
    tag: 'Invoices',
    summary: 'The address where an invoice can be seen and paid online',
    params: z.object({ documentId: DocumentId }),
    answer: z.object({ url: z.url() }),
  }),
};
