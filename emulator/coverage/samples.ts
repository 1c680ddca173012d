/** A sound body for each kind of write, for requests that are wrong in few places only. */
export function samplesOf(
  path: string,
  known: Readonly<Record<string, readonly string[]>>,
): unknown {
  const first = (kind: string) => known[kind]?.[0] ?? '';
  const Contact = { ContactID: first('Contact') };
  const Invoice = { InvoiceID: first('Invoice') };
  const line = { Description: 'Fee', Quantity: 2, UnitAmount: 49.5, AccountCode: '200' };
  const paper = {
    Contact,
    Date: '2026-11-22',
    DueDate: '2026-12-06',
    Status: 'AUTHORISED',
    LineItems: [line, { ...line, DiscountRate: 5 }],
  };
  const samples: Readonly<Record<string, unknown>> = {
    Allocations: { Allocations: [{ Amount: 1, Invoice }] },
    History: { HistoryRecords: [{ Details: 'Note' }] },
    Options: { Name: 'North' },
    Contacts: { Contacts: [{ Name: 'Ana', Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '1' }] }] },
    ContactGroups: { ContactGroups: [{ Name: 'Spring' }] },
    Invoices: { Invoices: [{ Type: 'ACCREC', ...paper }] },
    CreditNotes: { CreditNotes: [{ Type: 'ACCRECCREDIT', ...paper }] },
    Payments: { Payments: [{ Invoice, Account: { Code: '090' }, Amount: 1 }] },
    BatchPayments: {
      BatchPayments: [{ Account: { Code: '090' }, Payments: [{ Invoice, Amount: 1 }] }],
    },
    BankTransactions: {
      BankTransactions: [
        { Type: 'RECEIVE-PREPAYMENT', Contact, BankAccount: { Code: '090' }, LineItems: [line] },
      ],
    },
    Items: { Items: [{ Code: 'FA', Name: 'First aid', SalesDetails: { UnitPrice: 5 } }] },
    Accounts: { Accounts: [{ Code: '201', Name: 'Workshops', Type: 'REVENUE' }] },
    TaxRates: { TaxRates: [{ Name: 'Levy', TaxComponents: [{ Name: 'State', Rate: 5 }] }] },
    TrackingCategories: { Name: 'Campus' },
    Currencies: { Code: 'USD' },
    ManualJournals: {
      ManualJournals: [
        {
          Narration: 'Move',
          JournalLines: [
            { LineAmount: 10, AccountCode: '400' },
            { LineAmount: -10, AccountCode: '200' },
          ],
        },
      ],
    },
  };
  const parts = path.split('/').filter((part) => part in samples);
  return samples[parts.at(-1) ?? ''];
}
