import type { DocumentKind, DocumentStatus } from '#contract/billing';
import type { DocumentId, XeroOrgId } from '#contract/ids';
import type { StatementLineKind } from '#contract/statement';
import type { PaperAllocation, PaperPayment } from './document.ts';
import { isIssued, isOverdue } from './document.ts';

/** What a statement has to know of a paper. Amounts are minor units of its currency. */
export interface StatementPaper {
  id: DocumentId;
  xeroOrgId: XeroOrgId;
  xeroId: string;
  kind: DocumentKind;
  status: DocumentStatus;
  number: string | null;
  reference: string | null;
  date: string | null;
  dueDate: string | null;
  currency: string;
  totalMinor: bigint;
  paidMinor: bigint;
  creditedMinor: bigint;
  dueMinor: bigint;
  remainingMinor: bigint;
  payments: readonly PaperPayment[];
  allocations: readonly PaperAllocation[];
}

/** One dated line, before it is known what was owed until then. */
export interface StatementEntry {
  date: string | null;
  kind: StatementLineKind;
  paper: StatementPaper;
  reference: string | null;
  against: string | null;
  amountMinor: bigint;
  /** What it does to what is owed. */
  effectMinor: bigint;
}

/** A line with what is owed after it. */
export interface RunningLine extends StatementEntry {
  balanceMinor: bigint;
}

/** The account in one organisation and currency. */
export interface Account {
  xeroOrgId: XeroOrgId;
  /** False: as it stood when the organisation was disconnected. */
  isConnected: boolean;
  currency: string;
  openingMinor: bigint;
  lines: RunningLine[];
  closingMinor: bigint;
  dueMinor: bigint;
  overdueMinor: bigint;
  creditMinor: bigint;
}

export interface Period {
  /** Calendar days, both shown. */
  from?: string | undefined;
  to?: string | undefined;
}

/** What a statement is asked for, and on which day. */
export interface StatementWish {
  period: Period;
  /** The provider's calendar day. */
  today: string;
  linesMax: number;
  /** Organisations that are connected no longer: nobody knows what is overdue there. */
  former: ReadonlySet<XeroOrgId>;
}

/**
 * The running statements of a learner, by organisation and currency, in that order. Whatever is
 * before the period, or more than `linesMax` lines back, goes into the opening balance. Without an
 * end, what each closes with is exactly what is due on invoices less the credit still to be used.
 */
export function statementsOf(
  papers: readonly StatementPaper[],
  { period, today, linesMax, former }: StatementWish,
): Account[] {
  const groups = Map.groupBy(papers, (paper) => `${paper.xeroOrgId} ${paper.currency}`);
  const accounts: Account[] = [];
  for (const [, group] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [first] = group;
    if (!first || !group.some(isShown)) continue;
    const { xeroOrgId, currency } = first;
    const isConnected = !former.has(xeroOrgId);
    const account = { xeroOrgId, isConnected, currency };
    const sums = openSums(group, isConnected ? today : null);
    accounts.push({ ...account, ...run(group, period, linesMax), ...sums });
  }
  return accounts;
}

function isShown(paper: StatementPaper): boolean {
  return isIssued(paper.status) || paper.status === 'voided';
}

function run(papers: readonly StatementPaper[], { from, to }: Period, linesMax: number) {
  const entries = entriesOf(papers).filter((entry) => !to || dayOf(entry) <= to);
  const early = from ? entries.filter((entry) => dayOf(entry) < from).length : 0;
  const cut = Math.max(early, entries.length - linesMax);
  const openingMinor = entries.slice(0, cut).reduce((sum, entry) => sum + entry.effectMinor, 0n);
  let balanceMinor = openingMinor;
  const lines = entries.slice(cut).map((entry): RunningLine => {
    balanceMinor += entry.effectMinor;
    return { ...entry, balanceMinor };
  });
  return { openingMinor, lines, closingMinor: balanceMinor };
}

/** What is still open; overdue as of `today`, nothing where there is none. */
function openSums(papers: readonly StatementPaper[], today: string | null) {
  const sums = { dueMinor: 0n, overdueMinor: 0n, creditMinor: 0n };
  for (const paper of papers) {
    if (!isIssued(paper.status)) continue;
    sums.dueMinor += paper.dueMinor;
    sums.creditMinor += paper.remainingMinor;
    if (today !== null && isOverdue(paper, today)) sums.overdueMinor += paper.dueMinor;
  }
  return sums;
}

/** All lines of papers of one organisation and currency, oldest first. */
export function entriesOf(papers: readonly StatementPaper[]): StatementEntry[] {
  const invoices = papers.filter((paper) => paper.kind === 'invoice');
  const credits = papers.filter((paper) => paper.kind !== 'invoice' && isIssued(paper.status));
  const known = new Set(
    invoices.filter((paper) => isIssued(paper.status)).map((invoice) => invoice.xeroId),
  );
  const given = new Map<string, bigint>();
  for (const { invoiceXeroId, amountMinor } of credits.flatMap((paper) => paper.allocations)) {
    given.set(invoiceXeroId, (given.get(invoiceXeroId) ?? 0n) + amountMinor);
  }
  const entries = [
    ...papers.filter((paper) => paper.status === 'voided').map(voidEntry),
    ...invoices
      .filter((paper) => isIssued(paper.status))
      .flatMap((invoice) => invoiceEntries(invoice, given.get(invoice.xeroId) ?? 0n)),
    ...credits.flatMap((credit) => creditEntries(credit, known)),
  ];
  return entries.sort(inOrder);
}

function voidEntry(paper: StatementPaper): StatementEntry {
  return entry('void', paper, { amountMinor: paper.totalMinor, effectMinor: 0n });
}

function invoiceEntries(invoice: StatementPaper, givenMinor: bigint): StatementEntry[] {
  const { totalMinor, paidMinor, creditedMinor, dueMinor, payments } = invoice;
  const entries = [
    entry('invoice', invoice, { amountMinor: totalMinor, effectMinor: totalMinor }),
    ...payments.map((payment) => paymentEntry('payment', invoice, payment, -1n)),
  ];
  // Xero's own sums decide: what they hold beyond what was told one by one gets a line too.
  const unlistedMinor = paidMinor - sumOf(payments);
  if (unlistedMinor !== 0n) entries.push(settled('payment', invoice, unlistedMinor, -1n));
  const unknownMinor = creditedMinor - givenMinor;
  if (unknownMinor !== 0n) entries.push(settled('allocation', invoice, unknownMinor, -1n));
  const otherMinor = totalMinor - paidMinor - creditedMinor - dueMinor;
  if (otherMinor !== 0n) entries.push(settled('adjustment', invoice, otherMinor, -1n));
  return entries;
}

function creditEntries(credit: StatementPaper, known: ReadonlySet<string>): StatementEntry[] {
  const { totalMinor, paidMinor, creditedMinor, remainingMinor, payments, allocations } = credit;
  const entries = [
    entry(credit.kind, credit, { amountMinor: totalMinor, effectMinor: -totalMinor }),
    ...payments.map((payment) => paymentEntry('refund', credit, payment, 1n)),
    ...allocations.map((allocation) => {
      // To an invoice that is not here the credit is gone without anything here being paid by it.
      const isHere = known.has(allocation.invoiceXeroId);
      const { date, invoiceNumber, amountMinor } = allocation;
      return {
        ...entry('allocation', credit, { amountMinor, effectMinor: isHere ? 0n : amountMinor }),
        date,
        against: invoiceNumber,
      };
    }),
  ];
  const unlistedMinor = paidMinor - sumOf(payments);
  if (unlistedMinor !== 0n) entries.push(settled('refund', credit, unlistedMinor, 1n));
  const unknownMinor = creditedMinor - sumOf(allocations);
  if (unknownMinor !== 0n) entries.push(settled('allocation', credit, unknownMinor, 1n));
  const otherMinor = totalMinor - paidMinor - creditedMinor - remainingMinor;
  if (otherMinor !== 0n) entries.push(settled('adjustment', credit, otherMinor, 1n));
  return entries;
}

function paymentEntry(
  kind: 'payment' | 'refund',
  paper: StatementPaper,
  { date, amountMinor, reference }: PaperPayment,
  sign: bigint,
): StatementEntry {
  return {
    ...entry(kind, paper, { amountMinor, effectMinor: sign * amountMinor }),
    date,
    reference,
  };
}

function settled(
  kind: 'payment' | 'refund' | 'allocation' | 'adjustment',
  paper: StatementPaper,
  minor: bigint,
  sign: bigint,
): StatementEntry {
  const amountMinor = minor < 0n ? -minor : minor;
  return { ...entry(kind, paper, { amountMinor, effectMinor: sign * minor }), reference: null };
}

function entry(
  kind: StatementLineKind,
  paper: StatementPaper,
  amounts: Pick<StatementEntry, 'amountMinor' | 'effectMinor'>,
): StatementEntry {
  return { kind, paper, date: paper.date, reference: paper.reference, against: null, ...amounts };
}

function sumOf(settlements: readonly { amountMinor: bigint }[]): bigint {
  return settlements.reduce((sum, one) => sum + one.amountMinor, 0n);
}

/** On one day first what is asked for, then what was given and received. */
const RANKS: Record<StatementLineKind, number> = {
  void: 0,
  invoice: 1,
  'credit-note': 2,
  prepayment: 3,
  overpayment: 4,
  payment: 5,
  allocation: 6,
  refund: 7,
  adjustment: 8,
};

function inOrder(a: StatementEntry, b: StatementEntry): number {
  return (
    compare(dayOf(a), dayOf(b)) ||
    RANKS[a.kind] - RANKS[b.kind] ||
    compare(a.paper.number ?? '', b.paper.number ?? '') ||
    compare(a.paper.id, b.paper.id)
  );
}

/** Lines without a date come first. */
function dayOf({ date }: StatementEntry): string {
  return date ?? '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
