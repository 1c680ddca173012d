import type { DocumentKind, DocumentStatus } from '#contract/billing';
import type { DocumentId, LearnerId, XeroOrgId } from '#contract/ids';

/** A paper's state in Xero's own sense, before what was paid on it is looked at. */
export type PaperState = Exclude<DocumentStatus, 'part-paid'>;

/** One line of a paper. Amounts are whole minor units of the paper's currency. */
export interface PaperLine {
  description: string | null;
  itemCode: string | null;
  /** Exact decimal text. */
  quantity: string | null;
  /** Exact decimal text; unit amounts may have four decimals. */
  unitAmount: string | null;
  accountCode: string | null;
  taxType: string | null;
  taxMinor: bigint;
  amountMinor: bigint;
}

/** Money received on a paper, in the paper's currency. */
export interface PaperPayment {
  xeroId: string;
  date: string | null;
  amountMinor: bigint;
  reference: string | null;
}

/** A paper as read from Xero, in our shape, of a contact that is linked to a learner. */
export interface Paper {
  xeroOrgId: XeroOrgId;
  kind: DocumentKind;
  xeroId: string;
  contactId: string;
  learnerId: LearnerId;
  number: string | null;
  reference: string | null;
  state: PaperState;
  /** Calendar days, `YYYY-MM-DD`. */
  date: string | null;
  dueDate: string | null;
  currency: string;
  taxMode: 'exclusive' | 'inclusive' | 'none';
  subtotalMinor: bigint;
  taxMinor: bigint;
  totalMinor: bigint;
  paidMinor: bigint;
  creditedMinor: bigint;
  /** As Xero says it; a voided paper keeps an amount there (platform recordings). */
  dueMinor: bigint;
  lines: PaperLine[];
  payments: PaperPayment[];
  hasOnlineView: boolean;
  changedAt: Date;
  raw: unknown;
}

/** Our copy of a paper. */
export interface StoredPaper extends Omit<Paper, 'state' | 'raw'> {
  id: DocumentId;
  status: DocumentStatus;
  mirroredAt: Date;
}

type Amounts = Pick<Paper, 'paidMinor' | 'creditedMinor' | 'dueMinor'>;

/** The status as people read it: an approved paper with something settled on it is part-paid. */
export function statusOf(state: PaperState, amounts: Amounts): DocumentStatus {
  if (state !== 'approved') return state;
  const settled = amounts.paidMinor + amounts.creditedMinor;
  return settled > 0n && amounts.dueMinor > 0n ? 'part-paid' : 'approved';
}

/** What is still to be paid. Voided and deleted papers owe nothing, whatever Xero leaves there. */
export function dueOf(state: PaperState, dueMinor: bigint): bigint {
  return state === 'voided' || state === 'deleted' ? 0n : dueMinor;
}

/** Whether money is owed on a paper of this status; drafts are not owed yet. */
export function isOwed(status: DocumentStatus): boolean {
  return status === 'approved' || status === 'part-paid';
}

/** Whether a paper counts into what was invoiced. */
export function isIssued(status: DocumentStatus): boolean {
  return isOwed(status) || status === 'paid';
}

/** Owed, something due, and the due date lies before `today` (both calendar days). */
export function isOverdue(
  paper: { status: DocumentStatus; dueMinor: bigint; dueDate: string | null },
  today: string,
): boolean {
  return (
    isOwed(paper.status) && paper.dueMinor > 0n && paper.dueDate !== null && paper.dueDate < today
  );
}

/** The calendar day (`YYYY-MM-DD`) that an instant falls on in a time zone (IANA name). */
export function calendarDay(instant: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(instant);
  const part = (type: string) => parts.find((entry) => entry.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}
