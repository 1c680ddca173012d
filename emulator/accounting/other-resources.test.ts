import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../server.ts';
import { type ApiClient, apiClient, messagesOf, obtainTokens, startConnected } from '../testing.ts';

let emulator: Emulator;
let api: ApiClient;
beforeEach(async () => {
  ({ emulator, api } = await startConnected());
});
afterEach(() => emulator.close());

describe('settings', () => {
  it('list a country’s accounts and tax rates', async () => {
    const accounts = (await api('GET', '/Accounts?where=Type=="BANK"')).json.Accounts;
    expect(accounts[0]).toMatchObject({ Code: '090', Class: 'ASSET', CurrencyCode: 'AUD' });
    const rates = (await api('GET', '/TaxRates')).json.TaxRates;
    expect(rates.find((one: { TaxType: string }) => one.TaxType === 'OUTPUT')).toMatchObject({
      EffectiveRate: 10,
      CanApplyToRevenue: true,
      CanApplyToExpenses: false,
    });
    expect((await api('GET', '/TaxRates/EXEMPTOUTPUT')).json.TaxRates[0].EffectiveRate).toBe(0);
    expect((await api('GET', '/Currencies')).json.Currencies).toEqual([
      { Code: 'AUD', Description: 'Australian Dollar' },
    ]);
  });

  it('take accounts: made, changed, archived, deleted when unused', async () => {
    const body = { Code: '201', Name: 'Workshops', Type: 'REVENUE', TaxType: 'OUTPUT' };
    const made = (await api('PUT', '/Accounts', body)).json.Accounts[0];
    expect(made).toMatchObject({ Class: 'REVENUE', Status: 'ACTIVE' });
    expect(messagesOf(await api('PUT', '/Accounts', body))).toContain(
      'Please enter a unique Code.',
    );
    const changed = await api('POST', `/Accounts/${made.AccountID}`, { Status: 'ARCHIVED' });
    expect(changed.json.Accounts[0].Status).toBe('ARCHIVED');
    const deleted = await api('DELETE', `/Accounts/${made.AccountID}`);
    expect(deleted.json.Accounts[0].Status).toBe('DELETED');
  });

  it('take tax rates of one’s own and currencies', async () => {
    const { json } = await api('PUT', '/TaxRates', {
      Name: 'Levy',
      TaxComponents: [
        { Name: 'State', Rate: 2.25 },
        { Name: 'Town', Rate: 1 },
      ],
    });
    expect(json.TaxRates[0]).toMatchObject({ TaxType: 'TAX001', EffectiveRate: 3.25 });
    const two = await api('PUT', '/TaxRates', { TaxRates: [{ Name: 'A' }, { Name: 'B' }] });
    expect(two.json.Message).toBe('At most 1 TaxRates may be sent at once');
    await api('PUT', '/Currencies', { Code: 'EUR' });
    // These carry no date of change, so that asking since when means nothing.
    const since = { 'If-Modified-Since': '2026-11-22T09:00:00' };
    expect((await api('GET', '/Currencies', undefined, since)).json.Currencies).toHaveLength(2);
  });

  it('tell the organisation, its actions, users and themes', async () => {
    expect((await api('GET', '/Organisation')).json.Organisations[0]).toMatchObject({
      Name: 'Harbour Training Pty Ltd',
      BaseCurrency: 'AUD',
      CountryCode: 'AU',
      Timezone: 'AUSEASTERNSTANDARDTIME',
    });
    expect((await api('GET', '/Organisation/Actions')).json.Actions[0].Status).toBe('ALLOWED');
    const users = (await api('GET', '/Users')).json.Users;
    expect(users[0]).toMatchObject({ FirstName: 'Ada', OrganisationRole: 'FINANCIALADVISER' });
    expect((await api('GET', `/Users/${users[1].UserID}`)).json.Users[0].FirstName).toBe('Rita');
    const where = encodeURIComponent('OrganisationRole=="READONLY"');
    expect((await api('GET', `/Users?where=${where}`)).json.Users).toMatchObject([users[1]]);
    const [theme] = (await api('GET', '/BrandingThemes')).json.BrandingThemes;
    expect(
      (await api('GET', `/BrandingThemes/${theme.BrandingThemeID}`)).json.BrandingThemes,
    ).toEqual([theme]);
  });
});

describe('tracking', () => {
  it('is made, used on lines, and limited to two active categories', async () => {
    const make = (Name: string) => api('PUT', '/TrackingCategories', { Name });
    const category = (await make('Campus')).json.TrackingCategories[0];
    const path = `/TrackingCategories/${category.TrackingCategoryID}`;
    const option = (await api('PUT', `${path}/Options`, { Name: 'North' })).json.Options[0];
    expect(option).toMatchObject({ Name: 'North', Status: 'ACTIVE' });
    const contact = emulator.control.bookkeeper().createContact({ Name: 'Ana' });
    const { json } = await api('PUT', '/Invoices', {
      Type: 'ACCREC',
      Contact: { ContactID: contact.id },
      LineItems: [
        {
          Description: 'Fee',
          UnitAmount: 1,
          AccountCode: '200',
          Tracking: [{ Name: 'Campus', Option: 'North' }],
        },
      ],
    });
    expect(json.Invoices[0].LineItems[0].Tracking[0].TrackingOptionID).toBe(
      option.TrackingOptionID,
    );
    await make('Course');
    expect(messagesOf(await make('Third'))[0]).toContain('At most 2');
    await api('POST', `${path}/Options/${option.TrackingOptionID}`, { Name: 'South' });
    expect(
      (await api('DELETE', `${path}/Options/${option.TrackingOptionID}`)).json.Options[0],
    ).toMatchObject({
      Name: 'South',
      Status: 'DELETED',
    });
    await api('POST', path, { Status: 'ARCHIVED' });
    expect((await api('GET', '/TrackingCategories')).json.TrackingCategories).toHaveLength(1);
    expect(
      (await api('GET', '/TrackingCategories?includeArchived=true')).json.TrackingCategories,
    ).toHaveLength(2);
    expect((await api('DELETE', path)).json.TrackingCategories[0].Status).toBe('DELETED');
  });
});

describe('items', () => {
  it('give a line its price, account and tax', async () => {
    const made = (
      await api('PUT', '/Items', {
        Code: 'FA',
        Name: 'First aid',
        Description: 'First aid course',
        SalesDetails: { UnitPrice: 99.5, AccountCode: '210', TaxType: 'EXEMPTOUTPUT' },
      })
    ).json.Items[0];
    const contact = emulator.control.bookkeeper().createContact({ Name: 'Ana' });
    const { json } = await api('PUT', '/Invoices', {
      Type: 'ACCREC',
      Contact: { ContactID: contact.id },
      LineItems: [{ ItemCode: 'fa', Quantity: 2 }],
    });
    expect(json.Invoices[0]).toMatchObject({ Total: 199, TotalTax: 0 });
    expect(json.Invoices[0].LineItems[0]).toMatchObject({
      ItemCode: 'FA',
      Description: 'First aid course',
    });
    expect(messagesOf(await api('PUT', '/Items', { Code: 'fa' }))[0]).toContain('already exists');
    await api('POST', '/Items', { Code: 'FA', Name: 'Aid' });
    expect((await api('GET', '/Items/FA')).json.Items[0].Name).toBe('Aid');
    expect((await api('DELETE', `/Items/${made.ItemID}`)).status).toBe(204);
    expect((await api('GET', `/Items/${made.ItemID}`)).status).toBe(404);
  });
});

describe('contact groups', () => {
  it('hold contacts and show on them', async () => {
    const keeper = emulator.control.bookkeeper();
    const [a, b] = [keeper.createContact({ Name: 'A' }), keeper.createContact({ Name: 'B' })];
    const group = (await api('PUT', '/ContactGroups', { Name: 'Spring' })).json.ContactGroups[0];
    const path = `/ContactGroups/${group.ContactGroupID}`;
    await api('PUT', `${path}/Contacts`, { Contacts: [{ ContactID: a.id }, { ContactID: b.id }] });
    expect((await api('GET', path)).json.ContactGroups[0].Contacts).toHaveLength(2);
    expect((await api('GET', `/Contacts/${a.id}`)).json.Contacts[0].ContactGroups[0].Name).toBe(
      'Spring',
    );
    expect((await api('DELETE', `${path}/Contacts/${a.id}`)).status).toBe(204);
    expect((await api('DELETE', `${path}/Contacts`)).status).toBe(204);
    expect((await api('GET', path)).json.ContactGroups[0].Contacts).toEqual([]);
    await api('POST', path, { Status: 'DELETED' });
    expect((await api('GET', '/ContactGroups')).json.ContactGroups).toEqual([]);
  });
});

describe('manual journals', () => {
  const line = (LineAmount: number) => ({ LineAmount, AccountCode: '400', Description: 'Move' });

  it('must balance, are posted and voided', async () => {
    const bad = await api('PUT', '/ManualJournals', {
      Narration: 'N',
      JournalLines: [line(10), line(-9)],
    });
    expect(messagesOf(bad)).toEqual(['The total debits (10.00) must equal total credits (-9.00)']);
    const { json } = await api('PUT', '/ManualJournals', {
      Narration: 'N',
      JournalLines: [line(10), line(-10)],
    });
    const [journal] = json.ManualJournals;
    expect(journal).toMatchObject({ Status: 'DRAFT', Narration: 'N' });
    const path = `/ManualJournals/${journal.ManualJournalID}`;
    for (const Status of ['POSTED', 'VOIDED']) {
      expect((await api('POST', path, { Status })).json.ManualJournals[0].Status).toBe(Status);
    }
    expect((await api('POST', path, { Status: 'POSTED' })).status).toBe(400);
    expect(
      (await api('GET', '/ManualJournals?page=1')).json.ManualJournals[0].JournalLines,
    ).toHaveLength(2);
  });
});

describe('beside a paper', () => {
  let path: string;
  beforeEach(() => {
    const keeper = emulator.control.bookkeeper();
    const contact = keeper.createContact({ Name: 'Ana', EmailAddress: 'ana@example.com' });
    const invoice = keeper.createInvoice({
      contactId: contact.id,
      lines: [{ description: 'Fee (1)', unitAmount: 5 }],
    });
    path = `/Invoices/${invoice.id}`;
  });

  it('stands a history that notes can be added to', async () => {
    await api('PUT', `${path}/History`, { HistoryRecords: [{ Details: 'Called Ana' }] });
    const { json } = await api('GET', `${path}/History`);
    expect(json.HistoryRecords[0]).toMatchObject({
      Details: 'Called Ana',
      User: 'Ada Adviser',
      Changes: 'Note',
    });
    expect(json.HistoryRecords).toHaveLength(2);
    const long = await api('PUT', `${path}/History`, {
      HistoryRecords: [{ Details: 'x'.repeat(2501) }],
    });
    expect(long.status).toBe(400);
  });

  it('stand files: ten at most, the same bytes back', async () => {
    const file = (name: string, body: string) =>
      api('PUT', `${path}/Attachments/${name}`, body, { 'content-type': 'text/plain' });
    expect((await file('a.txt', 'hello')).json.Attachments[0]).toMatchObject({
      FileName: 'a.txt',
      ContentLength: 5,
    });
    expect((await api('GET', `${path}/Attachments/a.txt`)).text).toBe('hello');
    for (let i = 0; i < 9; i++) await file(`${i}.txt`, 'x');
    expect((await file('eleven.txt', 'x')).status).toBe(400);
    expect((await file('a.txt', 'again')).status).toBe(200);
    expect((await api('GET', `${path}/Attachments`)).json.Attachments).toHaveLength(10);
    const [invoice] = (await api('GET', path)).json.Invoices;
    expect(invoice.HasAttachments).toBe(true);
    const contact = `/Contacts/${invoice.Contact.ContactID}`;
    await api('PUT', `${contact}/Attachments/a.txt`, 'x', { 'content-type': 'text/plain' });
    expect((await api('GET', contact)).json.Contacts[0].HasAttachments).toBe(true);
  });

  it('is a PDF of it, and it can be mailed', async () => {
    const pdf = await api('GET', path, undefined, { accept: 'application/pdf' });
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(pdf.text.startsWith('%PDF-1.4')).toBe(true);
    expect(pdf.text).toContain('Fee \\(1\\)');
    emulator.clock.advance(60_000);
    expect((await api('POST', `${path}/Email`, {})).status).toBe(204);
    expect((await api('GET', path)).json.Invoices[0]).toMatchObject({
      SentToContact: true,
      UpdatedDateUTCString: '2026-11-22T09:01:00Z',
    });
  });

  it('is mailed twenty times a day in a trial, and never from a demo company', async () => {
    const keeper = emulator.control.bookkeeper();
    const mail = async () => (await api('POST', `${path}/Email`, {})).status;
    keeper.setPlan('DEMO');
    expect(await mail()).toBe(400);
    keeper.setPlan('TRIAL');
    for (let i = 0; i < 20; i++) expect(await mail()).toBe(204);
    expect(messagesOf(await api('POST', `${path}/Email`, {}))[0]).toContain('daily limit');
    emulator.clock.advance(86_400_000);
    const tomorrow = apiClient(emulator, (await obtainTokens(emulator)).access_token);
    expect((await tomorrow('POST', `${path}/Email`, {})).status).toBe(204);
  });
});
