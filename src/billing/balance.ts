import type { DocumentKind, DocumentStatus } from '#contract/billing';
import type { XeroOrgId } from '#contract/ids';
import { isIssued, isOwed } from './document.ts';

/** Some papers of one organisation, currency, kind and status, or the sum of several such. Minor units. */
export interface BalanceEntry {
  xeroOrgId: XeroOrgId;
  /** Whether the organisation is connected now. */
  isConnected: boolean;
  currency: string;
  kind: DocumentKind;
  status: DocumentStatus;
  totalMinor: bigint;
  paidMinor: bigint;
  creditedMinor: bigint;
  dueMinor: bigint;
  remainingMinor: bigint;
  /** The part of `dueMinor` whose due date is past. */
  pastDueMinor: bigint;
}

/** What stands between provider and learner in one organisation and currency. Minor units. */
export interface Balance {
  xeroOrgId: XeroOrgId;
  isConnected: boolean;
  currency: string;
  invoicedMinor: bigint;
  paidMinor: bigint;
  creditedMinor: bigint;
  /** Taken off invoices beyond payments and credit. */
  adjustedMinor: bigint;
  /** Of credits, money that went back. */
  paidBackMinor: bigint;
  dueMinor: bigint;
  overdueMinor: bigint;
  /** Credit that is set against no invoice yet. */
  creditMinor: bigint;
}

/**
 * Sums by organisation and currency, those of connected organisations first; neither organisations
 * nor currencies are ever added together. Only issued papers count, and credits only with what was
 * paid back and what they still have to give: the rest shows as what they credit on an invoice.
 */
export function balancesOf(entries: Iterable<BalanceEntry>): Balance[] {
  const balances = new Map<string, Balance>();
  for (const entry of entries) {
    if (!isIssued(entry.status)) continue;
    if (entry.kind !== 'invoice' && !entry.remainingMinor && !entry.paidMinor) continue;
    const place = `${entry.isConnected ? 0 : 1} ${entry.currency} ${entry.xeroOrgId}`;
    const balance = balances.get(place) ?? emptyBalance(entry);
    if (entry.kind === 'invoice') addInvoices(balance, entry);
    else addCredits(balance, entry);
    balances.set(place, balance);
  }
  return [...balances].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, balance]) => balance);
}

function addInvoices(balance: Balance, entry: BalanceEntry): void {
  balance.invoicedMinor += entry.totalMinor;
  balance.paidMinor += entry.paidMinor;
  balance.creditedMinor += entry.creditedMinor;
  balance.adjustedMinor +=
    entry.totalMinor - entry.paidMinor - entry.creditedMinor - entry.dueMinor;
  if (!isOwed(entry.status)) return;
  balance.dueMinor += entry.dueMinor;
  // Nobody knows what was paid since it was disconnected.
  if (balance.isConnected) balance.overdueMinor += entry.pastDueMinor;
}

function addCredits(balance: Balance, entry: BalanceEntry): void {
  balance.paidBackMinor += entry.paidMinor;
  balance.creditMinor += entry.remainingMinor;
}

function emptyBalance({ xeroOrgId, isConnected, currency }: BalanceEntry): Balance {
  return {
    xeroOrgId,
    isConnected,
    currency,
    invoicedMinor: 0n,
    paidMinor: 0n,
    creditedMinor: 0n,
    adjustedMinor: 0n,
    paidBackMinor: 0n,
    dueMinor: 0n,
    overdueMinor: 0n,
    creditMinor: 0n,
  };
}
