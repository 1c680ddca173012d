import type { LearnerBalance, LearnerDocument } from '#contract/billing';
import type { LearnerId, WorkplaceId, XeroOrgId } from '#contract/ids';
import type { Money } from '#contract/money';
import type { Balance } from './balance.ts';
import { isOverdue, type StoredPaper } from './document.ts';
import type { AppliedCredit } from './settlement-store.ts';

/**
 * Money as the API gives it.
 * @throws RangeError beyond the safe integers, rather than being off by a cent.
 */
export function toMoney(minor: bigint, currency: string): Money {
  const amountMinor = Number(minor);
  if (!Number.isSafeInteger(amountMinor)) {
    throw new RangeError(`An amount of ${minor} ${currency} minor units is too large to show`);
  }
  return { amountMinor, currency };
}

/** What stands around a paper. */
export interface AroundPaper {
  /** Of learners and workplaces, by id. */
  names: ReadonlyMap<string, string>;
  credits: readonly AppliedCredit[];
  /** The provider's calendar day. */
  today: string;
  /** Organisations that are connected no longer: nobody knows what is overdue there. */
  former: ReadonlySet<XeroOrgId>;
}

/** A paper as the API gives it. */
export function presentPaper(
  paper: StoredPaper,
  { names, credits, today, former }: AroundPaper,
): LearnerDocument {
  const money = (minor: bigint) => toMoney(minor, paper.currency);
  const isLearners = paper.partyKind === 'learner';
  const name = names.get(paper.partyId) ?? null;
  return {
    id: paper.id,
    learnerId: isLearners ? (paper.partyId as LearnerId) : null,
    learnerName: isLearners ? name : null,
    workplaceId: isLearners ? null : (paper.partyId as WorkplaceId),
    workplaceName: isLearners ? null : name,
    xeroOrgId: paper.xeroOrgId,
    kind: paper.kind,
    number: paper.number,
    reference: paper.reference,
    status: paper.status,
    date: paper.date,
    dueDate: paper.dueDate,
    isOverdue: !former.has(paper.xeroOrgId) && isOverdue(paper, today),
    subtotal: money(paper.subtotalMinor),
    tax: money(paper.taxMinor),
    total: money(paper.totalMinor),
    paid: money(paper.paidMinor),
    credited: money(paper.creditedMinor),
    due: money(paper.dueMinor),
    remaining: money(paper.remainingMinor),
    taxMode: paper.taxMode,
    lines: paper.lines.map(({ taxMinor, amountMinor, ...line }) => ({
      ...line,
      tax: money(taxMinor),
      amount: money(amountMinor),
    })),
    payments: paper.payments.map((payment) => ({
      paymentId: payment.xeroId,
      date: payment.date,
      amount: money(payment.amountMinor),
      reference: payment.reference,
      batchId: payment.batchId,
    })),
    allocations: credits.map(
      ({ xeroId, invoiceXeroId: _invoiceXeroId, amountMinor, ...allocation }) => ({
        ...allocation,
        allocationId: xeroId,
        amount: money(amountMinor),
      }),
    ),
    hasOnlineView: paper.hasOnlineView,
    changedInXeroAt: paper.changedAt.toISOString(),
    mirroredAt: paper.mirroredAt.toISOString(),
  };
}

/** A balance as the API gives it, all of it in its one currency. @throws RangeError as `toMoney` */
export function presentBalance(balance: Balance): LearnerBalance {
  const money = (minor: bigint) => toMoney(minor, balance.currency);
  const { xeroOrgId, isConnected } = balance;
  return {
    xeroOrgId,
    isConnected,
    invoiced: money(balance.invoicedMinor),
    paid: money(balance.paidMinor),
    credited: money(balance.creditedMinor),
    adjusted: money(balance.adjustedMinor),
    paidBack: money(balance.paidBackMinor),
    due: money(balance.dueMinor),
    overdue: money(balance.overdueMinor),
    credit: money(balance.creditMinor),
  };
}
