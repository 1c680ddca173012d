import { describe, expect, it } from 'vitest';
import { calendarDay, isOverdue, openOf, statusOf } from './document.ts';
import { contentHash, type PaperContent, paperChanges } from './paper-changes.ts';
import { toMoney } from './present-document.ts';

const amounts = (paidMinor: bigint, dueMinor: bigint, creditedMinor = 0n) => ({
  paidMinor,
  creditedMinor,
  dueMinor,
  remainingMinor: 0n,
});

describe('a paper’s status', () => {
  it('is part-paid while something of an approved one is settled and something is not', () => {
    expect(statusOf('approved', amounts(0n, 100n))).toBe('approved');
    expect(statusOf('approved', amounts(1n, 99n))).toBe('part-paid');
    expect(statusOf('approved', amounts(0n, 99n, 1n))).toBe('part-paid');
    expect(statusOf('approved', { ...amounts(1n, 0n), remainingMinor: 99n })).toBe('part-paid');
    expect(statusOf('paid', amounts(100n, 0n))).toBe('paid');
    expect(statusOf('voided', amounts(1n, 99n))).toBe('voided');
  });

  it('decides what is due, not the amount that Xero leaves on a voided one', () => {
    expect(openOf('voided', 2415n)).toBe(0n);
    expect(openOf('deleted', 2415n)).toBe(0n);
    expect(openOf('approved', 2415n)).toBe(2415n);
  });
});

describe('overdue', () => {
  const paper = { status: 'approved' as const, dueMinor: 1n, dueDate: '2026-03-10' };
  it('begins the day after the due date, for what is owed alone', () => {
    expect(isOverdue(paper, '2026-03-10')).toBe(false);
    expect(isOverdue(paper, '2026-03-11')).toBe(true);
    expect(isOverdue({ ...paper, status: 'draft' }, '2026-03-11')).toBe(false);
    expect(isOverdue({ ...paper, dueMinor: 0n }, '2026-03-11')).toBe(false);
    expect(isOverdue({ ...paper, dueDate: null }, '2026-03-11')).toBe(false);
  });

  it('goes by the provider’s own calendar, through changes of daylight saving', () => {
    const day = (instant: string, zone: string) => calendarDay(new Date(instant), zone);
    expect(day('2026-03-02T12:59:59Z', 'Australia/Sydney')).toBe('2026-03-02');
    expect(day('2026-03-02T13:00:00Z', 'Australia/Sydney')).toBe('2026-03-03');
    expect(day('2026-04-05T13:30:00Z', 'Australia/Sydney')).toBe('2026-04-05');
    expect(day('2026-03-02T11:00:00Z', 'Pacific/Auckland')).toBe('2026-03-03');
    expect(day('2026-03-02T00:30:00Z', 'UTC')).toBe('2026-03-02');
  });
});

describe('two versions of a paper', () => {
  const before = {
    number: 'INV-1',
    reference: null,
    status: 'part-paid',
    date: '2026-03-01',
    dueDate: '2026-03-10',
    currency: 'AUD',
    taxMode: 'none',
    subtotalMinor: 10_000n,
    taxMinor: 0n,
    totalMinor: 10_000n,
    paidMinor: 4_000n,
    creditedMinor: 0n,
    dueMinor: 6_000n,
    remainingMinor: 0n,
    lines: [],
    payments: [
      { xeroId: 'a', date: '2026-03-02', amountMinor: 4_000n, reference: null, batchId: null },
    ],
    allocations: [],
  } as unknown as PaperContent;

  it('are told apart field by field, a payment that went by its amount and day', () => {
    const after = {
      ...before,
      status: 'approved',
      paidMinor: 0n,
      dueMinor: 10_000n,
      payments: [],
    } as PaperContent;
    expect(paperChanges(before, after)).toEqual([
      { field: 'status', from: 'part-paid', to: 'approved' },
      { field: 'payment', from: '40.00 AUD on 2026-03-02', to: null },
      { field: 'paid', from: '40.00 AUD', to: '0.00 AUD' },
      { field: 'due', from: '60.00 AUD', to: '100.00 AUD' },
    ]);
  });

  it('tell every sum that changed, how tax is counted, and a payment that was changed where it stands', () => {
    const [paid] = before.payments;
    if (!paid) throw new Error('The paper above is paid in part');
    const after = {
      ...before,
      taxMode: 'inclusive',
      subtotalMinor: 9_091n,
      taxMinor: 909n,
      payments: [{ ...paid, date: '2026-03-04' }],
    } as PaperContent;
    expect(paperChanges(before, after)).toEqual([
      { field: 'taxMode', from: 'none', to: 'inclusive' },
      { field: 'subtotal', from: '100.00 AUD', to: '90.91 AUD' },
      { field: 'tax', from: '0.00 AUD', to: '9.09 AUD' },
      { field: 'payment', from: '40.00 AUD on 2026-03-02', to: '40.00 AUD on 2026-03-04' },
    ]);
  });

  it('are the same when only the order of payments or of fields differs', () => {
    const other = { xeroId: 'b', date: null, amountMinor: 1n, reference: null, batchId: null };
    const two = [...before.payments, other];
    const turned = Object.fromEntries(Object.entries(before).reverse()) as unknown as PaperContent;
    expect(contentHash({ ...before, payments: two })).toEqual(
      contentHash({ ...turned, payments: [...two].reverse() }),
    );
    expect(contentHash(before)).not.toEqual(contentHash({ ...before, dueMinor: 6_001n }));
    expect(contentHash(before)).not.toEqual(contentHash({ ...before, remainingMinor: 1n }));
  });

  it('are the same whether or not it is known which batch a payment was made in', () => {
    const payments = before.payments.map((payment) => ({ ...payment, batchId: 'batch' }));
    expect(contentHash({ ...before, payments })).toEqual(contentHash(before));
  });

  it('tell what a credit was set against, and what was taken back', () => {
    const allocation = {
      xeroId: 'x',
      invoiceXeroId: 'i',
      invoiceNumber: 'INV-2',
      date: null,
      amountMinor: 500n,
    };
    const after = { ...before, allocations: [allocation] };
    expect(paperChanges(before, after)).toEqual([
      { field: 'allocation', from: null, to: '5.00 AUD to INV-2' },
    ]);
    expect(paperChanges(after, before)[0]?.from).toBe('5.00 AUD to INV-2');
  });

  describe('with allocations to which Xero gives no id', () => {
    const given = (xeroId: string, invoiceNumber: string, amountMinor: bigint) => ({
      xeroId,
      invoiceXeroId: invoiceNumber,
      invoiceNumber,
      date: '2026-03-02',
      amountMinor,
    });
    const of = (...allocations: ReturnType<typeof given>[]) => ({ ...before, allocations });

    it('tell of the one alone that was taken back, however the others were called', () => {
      const two = of(given('INV-A 0', 'INV-A', 1_000n), given('INV-B 1', 'INV-B', 2_000n));
      const one = of(given('INV-B 0', 'INV-B', 2_000n));
      expect(paperChanges(two, one)).toEqual([
        { field: 'allocation', from: '10.00 AUD to INV-A', to: null },
      ]);
      const named = of(given('INV-A 0', 'INV-A', 1_000n), given('named', 'INV-B', 2_000n));
      expect(paperChanges(two, named)).toEqual([]);
    });

    it('tell of one of two alike, and of one that was made anew under an id of Xero’s', () => {
      const alike = of(given('INV-A 0', 'INV-A', 500n), given('INV-A 1', 'INV-A', 500n));
      expect(paperChanges(alike, of(given('INV-A 0', 'INV-A', 500n)))).toEqual([
        { field: 'allocation', from: '5.00 AUD to INV-A', to: null },
      ]);
      const anew = paperChanges(of(given('x', 'INV-A', 500n)), of(given('y', 'INV-A', 500n)));
      expect(anew.map(({ from, to }) => [from, to])).toEqual([
        ['5.00 AUD to INV-A', null],
        [null, '5.00 AUD to INV-A'],
      ]);
    });

    it('are the same in whatever order and under whatever made up id they come', () => {
      const [a, b] = [given('INV-A 0', 'INV-A', 1_000n), given('INV-B 1', 'INV-B', 2_000n)];
      const turned = of({ ...b, xeroId: 'INV-B  2000 0' }, { ...a, xeroId: 'INV-A  1000 0' });
      expect(contentHash(turned)).toEqual(contentHash(of(a, b)));
      expect(contentHash(of(a))).not.toEqual(contentHash(of(b)));
      expect(contentHash(of(given('x', 'A', 1n)))).not.toEqual(
        contentHash(of(given('y', 'A', 1n))),
      );
    });
  });
});

it('an amount too large to be exact is refused rather than rounded', () => {
  expect(toMoney(9_007_199_254_740_991n, 'AUD').amountMinor).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => toMoney(9_007_199_254_740_992n, 'AUD')).toThrow(RangeError);
});
