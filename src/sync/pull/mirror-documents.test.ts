import { describe, expect, it } from 'vitest';
import type { LearnerId, XeroOrgId } from '#contract/ids';
import type { WireInvoice } from '#xero/index';
import { mirrorPapers } from './mirror-documents.ts';

const org = 'a0a0a0a0-0001-4000-8000-000000000001' as XeroOrgId;
const learner = 'b0b0b0b0-0001-7000-8000-000000000001' as LearnerId;
const links = new Map([['contact', { partyKind: 'learner' as const, partyId: learner }]]);
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
});
