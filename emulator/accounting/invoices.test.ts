import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../server.ts';
import { type ApiClient, type Json, messagesOf, startConnected } from '../testing.ts';

let emulator: Emulator;
let api: ApiClient;
let contactId: string;
beforeEach(async () => {
  ({ emulator, api } = await startConnected());
  contactId = emulator.control.bookkeeper().createContact({ Name: 'Ana Lima' }).id;
});
afterEach(() => emulator.close());

const LINE = { Description: 'Fee', Quantity: 1, UnitAmount: 100, AccountCode: '200' };

function invoiceOf(fields: object = {}) {
  return {
    Type: 'ACCREC',
    Contact: { ContactID: contactId },
    Date: '2026-11-22',
    DueDate: '2026-12-06',
    LineItems: [LINE],
    Status: 'AUTHORISED',
    ...fields,
  };
}

async function put(fields: object = {}): Promise<Json> {
  const result = await api('PUT', '/Invoices', { Invoices: [invoiceOf(fields)] });
  expect(result.text).toContain('"Status":"OK"');
  return result.json.Invoices[0];
}

function post(id: string, fields: object) {
  return api('POST', `/Invoices/${id}`, fields);
}

async function pay(id: string, amount: number, more: object = {}) {
  return api('PUT', '/Payments', {
    Payments: [{ Invoice: { InvoiceID: id }, Account: { Code: '090' }, Amount: amount, ...more }],
  });
}

async function read(id: string): Promise<Json> {
  return (await api('GET', `/Invoices/${id}`)).json.Invoices[0];
}

describe('sums', () => {
  it.each([
    ['Exclusive', 100.01, 10, 110.01],
    ['Inclusive', 90.92, 9.09, 100.01],
    ['NoTax', 100.01, 0, 100.01],
  ])('%s: tax per line, rounded, then summed', async (LineAmountTypes, subTotal, tax, total) => {
    const LineItems = [{ ...LINE, Quantity: 3, UnitAmount: 33.335 }];
    const invoice = await put({ LineAmountTypes, LineItems });
    expect([invoice.SubTotal, invoice.TotalTax, invoice.Total]).toEqual([subTotal, tax, total]);
    expect(invoice.AmountDue).toBe(total);
  });

  it('rounds each line before it sums', async () => {
    const cent = { ...LINE, Quantity: 1, UnitAmount: 0.05 };
    const invoice = await put({ LineItems: [cent, cent, cent] });
    expect(invoice.TotalTax).toBe(0.03);
  });

  it('takes discounts, line amounts and refuses lines that do not add up', async () => {
    const invoice = await put({
      LineItems: [
        { ...LINE, DiscountRate: 12.5 },
        { Description: 'By amount', LineAmount: 50, AccountCode: '200' },
      ],
    });
    expect(invoice.LineItems.map((line: Json) => line.LineAmount)).toEqual([87.5, 50]);
    const wrong = await api(
      'PUT',
      '/Invoices',
      invoiceOf({ LineItems: [{ ...LINE, LineAmount: 90 }] }),
    );
    expect(messagesOf(wrong)).toEqual([
      'The line total 90 does not match the expected line total 100',
    ]);
  });

  it('refuses amounts that nobody means', async () => {
    const LineItems = [{ ...LINE, Quantity: 900_000_000, UnitAmount: 900_000_000 }];
    const result = await api('PUT', '/Invoices', { Invoices: [invoiceOf({ LineItems })] });
    expect(messagesOf(result)).toEqual(['The amounts are too large']);
  });

  it('shows two decimals of a unit amount, four when asked', async () => {
    const { InvoiceID } = await put({ LineItems: [{ ...LINE, UnitAmount: 1.2345 }] });
    expect((await read(InvoiceID)).LineItems[0].UnitAmount).toBe(1.23);
    const four = await api('GET', `/Invoices/${InvoiceID}?unitdp=4`);
    expect(four.json.Invoices[0].LineItems[0].UnitAmount).toBe(1.2345);
  });
});

describe('numbers, dates and refusals', () => {
  it('numbers sales by itself and keeps numbers unique', async () => {
    const first = await put();
    expect(first.InvoiceNumber).toBe('INV-0001');
    expect((await put()).InvoiceNumber).toBe('INV-0002');
    const twin = await api('PUT', '/Invoices', invoiceOf({ InvoiceNumber: 'inv-0001' }));
    expect(messagesOf(twin)).toEqual(['Invoice # must be unique.']);
    const bill = {
      Type: 'ACCPAY',
      LineItems: [{ ...LINE, AccountCode: '429' }],
      InvoiceNumber: 'A1',
    };
    expect((await put(bill)).InvoiceID).not.toBe((await put(bill)).InvoiceID);
  });

  it('writes dates twice: milliseconds of midnight UTC, and a text without zone', async () => {
    const invoice = await put();
    expect(invoice.Date).toBe(`/Date(${Date.UTC(2026, 10, 22)}+0000)/`);
    expect(invoice.DateString).toBe('2026-11-22T00:00:00');
    expect(invoice.DueDateString).toBe('2026-12-06T00:00:00');
    expect(invoice.UpdatedDateUTCString).toBe('2026-11-22T09:00:00Z');
  });

  it.each([
    [{ Type: undefined }, 'Invoice type must be specified'],
    [{ Contact: undefined }, 'A Contact must be specified for this type of transaction'],
    [{ LineItems: [] }, 'One or more line items must be specified'],
    [{ DueDate: undefined }, 'Due date cannot be empty'],
    [{ Date: '2026-02-30' }, 'Date is not a valid date'],
    [{ CurrencyCode: 'EUR' }, 'Organisation is not subscribed to currency EUR'],
    [
      { LineItems: [{ ...LINE, AccountCode: '999' }] },
      "Account code '999' is not a valid code for this document.",
    ],
    [
      { LineItems: [{ ...LINE, TaxType: 'INPUT' }] },
      "The TaxType code 'INPUT' cannot be used with account code '200'",
    ],
    [{ Status: 'PAID' }, 'Invoice not of valid status for modification'],
  ])('refuses %j', async (fields, message) => {
    const result = await api('PUT', '/Invoices', { Invoices: [invoiceOf(fields)] });
    expect(result.status).toBe(400);
    expect(messagesOf(result)).toContain(message);
  });

  it('refuses days in a closed period', async () => {
    emulator.control.bookkeeper().setLockDates('2026-11-22');
    const result = await api('PUT', '/Invoices', invoiceOf());
    expect(messagesOf(result)).toEqual([
      'The document date cannot be before the period lock date, currently set at 22 November 2026',
    ]);
    const open = await put({ Date: '2026-11-23' });
    expect(open.Status).toBe('AUTHORISED');
    emulator.control.bookkeeper().setLockDates('2026-11-23');
    const moved = await post(open.InvoiceID, { Date: '2026-11-24' });
    expect(messagesOf(moved)[0]).toContain('currently set at 23 November 2026');
  });
});

describe('a small plan', () => {
  it('caps what may be approved a month, by the date of the paper', async () => {
    emulator.control.bookkeeper().setPlan('STARTER');
    for (let i = 0; i < 20; i++) await put();
    const message = 'You have reached the limit of invoices you can approve';
    expect(messagesOf(await api('PUT', '/Invoices', invoiceOf()))).toEqual([message]);
    const draft = await put({ Status: 'DRAFT' });
    expect(messagesOf(await post(draft.InvoiceID, { Status: 'AUTHORISED' }))).toEqual([message]);
    expect((await put({ Date: '2026-12-01' })).Status).toBe('AUTHORISED');
  });
});

describe('the life of an invoice', () => {
  it('goes from draft to approved and, unpaid, to voided with its sums kept', async () => {
    const { InvoiceID } = await put({ Status: 'DRAFT' });
    expect((await post(InvoiceID, { Status: 'VOIDED' })).status).toBe(400);
    expect((await post(InvoiceID, { Status: 'AUTHORISED' })).json.Invoices[0].Status).toBe(
      'AUTHORISED',
    );
    expect((await post(InvoiceID, { Status: 'DRAFT' })).status).toBe(400);
    const voided = (await post(InvoiceID, { Status: 'VOIDED' })).json.Invoices[0];
    expect(voided).toMatchObject({ Status: 'VOIDED', Total: 110, AmountDue: 110 });
    const again = await post(InvoiceID, { Status: 'AUTHORISED' });
    expect(messagesOf(again)).toEqual(['Invoice not of valid status for modification']);
  });

  it('follows its payments: part, whole, taken back', async () => {
    const { InvoiceID } = await put();
    const first = (await pay(InvoiceID, 40.5)).json.Payments[0];
    expect(await read(InvoiceID)).toMatchObject({
      Status: 'AUTHORISED',
      AmountPaid: 40.5,
      AmountDue: 69.5,
    });
    await pay(InvoiceID, 69.5, { Date: '2026-11-25' });
    const paid = await read(InvoiceID);
    expect(paid).toMatchObject({ Status: 'PAID', AmountPaid: 110, AmountDue: 0 });
    expect(paid.FullyPaidOnDate).toBe(`/Date(${Date.UTC(2026, 10, 25)}+0000)/`);
    const deleted = await api('POST', `/Payments/${first.PaymentID}`, { Status: 'DELETED' });
    expect(deleted.json.Payments[0].Status).toBe('DELETED');
    const open = await read(InvoiceID);
    expect(open).toMatchObject({ Status: 'AUTHORISED', AmountPaid: 69.5, AmountDue: 40.5 });
    expect(open).not.toHaveProperty('FullyPaidOnDate');
    expect((await api('GET', '/Payments')).json.Payments).toHaveLength(2);
  });

  it.each([
    [200, {}, 'Payment amount exceeds the amount outstanding on this document'],
    [0, {}, 'Payment amount must be greater than zero'],
    [
      10,
      { Account: { Code: '200' } },
      'The account type is invalid for payments; use a bank account or one enabled for payments',
    ],
    [10, { Invoice: { InvoiceID: 'x' } }, 'The Invoice could not be found'],
  ])('refuses a payment of %d with %j', async (amount, more, message) => {
    const { InvoiceID } = await put();
    expect(messagesOf(await pay(InvoiceID, amount, more))).toEqual([message]);
  });

  it('takes payments for approved papers only', async () => {
    const { InvoiceID } = await put({ Status: 'DRAFT' });
    expect(messagesOf(await pay(InvoiceID, 10))).toEqual([
      'Payments can only be made against Authorised documents',
    ]);
  });

  it('keeps amounts and date once money is on it, and cannot be voided', async () => {
    const { InvoiceID } = await put();
    await pay(InvoiceID, 10);
    for (const change of [{ Status: 'VOIDED' }, { LineItems: [LINE] }, { Date: '2026-11-01' }]) {
      expect(messagesOf(await post(InvoiceID, change))[0]).toContain(
        'has a payment or credit note',
      );
    }
  });

  it('is reworded, renumbered and given to another contact though it is paid, a bill is not', async () => {
    const { InvoiceID, LineItems } = await put();
    await pay(InvoiceID, 110);
    const { id } = emulator.control.bookkeeper().createContact({ Name: 'Ben Okoro' });
    const [{ LineItemID }] = LineItems;
    const reworded = { LineItemID, Description: 'Course fee', AccountCode: '260' };
    const change = { Contact: { ContactID: id }, InvoiceNumber: 'A-1', LineItems: [reworded] };
    expect(messagesOf(await post(InvoiceID, change))).toEqual([]);
    expect(await read(InvoiceID)).toMatchObject({
      Status: 'PAID',
      InvoiceNumber: 'A-1',
      Contact: { ContactID: id },
      LineItems: [{ LineItemID, Description: 'Course fee', AccountCode: '260', UnitAmount: 100 }],
    });
    for (const touched of [{ UnitAmount: 50 }, { Quantity: 2 }, { TaxType: 'NONE' }]) {
      const refused = await post(InvoiceID, { LineItems: [{ LineItemID, ...touched }] });
      expect(messagesOf(refused)[0]).toContain('has a payment or credit note');
    }
    const bill = await put({ Type: 'ACCPAY', InvoiceNumber: 'B-1' });
    await pay(bill.InvoiceID, 10);
    const moved = await post(bill.InvoiceID, { Contact: { ContactID: id } });
    expect(messagesOf(moved)[0]).toContain('has a payment or credit note');
  });

  it('keeps UpdatedDateUTC through what moves no journal once money is on it', async () => {
    const { InvoiceID, LineItems } = await put();
    const [{ LineItemID }] = LineItems;
    await pay(InvoiceID, 10);
    const isDated = async (change: object) => {
      const before = (await read(InvoiceID)).UpdatedDateUTC;
      emulator.clock.advance(60_000);
      expect(messagesOf(await post(InvoiceID, change))).toEqual([]);
      return (await read(InvoiceID)).UpdatedDateUTC !== before;
    };
    expect(await isDated({ DueDate: '2027-01-01' })).toBe(false);
    expect((await read(InvoiceID)).DueDateString).toBe('2027-01-01T00:00:00');
    expect(await isDated({ Reference: 'PO 7' })).toBe(false);
    emulator.control.switches.settledEditsAreDated = true;
    expect(await isDated({ DueDate: '2027-01-02', SentToContact: true })).toBe(false);
    expect(await isDated({ Reference: 'PO 8' })).toBe(true);
    emulator.control.switches.settledEditsAreDated = false;
    const LineItemsMoved = [{ LineItemID, AccountCode: '260' }];
    expect(await isDated({ LineItems: LineItemsMoved })).toBe(true);
  });

  it('drops lines that are not sent, renews those without id, keeps those with one', async () => {
    const { InvoiceID, LineItems } = await put({ Status: 'DRAFT', LineItems: [LINE, LINE] });
    const [first] = LineItems;
    const changed = await post(InvoiceID, {
      LineItems: [{ LineItemID: first.LineItemID, Quantity: 2 }, LINE],
    });
    const ids = changed.json.Invoices[0].LineItems.map((line: Json) => line.LineItemID);
    expect(ids[0]).toBe(first.LineItemID);
    expect(LineItems.map((line: Json) => line.LineItemID)).not.toContain(ids[1]);
    expect(changed.json.Invoices[0].SubTotal).toBe(300);
  });

  it('rewrites the contact when more than its id is sent', async () => {
    const keeper = emulator.control.bookkeeper();
    keeper.editContact(contactId, {
      EmailAddress: 'p@example.com',
      ContactPersons: [{ FirstName: 'P' }],
    });
    await put({ Contact: { ContactID: contactId } });
    expect(keeper.contact(contactId).persons).toHaveLength(1);
    await put({ Contact: { ContactID: contactId, EmailAddress: 'new@example.com' } });
    expect(keeper.contact(contactId)).toMatchObject({ email: 'new@example.com', persons: [] });
  });

  it('has an online page once approved', async () => {
    const draft = await put({ Status: 'DRAFT' });
    expect((await api('GET', `/Invoices/${draft.InvoiceID}/OnlineInvoice`)).status).toBe(400);
    const { InvoiceID, InvoiceNumber } = await put();
    const { json } = await api('GET', `/Invoices/${InvoiceID}/OnlineInvoice`);
    const page = await fetch(json.OnlineInvoices[0].OnlineInvoiceUrl);
    expect(await page.text()).toContain(`Invoice ${InvoiceNumber}`);
  });
});

describe('numbers', () => {
  it('are decimals with their point, whole ones too, and texts stay as they were typed', async () => {
    const { InvoiceID } = await put({ Reference: '"Total":5,' });
    const { text, json } = await api('GET', `/Invoices/${InvoiceID}`);
    expect(text).toContain('"AmountDue":110.0,"AmountPaid":0.0,');
    expect(text).toContain('"Quantity":1.0,');
    expect(json.Invoices[0].Reference).toBe('"Total":5,');
    expect((await api('GET', '/Invoices?page=1')).text).toContain('"pageSize":100,');
  });

  it('of unit amounts show two decimals in the answer of a write, four when asked', async () => {
    const LineItems = [{ ...LINE, UnitAmount: 1.2345 }];
    expect((await put({ LineItems })).LineItems[0].UnitAmount).toBe(1.23);
    const asked = await api('PUT', '/Invoices?unitdp=4', invoiceOf({ LineItems }));
    expect(asked.json.Invoices[0].LineItems[0].UnitAmount).toBe(1.2345);
  });
});

describe('lists of invoices', () => {
  it('carry lines only when paged, and filter by ids, numbers, contacts, statuses', async () => {
    const first = await put();
    const draft = await put({ Status: 'DRAFT', Reference: 'Spring intake' });
    const list = async (query: string) => (await api('GET', `/Invoices?${query}`)).json.Invoices;
    expect((await list(''))[0].LineItems).toEqual([]);
    expect((await list('page=1'))[0].LineItems).toHaveLength(1);
    const [summary] = await list('page=1&summaryOnly=true');
    expect(summary.LineItems).toEqual([]);
    expect(summary.Payments).toBeUndefined();
    expect(await list(`IDs=${first.InvoiceID},${draft.InvoiceID}`)).toHaveLength(2);
    expect(await list(`InvoiceNumbers=${first.InvoiceNumber}`)).toHaveLength(1);
    expect(await list(`ContactIDs=${contactId}&Statuses=DRAFT`)).toHaveLength(1);
    expect(await list('searchTerm=spring')).toHaveLength(1);
    expect(await list('createdByMyApp=true')).toHaveLength(2);
    const where = encodeURIComponent(
      `Contact.ContactID=Guid("${contactId}") AND AmountDue > 0 AND Date >= DateTime(2026,11,22)`,
    );
    expect(await list(`where=${where}`)).toHaveLength(2);
  });

  it('refuse an unoptimised filter or order over very many rows, and all rows at once', async () => {
    await put();
    emulator.control.switches.highVolumeRows = 0;
    const broad = await api(
      'GET',
      `/Invoices?where=${encodeURIComponent('Reference.Contains("x")')}`,
    );
    expect(broad.status).toBe(400);
    expect(broad.json).toMatchObject({ ErrorNumber: 51, Type: 'HighVolumeException' });
    expect(broad.json.Message).toMatch(/^Your request is not filtering Invoices efficiently/);
    const narrow = await api('GET', `/Invoices?where=${encodeURIComponent('Status=="PAID"')}`);
    expect(narrow.status).toBe(200);
    const statusOf = async (query: string) => (await api('GET', `/Invoices?${query}`)).status;
    expect(await statusOf('page=1&order=UpdatedDateUTC%20DESC')).toBe(200);
    expect(await statusOf('page=1&order=Total')).toBe(400);
    expect(await statusOf('')).toBe(400);
    emulator.control.switches.highVolumeRows = 1;
    expect(await statusOf('page=1&order=Total')).toBe(200);
  });
});
