import { z } from 'zod';
import { DocumentKind } from './billing.ts';
import { DocumentId, LearnerId, WorkplaceId, XeroOrgId } from './ids.ts';
import { Currency, Money } from './money.ts';
import { route } from './route.ts';

/**
 * What a line of a statement is. An allocation sets credit against an invoice: it moves no balance,
 * since the credit has lowered it already. An adjustment is what Xero takes off a paper, or puts on
 * it, beyond payments and credit: tax that whoever pays withholds, for example.
 */
export const StatementLineKind = z.enum([
  ...DocumentKind.options,
  'payment',
  'refund',
  'allocation',
  'adjustment',
  'void',
]);
export type StatementLineKind = z.infer<typeof StatementLineKind>;

/** One dated line. */
export const StatementLine = z.object({
  /** Null for a paper without a date, which stands first. */
  date: z.iso.date().nullable(),
  kind: StatementLineKind,
  /** The paper that the line belongs to; for an allocation the credit. */
  documentId: DocumentId,
  number: z.string().nullable(),
  reference: z.string().nullable(),
  /** For an allocation: the invoice that the credit was set against. */
  against: z.string().nullable(),
  dueDate: z.iso.date().nullable(),
  /** The amount that the paper or payment names, never negative. */
  amount: Money,
  /** What it does to the balance: more owed is positive, 0 for allocations and voided papers. */
  effect: Money,
  /** What is owed after this line; negative while the learner is in credit. */
  balance: Money,
});
export type StatementLine = z.infer<typeof StatementLine>;

/** Why nothing newer than what stands here is read from an organisation, or not everything. */
export const ReadingStopped = z.enum(['disconnected', 'paused', 'consent-lost', 'waiting']);
export type ReadingStopped = z.infer<typeof ReadingStopped>;

export const readingStoppedWords: Record<ReadingStopped, string> = {
  disconnected: 'It is no longer connected: nobody knows what was paid since.',
  paused: 'The connection is paused: nothing newer was read.',
  'consent-lost': 'Xero has to be reconnected: nothing newer was read.',
  waiting: 'Xero does not answer everything at the moment: newer changes may be missing.',
};

/** The account between provider and learner in one organisation and currency. */
export const Statement = z.object({
  xeroOrgId: XeroOrgId,
  /** False: as it stood when it was disconnected; `due` is what was owing then. */
  isConnected: z.boolean(),
  /**
   * Every change of papers and payments by then is in it; null: they were not read to the end yet, or
   * papers of this learner or workplace are just to be read.
   */
  readAt: z.iso.datetime().nullable(),
  /** Null while reading goes on. */
  readingStopped: ReadingStopped.nullable(),
  currency: Currency,
  /** What was owed before the first line shown. */
  opening: Money,
  lines: z.array(StatementLine),
  /** What is owed after the last line: due invoices less credit that is still to be used. */
  closing: Money,
  /** Still to be paid on invoices, and credit still to be used. Both as read last, whatever the dates. */
  due: Money,
  /** What of it is past its due date on the day `asOf`; 0 once the organisation is disconnected. */
  overdue: Money,
  credit: Money,
});
export type Statement = z.infer<typeof Statement>;

/** Lines of one statement at most; older ones go into its opening balance. */
export const STATEMENT_LINES_MAX = 2_000;

const Period = z.object({
  /** First and last day shown; what came before stands in the opening balance. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
});

const oneLearner = z.object({ learnerId: LearnerId });
const oneWorkplace = z.object({ workplaceId: WorkplaceId });
const statements = z.object({
  /** The provider's calendar day on which it was made; when Xero was read stands in each statement. */
  asOf: z.iso.date(),
  statements: z.array(Statement),
});
const csvFile = z.object({ fileName: z.string(), text: z.string() });

export const statementRoutes = {
  learnerStatement: route({
    method: 'GET',
    path: '/api/v1/learners/:learnerId/statement',
    permission: 'documents.view',
    tag: 'Invoices',
    summary: 'A learner’s running statement, by organisation and currency',
    params: oneLearner,
    query: Period,
    answer: statements,
  }),
  learnerStatementCsv: route({
    method: 'GET',
    path: '/api/v1/learners/:learnerId/statement/csv',
    permission: 'documents.view',
    tag: 'Invoices',
    summary: 'The same as the text of a CSV file, safe to open in a spreadsheet',
    params: oneLearner,
    query: Period,
    answer: csvFile,
  }),
  workplaceStatement: route({
    method: 'GET',
    path: '/api/v1/workplaces/:workplaceId/statement',
    permission: 'documents.view',
    tag: 'Invoices',
    summary: 'A workplace’s running statement, by organisation and currency',
    params: oneWorkplace,
    query: Period,
    answer: statements,
  }),
  workplaceStatementCsv: route({
    method: 'GET',
    path: '/api/v1/workplaces/:workplaceId/statement/csv',
    permission: 'documents.view',
    tag: 'Invoices',
    summary: 'The same as the text of a CSV file, safe to open in a spreadsheet',
    params: oneWorkplace,
    query: Period,
    answer: csvFile,
  }),
};
