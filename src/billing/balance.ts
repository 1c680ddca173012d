import type { DocumentKind, DocumentStatus } from '#contract/billing';
import { isIssued, isOwed } from './document.ts';

/** Some papers of one currency, kind and status, or the sum of several such. Minor units. */
export interface BalanceEntry {
  currency: string;
  kind: DocumentKind;
  status: DocumentStatus;
  totalMinor: bigint;
  paidMinor: bigint;
  creditedMinor: bigint;
  dueMinor: bigint;
  /** The part of `dueMinor` whose due date is past. */
  pastDueMinor: bigint;
}

/** What stands between provider and learner in one currency. Minor units. */
export interface Balance {
  currency: string;
  invoicedMinor: bigint;
  paidMinor: bigint;
  creditedMinor: bigint;
  dueMinor: bigint;
  overdueMinor: bigint;
}

/**
 * Sums by currency, in the order of the currency codes; currencies are never added together. Only
 * issued invoices count: credit notes and prepayments show as what they credit on an invoice.
 */
export function balancesOf(entries: Iterable<BalanceEntry>): Balance[] {
  const balances = new Map<string, Balance>();
  for (const entry of entries) {
    if (entry.kind !== 'invoice' || !isIssued(entry.status)) continue;
    const balance = balances.get(entry.currency) ?? emptyBalance(entry.currency);
    balance.invoicedMinor += entry.totalMinor;
    balance.paidMinor += entry.paidMinor;
    balance.creditedMinor += entry.creditedMinor;
    if (isOwed(entry.status)) {
      balance.dueMinor += entry.dueMinor;
      balance.overdueMinor += entry.pastDueMinor;
    }
    balances.set(entry.currency, balance);
  }
  return [...balances.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

function emptyBalance(currency: string): Balance {
  return {
    currency,
    invoicedMinor: 0n,
    paidMinor: 0n,
    creditedMinor: 0n,
    dueMinor: 0n,
    overdueMinor: 0n,
  };
}
