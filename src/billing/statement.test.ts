import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DocumentId, XeroOrgId } from '#contract/ids';
import { type StatementPaper, statementsOf } from './statement.ts';
import { harmless, statementCsv } from './statement-csv.ts';

const org = 'a0a0a0a0-0001-4000-8000-000000000001' as XeroOrgId;
const options = { period: {}, today: '2026-03-02', linesMax: 2_000, former: new Set<XeroOrgId>() };
const blank: StatementPaper = {
  id: 'd0' as DocumentId,
  xeroOrgId: org,
  xeroId: 'x0',
  kind: 'invoice',
  status: 'approved',
  number: null,
  reference: null,
  date: '2026-02-01',
  dueDate: '2026-02-28',
  currency: 'AUD',
  totalMinor: 0n,
  paidMinor: 0n,
  creditedMinor: 0n,
  dueMinor: 0n,
  remainingMinor: 0n,
  payments: [],
  allocations: [],
};
const day = fc.constantFrom(null, '2026-01-31', '2026-02-01', '2026-02-28');
const part = fc.bigInt({ min: 0n, max: 50_000n });

/** Papers as Xero has them, whatever is told one by one; some have more taken off, or put on. */
const paper: fc.Arbitrary<StatementPaper> = fc
  .record({
    kind: fc.constantFrom('invoice', 'credit-note', 'prepayment', 'overpayment'),
    status: fc.constantFrom('draft', 'approved', 'part-paid', 'paid', 'voided', 'deleted'),
    currency: fc.constantFrom('AUD', 'USD'),
    date: day,
    paid: part,
    credited: part,
    open: part,
    other: fc.oneof(fc.constant(0n), fc.bigInt({ min: -9_000n, max: 9_000n })),
    told: fc.boolean(),
    to: fc.nat(30),
  })
  .map(({ kind, status, currency, date, paid, credited, open, other, told, to }) => {
    const isGone = status === 'voided' || status === 'deleted';
    const openMinor = isGone || status === 'paid' ? 0n : open;
    const isInvoice = kind === 'invoice';
    const total = paid + credited + openMinor + other;
    return {
      id: `d${to}` as DocumentId,
      xeroOrgId: org,
      xeroId: `x${to}`,
      kind,
      status,
      number: null,
      reference: null,
      date,
      dueDate: date,
      currency,
      totalMinor: total > 0n ? total : 0n,
      paidMinor: paid,
      creditedMinor: credited,
      dueMinor: isInvoice ? openMinor : 0n,
      remainingMinor: isInvoice ? 0n : openMinor,
      payments:
        told && paid > 0n
          ? [{ xeroId: 'p', date, amountMinor: paid, reference: null, batchId: null }]
          : [],
      allocations:
        told && !isInvoice && credited > 0n
          ? [
              {
                xeroId: 'a',
                invoiceXeroId: `x${(to * 7) % 31}`,
                invoiceNumber: null,
                date,
                amountMinor: credited,
              },
            ]
          : [],
    };
  });
/** An id is one paper's. */
const papers = fc.uniqueArray(paper, { maxLength: 25, selector: ({ xeroId }) => xeroId });
/** Credit is set against invoices of its own currency only. */
const ofOneCurrency = papers.map((some) => some.map((one) => ({ ...one, currency: 'AUD' })));

describe('a statement', () => {
  it('closes with what is due less the credit left, whatever Xero told one by one', () => {
    fc.assert(
      fc.property(ofOneCurrency, (some) => {
        for (const account of statementsOf(some, options)) {
          expect(account.closingMinor).toBe(account.dueMinor - account.creditMinor);
        }
      }),
    );
  });

  it('says what Xero takes off beyond payments and credit, as withheld tax, on a line of its own', () => {
    const [account] = statementsOf(
      [
        {
          ...blank,
          totalMinor: 100_000n,
          dueMinor: 80_000n,
        },
      ],
      options,
    );
    expect(account?.lines.map((line) => [line.kind, line.amountMinor, line.balanceMinor])).toEqual([
      ['invoice', 100_000n, 100_000n],
      ['adjustment', 20_000n, 80_000n],
    ]);
  });

  it('runs: each balance is the one before with the line’s effect', () => {
    fc.assert(
      fc.property(papers, (some) => {
        for (const { openingMinor, lines, closingMinor } of statementsOf(some, options)) {
          let balance = openingMinor;
          for (const line of lines) {
            balance += line.effectMinor;
            expect(line.balanceMinor).toBe(balance);
            expect(line.amountMinor >= 0n).toBe(true);
          }
          expect(closingMinor).toBe(balance);
          const days = lines.map((line) => line.date ?? '');
          expect(days).toEqual([...days].sort());
        }
      }),
    );
  });

  it('is the same in two halves as in one, and whatever order the papers come in', () => {
    fc.assert(
      fc.property(papers, (some) => {
        const whole = statementsOf(some, options);
        expect(statementsOf([...some].reverse(), options)).toEqual(whole);
        const first = statementsOf(some, { ...options, period: { to: '2026-01-31' } });
        const second = statementsOf(some, { ...options, period: { from: '2026-02-01' } });
        expect(second.map((one) => one.openingMinor)).toEqual(first.map((one) => one.closingMinor));
        expect(second.map((one) => one.closingMinor)).toEqual(whole.map((one) => one.closingMinor));
      }),
    );
  });

  it('that is too long puts its older lines into the opening balance', () => {
    fc.assert(
      fc.property(papers, fc.integer({ min: 1, max: 5 }), (some, linesMax) => {
        const whole = statementsOf(some, options);
        const cut = statementsOf(some, { ...options, linesMax });
        expect(cut.map((one) => one.closingMinor)).toEqual(whole.map((one) => one.closingMinor));
        for (const account of cut) expect(account.lines.length).toBeLessThanOrEqual(linesMax);
      }),
    );
  });
});

describe('a cell of a CSV file', () => {
  it('that a spreadsheet would run is told to be text; numbers stay numbers', () => {
    for (const cell of ['=1+1', '+61 400', '-2+3', '@SUM(A1)', '\t=1', ' =1', '|calc']) {
      expect(harmless(cell)).toBe(`'${cell}`);
    }
    for (const cell of ['-12.50', '12', 'INV-1', '2026-03-01', '']) {
      expect(harmless(cell)).toBe(cell);
    }
  });

  it('never begins like a formula, whatever Xero’s people wrote', () => {
    fc.assert(
      fc.property(papers, fc.string(), (some, text) => {
        const written = some.map((one) => ({ ...one, number: text, reference: text }));
        const reading = { organisationName: text, readAt: new Date(0), stopped: null };
        const csv = statementCsv(statementsOf(written, options), new Map([[org, reading]]));
        for (const cell of csv.split(/[,\r\n]/)) {
          expect(cell.replace(/^[\uFEFF"]+/, '')).not.toMatch(/^[=+@|]/);
        }
      }),
    );
  });
});
