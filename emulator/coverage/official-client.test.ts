import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ORGANISATION_IDS } from '../seeds/identity.ts';
import type { Emulator } from '../server.ts';
import {
  ALL_SCOPES,
  CLIENT_ID,
  CLIENT_SECRET,
  type Json,
  REDIRECT_URI,
  startEmulator,
} from '../testing.ts';

/**
 * Xero's own client drives the emulator. It names Xero's hosts in fixed text in places, so its
 * HTTP layer is told to go here instead, and its OpenID client is made from our addresses.
 */
const require = createRequire(import.meta.url);
const inside = createRequire(require.resolve('xero-node'));

type Operation = (
  tenantId: string,
  ...args: readonly unknown[]
) => Promise<{ readonly body: Json }>;

const TENANT: string = ORGANISATION_IDS.au;
const called = new Set<string>();

let emulator: Emulator;
let client: Json;
let eject: () => void;

/** Calls one accounting operation by its name and gives the body as the client read it. */
async function call(operation: string, ...args: readonly unknown[]): Promise<Json> {
  const api: Record<string, Operation> = client.accountingApi;
  const run = api[operation];
  if (!run) throw new Error(`the client has no operation ${operation}`);
  try {
    const { body } = await run.call(api, TENANT, ...args);
    called.add(operation);
    return body;
  } catch (error) {
    // The client rejects with texts, not errors.
    throw new Error(`${operation} failed: ${String(error).slice(0, 600)}`);
  }
}

beforeAll(async () => {
  emulator = await startEmulator();
  emulator.clock.set(new Date());
  const axios = inside('axios');
  const hosts = /^https:\/\/(api|identity|login)\.xero\.com/;
  const id = axios.interceptors.request.use((config: Json) => ({
    ...config,
    url: config.url.replace(hosts, emulator.url),
  }));
  eject = () => axios.interceptors.request.eject(id);
  const { XeroClient } = require('xero-node');
  client = new XeroClient({
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    redirectUris: [REDIRECT_URI],
    scopes: ALL_SCOPES.split(' '),
    state: 'state-1',
  });
  const { Issuer } = inside('openid-client');
  const issuer = await Issuer.discover(emulator.url);
  client.openIdClient = new issuer.Client({
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    redirect_uris: [REDIRECT_URI],
  });
  client.accountingApi.basePath = `${emulator.url}/api.xro/2.0`;
});

afterAll(async () => {
  eject();
  await emulator.close();
});

describe('the official client', () => {
  let contactId: string;
  const lineItems = [{ description: 'Fee', quantity: 1, unitAmount: 100, accountCode: '200' }];
  const paper = () => ({
    contact: { contactID: contactId },
    lineItems,
    date: '2026-11-01',
    dueDate: '2026-11-15',
    status: 'AUTHORISED',
  });
  const newInvoice = async () =>
    (await call('createInvoices', { invoices: [{ type: 'ACCREC', ...paper() }] })).invoices[0];

  it('connects, lists its organisations and refreshes', async () => {
    const url = await client.buildConsentUrl();
    const back = emulator.control.people.consent(url, {
      user: 'ada.adviser@example.com',
      organisations: 'all',
    });
    const tokens = await client.apiCallback(back);
    expect(tokens.claims().email).toBe('ada.adviser@example.com');
    const tenants = await client.updateTenants(false);
    expect(tenants.map((tenant: Json) => tenant.tenantId)).toContain(TENANT);
    const refreshed = await client.refreshToken();
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
  });

  it('reads the organisation and its settings', async () => {
    expect((await call('getOrganisations')).organisations[0].name).toBe('Harbour Training Pty Ltd');
    expect((await call('getOrganisationActions')).actions.length).toBeGreaterThan(5);
    const { accounts } = await call('getAccounts', undefined, 'Type=="BANK"');
    expect((await call('getAccount', accounts[0].accountID)).accounts[0].code).toBe('090');
    expect((await call('getTaxRates')).taxRates.length).toBeGreaterThan(5);
    expect((await call('getTaxRateByTaxType', 'OUTPUT')).taxRates[0].effectiveRate).toBe(10);
    expect((await call('getCurrencies')).currencies[0].code).toBe('AUD');
    await call('createCurrency', { code: 'USD', description: 'Dollar' });
    const { users } = await call('getUsers');
    expect((await call('getUser', users[0].userID)).users[0].firstName).toBe('Ada');
    const { brandingThemes } = await call('getBrandingThemes');
    await call('getBrandingTheme', brandingThemes[0].brandingThemeID);
    expect((await call('getRepeatingInvoices')).repeatingInvoices).toEqual([]);
  });

  it('makes, changes and deletes an account and a tax rate', async () => {
    const made = await call('createAccount', { code: '201', name: 'Workshops', type: 'REVENUE' });
    const { accountID } = made.accounts[0];
    await call('updateAccount', accountID, { accounts: [{ name: 'Evenings' }] });
    expect((await call('deleteAccount', accountID)).accounts[0].status).toBe('DELETED');
    const components = [{ name: 'State', rate: 5 }];
    const rate = await call('createTaxRates', {
      taxRates: [{ name: 'Levy', taxComponents: components }],
    });
    const { taxType } = rate.taxRates[0];
    await call('updateTaxRate', {
      taxRates: [{ taxType, name: 'Levy', status: 'DELETED', taxComponents: components }],
    });
  });

  it('keeps contacts and groups', async () => {
    const created = await call('createContacts', {
      contacts: [{ name: 'Ana Lima', contactNumber: 'L-1', emailAddress: 'ana@example.com' }],
    });
    contactId = created.contacts[0].contactID;
    await call('updateOrCreateContacts', {
      contacts: [{ contactID: contactId, firstName: 'Ana' }],
    });
    await call('updateContact', contactId, { contacts: [{ lastName: 'Lima' }] });
    expect((await call('getContact', contactId)).contacts[0].lastName).toBe('Lima');
    expect((await call('getContactByContactNumber', 'L-1')).contacts[0].contactID).toBe(contactId);
    const page = await call('getContacts', new Date(0), undefined, 'Name ASC', undefined, 1);
    expect(page.pagination.itemCount).toBe(1);
    const group = (await call('createContactGroup', { contactGroups: [{ name: 'Spring' }] }))
      .contactGroups[0];
    const { contactGroupID } = group;
    await call('createContactGroupContacts', contactGroupID, {
      contacts: [{ contactID: contactId }],
    });
    expect((await call('getContactGroup', contactGroupID)).contactGroups[0].contacts).toHaveLength(
      1,
    );
    await call('deleteContactGroupContact', contactGroupID, contactId);
    await call('deleteContactGroupContacts', contactGroupID);
    await call('updateContactGroup', contactGroupID, { contactGroups: [{ name: 'Autumn' }] });
    expect((await call('getContactGroups')).contactGroups[0].name).toBe('Autumn');
    await call('createContactHistory', contactId, { historyRecords: [{ details: 'Called' }] });
    await call('getContactHistory', contactId);
  });

  it('raises, changes, mails and reads invoices', async () => {
    const { invoiceID } = await newInvoice();
    await call('updateInvoice', invoiceID, { invoices: [{ reference: 'PO 7' }] });
    await call('updateOrCreateInvoices', { invoices: [{ invoiceID, reference: 'PO 8' }] });
    const [invoice] = (await call('getInvoice', invoiceID)).invoices;
    expect([invoice.reference, invoice.total, invoice.amountDue]).toEqual(['PO 8', 110, 110]);
    expect((await call('getInvoices', undefined, 'Status=="AUTHORISED"')).invoices).toHaveLength(1);
    expect(
      (await call('getOnlineInvoice', invoiceID)).onlineInvoices[0].onlineInvoiceUrl,
    ).toContain('/online/');
    await call('emailInvoice', invoiceID, {});
    expect(String(await call('getInvoiceAsPdf', invoiceID)).slice(0, 4)).toBe('%PDF');
    await call('createInvoiceHistory', invoiceID, { historyRecords: [{ details: 'Sent' }] });
    await call('getInvoiceHistory', invoiceID);
    await call('createInvoiceAttachmentByFileName', invoiceID, 'a.txt', Buffer.from('hello'), true);
    await call('updateInvoiceAttachmentByFileName', invoiceID, 'a.txt', Buffer.from('again'));
    const { attachments } = await call('getInvoiceAttachments', invoiceID);
    expect(attachments[0].fileName).toBe('a.txt');
    const bytes = await call('getInvoiceAttachmentByFileName', invoiceID, 'a.txt', 'text/plain');
    expect(bytes.toString()).toBe('again');
    await call('getInvoiceAttachmentById', invoiceID, attachments[0].attachmentID, 'text/plain');
  });

  it('pays, batches and takes payments back', async () => {
    const { invoiceID } = await newInvoice();
    const one = {
      invoice: { invoiceID },
      account: { code: '090' },
      amount: 10,
      date: '2026-11-02',
    };
    const { payments } = await call('createPayments', { payments: [one] });
    await call('createPayment', one);
    await call('getPayment', payments[0].paymentID);
    expect((await call('getPayments')).payments).toHaveLength(2);
    await call('deletePayment', payments[0].paymentID, { status: 'DELETED' });
    const batch = async () => {
      const body = {
        account: { code: '090' },
        date: '2026-11-03',
        payments: [{ invoice: { invoiceID }, amount: 5 }],
      };
      return (await call('createBatchPayment', { batchPayments: [body] })).batchPayments[0]
        .batchPaymentID;
    };
    const first = await batch();
    await call('getBatchPayment', first);
    await call('getBatchPayments');
    await call('deleteBatchPaymentByUrlParam', first, { status: 'DELETED' });
    await call('deleteBatchPayment', { batchPaymentID: await batch(), status: 'DELETED' });
    expect((await call('getInvoice', invoiceID)).invoices[0].amountPaid).toBe(10);
  });

  it('gives, uses and takes back credit', async () => {
    const { invoiceID } = await newInvoice();
    const allocations = {
      allocations: [{ amount: 5, date: '2026-11-04', invoice: { invoiceID } }],
    };
    const notes = await call('createCreditNotes', {
      creditNotes: [{ type: 'ACCRECCREDIT', ...paper() }],
    });
    const { creditNoteID } = notes.creditNotes[0];
    await call('updateCreditNote', creditNoteID, { creditNotes: [{ reference: 'R' }] });
    await call('updateOrCreateCreditNotes', { creditNotes: [{ creditNoteID, reference: 'S' }] });
    await call('createCreditNoteAllocation', creditNoteID, allocations);
    const [note] = (await call('getCreditNote', creditNoteID)).creditNotes;
    expect(note.remainingCredit).toBe(105);
    await call('deleteCreditNoteAllocations', creditNoteID, note.allocations[0].allocationID);
    await call('getCreditNotes', undefined, undefined, undefined, 1);
    await call('getCreditNoteAsPdf', creditNoteID);
    const bank = { bankAccount: { code: '090' }, contact: { contactID: contactId }, lineItems };
    const receive = async (type: string) =>
      (await call('createBankTransactions', { bankTransactions: [{ type, ...bank }] }))
        .bankTransactions[0];
    const over = await receive('RECEIVE-OVERPAYMENT');
    await call('createOverpaymentAllocations', over.overpaymentID, allocations);
    const [overpayment] = (await call('getOverpayment', over.overpaymentID)).overpayments;
    await call(
      'deleteOverpaymentAllocations',
      over.overpaymentID,
      overpayment.allocations[0].allocationID,
    );
    await call('getOverpayments');
    const pre = await receive('RECEIVE-PREPAYMENT');
    await call('createPrepaymentAllocations', pre.prepaymentID, allocations);
    const [prepayment] = (await call('getPrepayment', pre.prepaymentID)).prepayments;
    await call(
      'deletePrepaymentAllocations',
      pre.prepaymentID,
      prepayment.allocations[0].allocationID,
    );
    await call('getPrepayments');
    await call('getBankTransaction', pre.bankTransactionID);
    await call('getBankTransactions');
    await call('updateBankTransaction', pre.bankTransactionID, {
      bankTransactions: [{ ...bank, status: 'DELETED' }],
    });
  });

  it('keeps items, tracking and journals', async () => {
    const { items } = await call('createItems', { items: [{ code: 'FA', name: 'First aid' }] });
    await call('updateOrCreateItems', { items: [{ code: 'FA', name: 'Aid' }] });
    await call('updateItem', items[0].itemID, { items: [{ code: 'FA', description: 'Course' }] });
    expect((await call('getItem', items[0].itemID)).items[0].name).toBe('Aid');
    await call('getItems');
    await call('deleteItem', items[0].itemID);
    const { trackingCategories } = await call('createTrackingCategory', { name: 'Campus' });
    const { trackingCategoryID } = trackingCategories[0];
    const { options } = await call('createTrackingOptions', trackingCategoryID, { name: 'North' });
    await call('updateTrackingOptions', trackingCategoryID, options[0].trackingOptionID, {
      name: 'South',
    });
    await call('updateTrackingCategory', trackingCategoryID, { name: 'Site' });
    expect((await call('getTrackingCategory', trackingCategoryID)).trackingCategories[0].name).toBe(
      'Site',
    );
    await call('getTrackingCategories');
    await call('deleteTrackingOptions', trackingCategoryID, options[0].trackingOptionID);
    await call('deleteTrackingCategory', trackingCategoryID);
    const journalLines = [1, -1].map((sign) => ({ lineAmount: 10 * sign, accountCode: '400' }));
    const made = await call('createManualJournals', {
      manualJournals: [{ narration: 'Move', journalLines }],
    });
    const { manualJournalID } = made.manualJournals[0];
    await call('updateManualJournal', manualJournalID, {
      manualJournals: [{ narration: 'Moved', journalLines }],
    });
    await call('updateOrCreateManualJournals', {
      manualJournals: [{ manualJournalID, narration: 'M', status: 'POSTED', journalLines }],
    });
    await call('getManualJournal', manualJournalID);
    await call('getManualJournals');
  });

  it('has driven at least sixty operations, and disconnects', async () => {
    expect(called.size).toBeGreaterThanOrEqual(60);
    await client.updateTenants(false);
    await client.disconnect(client.tenants[0].id);
    expect(emulator.control.people.connections()).toHaveLength(1);
  });
});
