import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DocumentKind, DocumentStatus } from '#contract/billing';
import type { XeroOrgId } from '#contract/ids';
import { type BalanceEntry, balancesOf } from './balance.ts';
import { isIssued, isOwed } from './document.ts';

const cents = fc.bigInt({ min: 0n, max: 10n ** 12n });
const entry: fc.Arbitrary<BalanceEntry> = fc
  .record({
    organisation: fc.constantFrom(
      { xeroOrgId: 'o1' as XeroOrgId, isConnected: true },
      { xeroOrgId: 'o2' as XeroOrgId, isConnected: false },
    ),
    currency: fc.constantFrom('AUD', 'NZD', 'USD'),
    kind: fc.constantFrom(...DocumentKind.options),
    status: fc.constantFrom(...DocumentStatus.options),
    paid: cents,
    credited: cents,
    due: cents,
    adjusted: fc.bigInt({ min: -9_000n, max: 9_000n }),
    isPastDue: fc.boolean(),
  })
  .map(({ paid, credited, due, adjusted, isPastDue, organisation, ...what }) => ({
    ...organisation,
    ...what,
    paidMinor: paid,
    creditedMinor: credited,
    dueMinor: due,
    totalMinor: paid + credited + adjusted + due,
    remainingMinor: what.kind === 'invoice' ? 0n : due,
    pastDueMinor: isPastDue ? due : 0n,
  }));
const entries = fc.array(entry, { maxLength: 40 });

type Place = Pick<BalanceEntry, 'xeroOrgId' | 'currency'>;
const isOf = (one: Place, other: Place) =>
  one.xeroOrgId === other.xeroOrgId && one.currency === other.currency;

describe('balances', () => {
  it('never add one organisation or currency to another', () => {
    fc.assert(
      fc.property(entries, (papers) => {
        for (const balance of balancesOf(papers)) {
          const own = papers.filter((paper) => isOf(paper, balance));
          expect(balancesOf(own)).toEqual([balance]);
        }
      }),
    );
  });

  it('add up: what was invoiced is what was paid, credited, adjusted or is still due', () => {
    fc.assert(
      fc.property(entries, (papers) => {
        const open = papers.filter((paper) => isOwed(paper.status));
        for (const balance of balancesOf(open)) {
          const { paidMinor, creditedMinor, adjustedMinor, dueMinor } = balance;
          const settled = paidMinor + creditedMinor + adjustedMinor;
          expect(balance.invoicedMinor).toBe(settled + dueMinor);
        }
      }),
    );
  });

  it('are the same however the papers are ordered or summed beforehand', () => {
    const split = fc.tuple(entries, fc.nat(40));
    fc.assert(
      fc.property(split, ([papers, at]) => {
        const whole = balancesOf(papers);
        expect(balancesOf([...papers.slice(at), ...papers.slice(0, at)])).toEqual(whole);
        expect(balancesOf([...papers].reverse())).toEqual(whole);
      }),
    );
  });

  it('leave out drafts and voided papers, and take from credits only what went back and what is left', () => {
    fc.assert(
      fc.property(entries, (papers) => {
        const counted = papers.filter((paper) => isIssued(paper.status));
        const balances = balancesOf(papers);
        expect(balances).toEqual(balancesOf(counted));
        const credit = balances.reduce((sum, balance) => sum + balance.creditMinor, 0n);
        const given = counted.reduce((sum, paper) => sum + paper.remainingMinor, 0n);
        expect(credit).toBe(given);
        const paidBack = balances.reduce((sum, balance) => sum + balance.paidBackMinor, 0n);
        const refunds = counted.filter((paper) => paper.kind !== 'invoice');
        expect(paidBack).toBe(refunds.reduce((sum, paper) => sum + paper.paidMinor, 0n));
        const invoices = balancesOf(counted.filter((paper) => paper.kind === 'invoice'));
        for (const own of invoices) {
          const all = balances.find((balance) => isOf(balance, own));
          expect({ ...all, creditMinor: 0n, paidBackMinor: 0n }).toEqual(own);
        }
      }),
    );
  });

  it('owe nothing overdue beyond what is due, and nothing once disconnected', () => {
    fc.assert(
      fc.property(entries, (papers) => {
        for (const { dueMinor, overdueMinor, isConnected } of balancesOf(papers)) {
          expect(overdueMinor <= dueMinor).toBe(true);
          if (!isConnected) expect(overdueMinor).toBe(0n);
        }
      }),
    );
  });
});
