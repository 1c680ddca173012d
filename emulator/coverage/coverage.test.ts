import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../server.ts';
import { type ApiClient, type ApiResult, startConnected } from '../testing.ts';
import { describedOperations, loadDescription } from './description.ts';
import { allGaps, knownGaps } from './guard.ts';
import { coveragePage, servedOperations } from './page.ts';

const description = loadDescription();
if (!description) {
  console.log(
    'SKIPPED: the official description is not beside this project; nothing to compare with',
  );
}

describe.skipIf(!description)('against the official description', () => {
  let emulator: Emulator;
  let api: ApiClient;
  const met = new Set<string>();
  beforeAll(async () => {
    ({ emulator, api } = await startConnected());
  });
  afterAll(() => emulator.close());

  async function call(method: string, path: string, body?: unknown): Promise<ApiResult> {
    const result = await api(method, path, body);
    expect([path, result.status]).toEqual([
      path,
      expect.toSatisfy((status: number) => status < 300),
    ]);
    for (const gap of allGaps(method, path, result.status, result.json)) met.add(gap);
    return result;
  }

  it('the ledger of gaps is exact: nothing missing, nothing that has closed', async () => {
    const contact = emulator.control.bookkeeper().createContact({ Name: 'Ana' });
    const Contact = { ContactID: contact.id };
    const LineItems = [{ Description: 'Fee', Quantity: 1, UnitAmount: 100, AccountCode: '200' }];
    const dated = { Contact, LineItems, Status: 'AUTHORISED', DueDate: '2026-12-01' };
    const invoice = (await call('PUT', '/Invoices', { Type: 'ACCREC', ...dated })).json.Invoices[0];
    const note = (await call('PUT', '/CreditNotes', { Type: 'ACCRECCREDIT', ...dated })).json
      .CreditNotes[0];
    const Invoice = { InvoiceID: invoice.InvoiceID };
    const bank = { Contact, LineItems, BankAccount: { Code: '090' } };
    for (const [Type, path, id] of [
      ['RECEIVE-OVERPAYMENT', '/Overpayments', 'OverpaymentID'],
      ['RECEIVE-PREPAYMENT', '/Prepayments', 'PrepaymentID'],
    ] as const) {
      const made = await call('PUT', '/BankTransactions', { Type, ...bank });
      const one = `${path}/${made.json.BankTransactions[0][id]}`;
      await call('PUT', `${one}/Allocations`, { Invoice, Amount: 1 });
      await call('GET', one);
      await call('GET', `${path}?page=1`);
    }
    await call('PUT', `/CreditNotes/${note.CreditNoteID}/Allocations`, { Invoice, Amount: 10 });
    await call('GET', `/CreditNotes/${note.CreditNoteID}`);
    await call('PUT', '/Payments', { Invoice, Account: { Code: '090' }, Amount: 5 });
    await call('GET', '/Payments');
    await call('GET', '/Invoices?page=1');
    await call('GET', '/Contacts?page=1');
    await call('GET', '/Organisation');
    await call('PUT', '/ContactGroups', { Name: 'Group' });
    const category = (await call('PUT', '/TrackingCategories', { Name: 'Campus' })).json
      .TrackingCategories[0];
    await call('PUT', `/TrackingCategories/${category.TrackingCategoryID}/Options`, {
      Name: 'North',
    });
    await call('PUT', `/Invoices/${invoice.InvoiceID}/History`, {
      HistoryRecords: [{ Details: 'Note' }],
    });
    await call('GET', `/Invoices/${invoice.InvoiceID}/History`);
    for (const path of ['/Accounts', '/TaxRates', '/Currencies', '/Users', '/BrandingThemes'])
      await call('GET', path);
    expect([...met].sort()).toEqual(
      knownGaps()
        .map(({ gap }) => gap)
        .sort(),
    );
  });

  it('every served operation is described', () => {
    if (!description) return;
    const described = new Set(describedOperations(description).map((one) => one.operationId));
    expect([...servedOperations()].filter((id) => !described.has(id))).toEqual([]);
  });

  it('the coverage page is up to date', () => {
    if (!description) return;
    const page = readFileSync(new URL('../../docs/emulator-coverage.md', import.meta.url), 'utf8');
    expect(page).toBe(coveragePage(description));
  });
});
