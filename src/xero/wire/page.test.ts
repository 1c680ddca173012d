import { describe, expect, it } from 'vitest';
import { readContact } from './contact.ts';
import { creditReader } from './credit.ts';
import { readInvoice } from './invoice.ts';
import { readOutcomes, readPage } from './page.ts';

const ID = '9c6f2c7e-3b3f-4c6e-9d1a-0f6f6b5b2a11';
const NOBODY = '00000000-0000-0000-0000-000000000000';

describe('readPage', () => {
  it('reads rows and where they stand in the whole list', () => {
    const body = {
      pagination: { page: 2, pageSize: 1, pageCount: 3, itemCount: 3 },
      Contacts: [{ ContactID: ID.toUpperCase(), Name: 'Mira Okafor', EmailAddress: '' }],
    };
    const page = readPage(body, 'Contacts', readContact);
    expect(page).toMatchObject({ page: 2, pageCount: 3, itemCount: 3, unreadable: [] });
    expect(page.rows[0]).toMatchObject({
      ContactID: ID,
      Name: 'Mira Okafor',
      EmailAddress: null,
      ContactStatus: 'ACTIVE',
      Phones: [],
    });
  });

  it('leaves out a row of unknown shape and says so, rather than losing the page', () => {
    const page = readPage({ Contacts: [{ ContactID: ID }, { Name: 7 }] }, 'Contacts', readContact);
    expect(page.rows).toHaveLength(1);
    expect(page.unreadable).toEqual([{ Name: 7 }]);
  });

  it('reads an empty answer as an empty page', () => {
    expect(readPage({}, 'Contacts', readContact)).toEqual({
      rows: [],
      page: 1,
      pageCount: 1,
      itemCount: null,
      unreadable: [],
    });
  });
});

describe('readOutcomes', () => {
  it('gives one outcome per row, refused ones in Xero’s words', () => {
    const body = {
      Contacts: [
        { ContactID: ID, Name: 'Mira Okafor', StatusAttributeString: 'OK' },
        {
          ContactID: NOBODY,
          Name: 'Mira Okafor',
          StatusAttributeString: 'ERROR',
          ValidationErrors: [{ Message: 'The name is taken' }],
        },
      ],
    };
    const [good, bad] = readOutcomes(body, 'Contacts', readContact);
    expect(good).toMatchObject({ ok: true, row: { ContactID: ID } });
    expect(bad).toMatchObject({ ok: false, messages: ['The name is taken'] });
  });

  it('takes an answer without any verdict as success, as Xero sends it', () => {
    const [only] = readOutcomes({ Contacts: [{ ContactID: ID }] }, 'Contacts', readContact);
    expect(only?.ok).toBe(true);
  });
});

it('reads an invoice with both spellings of its dates', () => {
  const invoice = readInvoice({
    InvoiceID: ID,
    Type: 'ACCREC',
    Status: 'AUTHORISED',
    Contact: { ContactID: ID, Name: 'Mira Okafor' },
    Date: '/Date(1772409600000+0000)/',
    DateString: '2026-03-02T00:00:00',
    DueDate: '/Date(1773014400000+0000)/',
    CurrencyCode: 'AUD',
    Total: 24.15,
    AmountDue: 20,
    Payments: [{ PaymentID: ID, Date: '/Date(1772409600000+0000)/', Amount: 4.15 }],
    UpdatedDateUTC: '/Date(1772413200000+0000)/',
  });
  expect(invoice).toMatchObject({
    day: '2026-03-02',
    dueDay: '2026-03-09',
    Total: 24.15,
    AmountDue: 20,
    LineAmountTypes: 'Exclusive',
    LineItems: [],
    Payments: [{ day: '2026-03-02', Amount: 4.15 }],
  });
  expect(invoice?.updatedAt?.toISOString()).toBe('2026-03-02T01:00:00.000Z');
  expect(readInvoice({ InvoiceID: ID })).toBeNull();
});

describe('a paper that says not what it comes to', () => {
  const paper = { Type: 'ACCREC', Contact: { ContactID: ID }, CurrencyCode: 'AUD' };
  const invoice = { ...paper, InvoiceID: ID, Total: 24.15, AmountDue: 0 };
  const credit = { ...paper, PrepaymentID: ID, Total: 24.15, RemainingCredit: 0 };
  const readCredit = creditReader('prepayment');

  it.each(['AUTHORISED', 'PAID'])('can’t be read where it counts: %s', (Status) => {
    expect(readInvoice({ ...invoice, Status })).toMatchObject({ Total: 24.15, AmountDue: 0 });
    expect(readInvoice({ ...invoice, Status, AmountDue: undefined })).toBeNull();
    expect(readInvoice({ ...invoice, Status, Total: null })).toBeNull();
    expect(readCredit({ ...credit, Status })).toMatchObject({ RemainingCredit: 0 });
    expect(readCredit({ ...credit, Status, RemainingCredit: undefined })).toBeNull();
    expect(readCredit({ ...credit, Status, Total: null })).toBeNull();
  });

  it.each(['DRAFT', 'SUBMITTED', 'VOIDED', 'DELETED'])(
    'need not say it while it does not count: %s',
    (Status) => {
      expect(readInvoice({ ...invoice, Status, AmountDue: null })).toMatchObject({ AmountDue: 0 });
      expect(readCredit({ ...credit, Status, RemainingCredit: null })).toMatchObject({
        RemainingCredit: 0,
      });
    },
  );
});

it('reads which credits are set against an invoice, as far as they can be read', () => {
  const NOTE = '9c6f2c7e-3b3f-4c6e-9d1a-0f6f6b5b2a12';
  const invoice = readInvoice({
    InvoiceID: ID,
    Type: 'ACCREC',
    Status: 'AUTHORISED',
    Contact: { ContactID: ID },
    CurrencyCode: 'AUD',
    Total: 100,
    AmountDue: 50,
    CreditNotes: [
      { CreditNoteID: NOTE.toUpperCase(), AppliedAmount: 20.05, Date: '/Date(1772409600000)/' },
      { CreditNoteID: 'none', AppliedAmount: 1 },
    ],
    Overpayments: [{ OverpaymentID: ID, AppliedAmount: 29.95 }],
    Prepayments: [null],
  });
  expect(invoice?.credits).toEqual([
    { kind: 'credit-note', creditId: NOTE, AppliedAmount: 20.05 },
    { kind: 'overpayment', creditId: ID, AppliedAmount: 29.95 },
  ]);
});
