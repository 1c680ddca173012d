import type { DocumentKind, DocumentStatus } from '#contract/billing';
import type { DocumentId, PartyId, PartyKind, XeroOrgId } from '#contract/ids';

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

/** Money received on an invoice or paid back on a credit, in the paper's currency. */
export interface PaperPayment {
  xeroId: string;
  date: string | null;
  amountMinor: bigint;
  reference: string | null;
  /** Xero's id of the batch it was made in with others. */
  batchId: string | null;
}

/** What a credit gives to an invoice, in the credit's currency. */
export interface PaperAllocation {
  /** Where Xero gives none, one that we made up out of what it says: `isMadeUp`. */
  xeroId: string;
  invoiceXeroId: string;
  invoiceNumber: string | null;
  date: string | null;
  amountMinor: bigint;
}

/**
 * The id of an allocation to which Xero gives none, as of older ones: what it says, and how many
 * alike stand before it. It stays when others are taken back.
 */
export function madeUpId(
  { invoiceXeroId, date, amountMinor }: Omit<PaperAllocation, 'xeroId'>,
  alikeBefore: number,
): string {
  return `${invoiceXeroId} ${date ?? ''} ${amountMinor} ${alikeBefore}`;
}

/** Whether the id of an allocation is none of Xero's, which hold no spaces. */
export function isMadeUp(xeroId: string): boolean {
  return xeroId.includes(' ');
}

/** A paper as read from Xero, in our shape, of a contact that is linked to a party. */
export interface Paper {
  xeroOrgId: XeroOrgId;
  kind: DocumentKind;
  xeroId: string;
  contactId: string;
  partyKind: PartyKind;
  partyId: PartyId;
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
  /** Received on an invoice; paid back on a credit. */
  paidMinor: bigint;
  /** Set against it by credits; for a credit what it has set against invoices. */
  creditedMinor: bigint;
  /** As Xero says it; a voided paper keeps an amount there (platform recordings). 0 for credits. */
  dueMinor: bigint;
  /** What a credit still has to give, as Xero says it; 0 for invoices. */
  remainingMinor: bigint;
  lines: PaperLine[];
  payments: PaperPayment[];
  /** What a credit was set against; none for invoices, which are told by their credits. */
  allocations: PaperAllocation[];
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

type Amounts = Pick<Paper, 'paidMinor' | 'creditedMinor' | 'dueMinor' | 'remainingMinor'>;

/**
 * The status as people read it: an approved paper with something settled on it, or a credit with
 * something used of it, is part-paid.
 */
export function statusOf(state: PaperState, amounts: Amounts): DocumentStatus {
  if (state !== 'approved') return state;
  const settled = amounts.paidMinor + amounts.creditedMinor;
  const open = amounts.dueMinor + amounts.remainingMinor;
  return settled > 0n && open > 0n ? 'part-paid' : 'approved';
}

/**
 * What is still open of an amount that Xero names. Voided and deleted papers owe and give nothing,
 * whatever Xero leaves there.
 */
export function openOf(state: PaperState, minor: bigint): bigint {
  return state === 'voided' || state === 'deleted' ? 0n : minor;
}

/** What a paper comes to, as both sides add it up. */
export interface PaperSums {
  status: DocumentStatus;
  totalMinor: bigint;
  /** Due of an invoice, left of a credit. */
  openMinor: bigint;
}

/** The sums of a paper as it was read, whatever our copy of it says. */
export function sumsOf(paper: Paper): PaperSums {
  const { state, totalMinor, dueMinor, remainingMinor } = paper;
  return {
    status: statusOf(state, paper),
    totalMinor,
    openMinor: openOf(state, dueMinor + remainingMinor),
  };
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
