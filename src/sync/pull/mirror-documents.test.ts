import { describe, expect, it } from 'vitest';
import type { LearnerId, XeroOrgId } from '#contract/ids';
import { creditReader, type WireCredit, type WireInvoice } from '#xero/index';
import { mirrorPapers } from './mirror-documents.ts';

const org = 'a0a0a0a0-0001-4000-8000-000000000001' as XeroOrgId;
const learner = 'b0b0b0b0-0001-7000-8000-000000000001' as LearnerId;
const links = new Map([
  ['contact', { partyKind: 'learner' as const, partyId: learner, contactId: 'contact' }],
]);
const changedAt = new Date('2026-03-02T01:00:00Z');

const invoice = (fields: Partial<WireInvoice>): WireInvoice => ({
  InvoiceID: 'invoice',
  Type: 'ACCREC',
  Status: 'AUTHORISED',
  InvoiceNumber: 'INV-1',
  Reference: null,
  Contact: { ContactID: 'contact', Name: null },
  CurrencyCode: 'AUD',
  LineAmountTypes: 'Inclusive',
  LineItems: [],
  SubTotal: 21.95,
  TotalTax: 2.2,
  Total: 24.15,
  AmountDue: 14.05,
  AmountPaid: 10.1,
  AmountCredited: 0,
  Payments: [],
  credits: [],
  SentToContact: false,
  day: '2026-03-01',
  dueDay: null,
  updatedAt: changedAt,
  raw: { kept: true },
  ...fields,
});

const payment = (id: string, status: string | null) => ({
  PaymentID: id,
  Amount: 10.1,
  Reference: null,
  Status: status,
  BatchPaymentID: null,
  day: '2026-03-02',
});

describe('papers from Xero', () => {
  it('go to the learner whose contact they name, to the cent, with the raw paper kept', () => {
    const { papers } = mirrorPapers(org, [invoice({})], links);
    expect(papers).toEqual([
      expect.objectContaining({
        partyKind: 'learner',
        partyId: learner,
        state: 'approved',
        taxMode: 'inclusive',
        totalMinor: 2415n,
        paidMinor: 1010n,
        dueMinor: 1405n,
        raw: { kept: true },
      }),
    ]);
  });

  it('counts in the paper’s own currency: two decimals as Xero keeps them, dinars have three', () => {
    const yen = invoice({ CurrencyCode: 'JPY', Total: 1500.5 });
    const dinars = invoice({ CurrencyCode: 'KWD', Total: 1.234 });
    const { papers } = mirrorPapers(org, [yen, dinars], links);
    expect(papers.map((paper) => paper.totalMinor)).toEqual([150050n, 1234n]);
  });

  it('of nobody’s contact are strangers, and bills are neither', () => {
    const rows = [
      invoice({ Contact: { ContactID: 'other', Name: null } }),
      invoice({ Type: 'ACCPAY' }),
    ];
    const { papers, strangers } = mirrorPapers(org, rows, links);
    expect(papers).toEqual([]);
    expect(strangers).toEqual([{ xeroOrgId: org, kind: 'invoice', xeroId: 'invoice' }]);
  });

  it('leave deleted payments out', () => {
    const Payments = [
      payment('one', 'AUTHORISED'),
      payment('two', 'DELETED'),
      payment('three', null),
    ];
    const { papers } = mirrorPapers(org, [invoice({ Payments })], links);
    expect(papers[0]?.payments.map((one) => one.xeroId)).toEqual(['one', 'three']);
  });

  it('in a state or without an instant that we know are named, not guessed', () => {
    const rows = [invoice({ Status: 'NEW' }), invoice({ InvoiceID: 'two', updatedAt: null })];
    const { papers, unreadable } = mirrorPapers(org, rows, links);
    expect(papers).toEqual([]);
    expect(unreadable.map(({ xeroId }) => xeroId)).toEqual(['invoice', 'two']);
  });

  it('keep allocations without an id apart, and under the same id when others go', () => {
    const to = (InvoiceID: string, Amount: number) => ({
      Amount,
      Date: '/Date(1552435200000+0000)/',
      Invoice: { InvoiceID, InvoiceNumber: 'INV-1' },
    });
    const [a, b] = ['c7c37b83-ac95-45ea-88ba-8ad83a5f22fe', 'be392c72-c121-4f83-9512-03ac71e54c20'];
    const idsOf = (...Allocations: unknown[]) => {
      const prepayment = creditReader('prepayment')({
        PrepaymentID: 'ce0cddef-cf5a-4e59-b638-f225679115a7',
        Type: 'RECEIVE-PREPAYMENT',
        Status: 'AUTHORISED',
        Contact: { ContactID: a },
        CurrencyCode: 'NZD',
        Total: 100,
        RemainingCredit: 50,
        Allocations,
        UpdatedDateUTC: '/Date(1552522424850+0000)/',
      });
      const { papers } = mirrorPapers(
        org,
        [prepayment as WireCredit],
        new Map([[a, { partyKind: 'learner' as const, partyId: learner, contactId: a }]]),
      );
      return papers[0]?.allocations.map((allocation) => allocation.xeroId) ?? [];
    };
    const all = idsOf(to(a, 10), to(b, 20), to(b, 20), { ...to(b, 20), AllocationID: 'NAMED' });
    expect(new Set(all).size).toBe(4);
    expect(all[3]).toBe('named');
    expect(idsOf(to(b, 20), to(b, 20))).toEqual(all.slice(1, 3));
  });
});
