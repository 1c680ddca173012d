import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Emulator } from '../server.ts';
import { type ApiClient, type Json, startConnected } from '../testing.ts';

/**
 * The keys of the main answers, written down here so that a run without the official description
 * still notices when one appears or goes.
 */
const DOCUMENT =
  'Contact CurrencyCode CurrencyRate Date DateString HasAttachments LineAmountTypes LineItems Payments Status SubTotal Total TotalTax UpdatedDateUTC UpdatedDateUTCString';
const SHAPES: Readonly<Record<string, string>> = {
  Contacts:
    'Addresses Balances BankAccountDetails ContactGroups ContactID ContactNumber ContactPersons ContactStatus EmailAddress HasAttachments HasValidationErrors IsCustomer IsSupplier Name Phones UpdatedDateUTC',
  Invoices: `${DOCUMENT} AmountCredited AmountDue AmountPaid CreditNotes DueDate DueDateString HasErrors InvoiceID InvoiceNumber InvoicePaymentServices IsDiscounted Overpayments Prepayments Reference SentToContact Type`,
  CreditNotes: `${DOCUMENT} Allocations CreditNoteID CreditNoteNumber HasErrors ID Reference RemainingCredit SentToContact Type`,
  Payments:
    'Account Amount BankAmount CurrencyRate Date HasAccount HasValidationErrors Invoice IsReconciled PaymentID PaymentType Status UpdatedDateUTC UpdatedDateUTCString',
  Organisations:
    'Addresses BaseCurrency Class CountryCode CreatedDateUTC DefaultPurchasesTax DefaultSalesTax Edition ExternalLinks FinancialYearEndDay FinancialYearEndMonth IsDemoCompany LegalName LineOfBusiness Name OrganisationEntityType OrganisationID OrganisationStatus OrganisationType PaymentTerms PaysTax Phones SalesTaxBasis SalesTaxPeriod ShortCode TaxNumber Timezone Version',
  TaxRates:
    'CanApplyToAssets CanApplyToEquity CanApplyToExpenses CanApplyToLiabilities CanApplyToRevenue DisplayTaxRate EffectiveRate Name ReportTaxType Status TaxComponents TaxType',
};
const LINE_ITEM =
  'AccountCode AccountID Description LineAmount LineItemID Quantity TaxAmount TaxType Tracking UnitAmount ValidationErrors';

let emulator: Emulator;
let api: ApiClient;
beforeAll(async () => {
  ({ emulator, api } = await startConnected());
  const keeper = emulator.control.bookkeeper();
  const contact = keeper.createContact({ Name: 'Ana', ContactNumber: 'L-1' });
  const lines = [{ description: 'Fee', unitAmount: 10 }];
  const invoice = keeper.createInvoice({ contactId: contact.id, lines });
  keeper.pay(invoice.id, 5);
  keeper.credits.createNote({ contactId: contact.id, lines });
});
afterAll(() => emulator.close());

const sorted = (keys: string) => keys.split(' ').sort();

it.each(Object.entries(SHAPES))('%s carry exactly these keys', async (name, keys) => {
  const path = name === 'Organisations' ? '/Organisation' : `/${name}?page=1`;
  const { json } = await api('GET', path);
  const [first]: Json[] = json[name];
  expect(Object.keys(first).sort()).toEqual(sorted(keys));
});

it('line items carry exactly these keys', async () => {
  const { json } = await api('GET', '/Invoices?page=1');
  expect(Object.keys(json.Invoices[0].LineItems[0]).sort()).toEqual(sorted(LINE_ITEM));
});
