import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../server.ts';
import { type ApiClient, type Json, messagesOf, startConnected } from '../testing.ts';

let emulator: Emulator;
let api: ApiClient;
let contactId: string;
let invoiceId: string;
beforeEach(async () => {
  ({ emulator, api } = await startConnected());
  const keeper = emulator.control.bookkeeper();
  contactId = keeper.createContact({ Name: 'Ana Lima' }).id;
  const lines = [{ description: 'Fee', unitAmount: 100 }];
  invoiceId = keeper.createInvoice({ contactId, lines }).id;
});
afterEach(() => emulator.close());

const read = async (path: string): Promise<Json> => {
  const { json } = await api('GET', path);
  return Object.values(json).find(Array.isArray)?.[0];
};

async function creditNote(unitAmount: number): Promise<Json> {
  const { json } = await api('PUT', '/CreditNotes', {
    Type: 'ACCRECCREDIT',
    Contact: { ContactID: contactId },
    Status: 'AUTHORISED',
    LineItems: [{ Description: 'Back', Quantity: 1, UnitAmount: unitAmount, AccountCode: '200' }],
  });
  return json.CreditNotes[0];
}

async function bankTransaction(Type: string, UnitAmount: number): Promise<Json> {
  const result = await api('PUT', '/BankTransactions', {
    Type,
    Contact: { ContactID: contactId },
    BankAccount: { Code: '090' },
    Reference: 'R1',
    LineItems: [{ Description: 'Received', Quantity: 1, UnitAmount, AccountCode: '200' }],
  });
  return result.json.BankTransactions[0];
}

function allocate(path: string, Amount: number, InvoiceID = invoiceId) {
  return api('PUT', `${path}/Allocations`, { Allocations: [{ Amount, Invoice: { InvoiceID } }] });
}

describe('credit notes', () => {
  it('carry credit that is set against invoices and taken back', async () => {
    const note = await creditNote(30);
    expect(note).toMatchObject({ CreditNoteNumber: 'CN-0001', RemainingCredit: 33, Total: 33 });
    const made = await allocate(`/CreditNotes/${note.CreditNoteID}`, 20);
    const [allocation] = made.json.Allocations;
    expect(allocation).toMatchObject({ Amount: 20, Invoice: { InvoiceID: invoiceId } });
    expect(await read(`/Invoices/${invoiceId}`)).toMatchObject({
      AmountCredited: 20,
      AmountDue: 90,
      CreditNotes: [{ CreditNoteID: note.CreditNoteID, AppliedAmount: 20 }],
    });
    const path = `/CreditNotes/${note.CreditNoteID}`;
    expect(await read(path)).toMatchObject({ RemainingCredit: 13, Allocations: [{ Amount: 20 }] });
    const removed = await api('DELETE', `${path}/Allocations/${allocation.AllocationID}`);
    expect(removed.json.IsDeleted).toBe(true);
    expect(await read(path)).toMatchObject({ RemainingCredit: 33, Allocations: [] });
    expect(await read(`/Invoices/${invoiceId}`)).toMatchObject({
      AmountCredited: 0,
      AmountDue: 110,
    });
  });

  it('are set against an invoice on the later of their days, whatever day is sent', async () => {
    const keeper = emulator.control.bookkeeper();
    const dayOf = (day: string) => `/Date(${Date.parse(day)}+0000)/`;
    const { id } = keeper.createInvoice({
      contactId,
      date: '2026-11-10',
      lines: [{ description: 'Fee', unitAmount: 10 }],
    });
    for (const [date, expected] of [
      ['2026-11-05', '2026-11-10'],
      ['2026-11-15', '2026-11-15'],
    ] as const) {
      const { json } = await api('PUT', '/CreditNotes', {
        Type: 'ACCRECCREDIT',
        Contact: { ContactID: contactId },
        Status: 'AUTHORISED',
        Date: date,
        LineItems: [{ Description: 'Back', UnitAmount: 5, AccountCode: '200' }],
      });
      const [note] = json.CreditNotes;
      await api('PUT', `/CreditNotes/${note.CreditNoteID}/Allocations`, {
        Allocations: [{ Amount: 5.5, Date: '2026-11-20', Invoice: { InvoiceID: id } }],
      });
      const [allocation] = (await read(`/CreditNotes/${note.CreditNoteID}`)).Allocations;
      expect(allocation.Date).toBe(dayOf(expected));
    }
    const paid = await read(`/Invoices/${id}`);
    expect(paid).toMatchObject({ Status: 'PAID', FullyPaidOnDate: dayOf('2026-11-15') });
  });

  it('and payments are not asked for by IDs: the parameter is not known there', async () => {
    const notes = [await creditNote(30), await creditNote(20)];
    await api('PUT', '/Payments', {
      Invoice: { InvoiceID: invoiceId },
      Account: { Code: '090' },
      Amount: 33,
    });
    const asked = await api('GET', `/CreditNotes?IDs=${notes[0]?.CreditNoteID}`);
    expect(asked.json.CreditNotes).toHaveLength(2);
    const payments = await api('GET', `/Payments?IDs=${notes[0]?.CreditNoteID}`);
    expect(payments.json.Payments).toHaveLength(1);
  });

  it('become PAID when nothing remains, and pay an invoice off', async () => {
    const note = await creditNote(100);
    await allocate(`/CreditNotes/${note.CreditNoteID}`, 110);
    expect((await read(`/CreditNotes/${note.CreditNoteID}`)).Status).toBe('PAID');
    expect(await read(`/Invoices/${invoiceId}`)).toMatchObject({ Status: 'PAID', AmountDue: 0 });
    const voided = await api('POST', `/CreditNotes/${note.CreditNoteID}`, { Status: 'VOIDED' });
    expect(messagesOf(voided)[0]).toContain('has a payment or credit note allocated');
  });

  it('are refunded through payments', async () => {
    const note = await creditNote(30);
    const { json } = await api('PUT', '/Payments', {
      CreditNote: { CreditNoteID: note.CreditNoteID },
      Account: { Code: '090' },
      Amount: 33,
    });
    expect(json.Payments[0].PaymentType).toBe('ARCREDITPAYMENT');
    expect(await read(`/CreditNotes/${note.CreditNoteID}`)).toMatchObject({
      Status: 'PAID',
      RemainingCredit: 0,
    });
  });

  it.each([
    [40, undefined, 'The amount exceeds the remaining credit'],
    [0, undefined, 'Amount must be greater than zero'],
    [1, 'elsewhere', 'The Invoice could not be found'],
  ])('refuse an allocation of %d to %s', async (amount, invoice, message) => {
    const note = await creditNote(30);
    const result = await allocate(`/CreditNotes/${note.CreditNoteID}`, amount, invoice);
    expect(messagesOf(result)).toEqual([message]);
  });

  it('are voided while unused, and stay in lists', async () => {
    const { CreditNoteID } = await creditNote(30);
    const voided = await api('POST', `/CreditNotes/${CreditNoteID}`, { Status: 'VOIDED' });
    expect(voided.json.CreditNotes[0].Status).toBe('VOIDED');
    expect((await api('GET', '/CreditNotes?page=1')).json.CreditNotes).toHaveLength(1);
    const refused = await allocate(`/CreditNotes/${CreditNoteID}`, 1);
    expect(messagesOf(refused)).toEqual(['Credit can only be allocated when it is Authorised']);
  });
});

describe('overpayments and prepayments', () => {
  it('come from bank transactions and pay invoices', async () => {
    const over = await bankTransaction('RECEIVE-OVERPAYMENT', 50);
    expect(over).toMatchObject({ Total: 50, TotalTax: 0 });
    const pre = await bankTransaction('RECEIVE-PREPAYMENT', 100);
    expect(pre).toMatchObject({ Total: 110, TotalTax: 10 });
    await allocate(`/Overpayments/${over.OverpaymentID}`, 50);
    await allocate(`/Prepayments/${pre.PrepaymentID}`, 60);
    expect(await read(`/Invoices/${invoiceId}`)).toMatchObject({
      Status: 'PAID',
      AmountCredited: 110,
      Overpayments: [{ AppliedAmount: 50 }],
      Prepayments: [{ AppliedAmount: 60 }],
    });
    expect(await read(`/Overpayments/${over.OverpaymentID}`)).toMatchObject({
      Status: 'PAID',
      RemainingCredit: 0,
    });
    expect(await read(`/Prepayments/${pre.PrepaymentID}`)).toMatchObject({
      Reference: 'R1',
      RemainingCredit: 50,
    });
    expect((await api('GET', '/Overpayments?page=1')).json.Overpayments).toHaveLength(1);
    const byNumber = async (number: string) =>
      (await api('GET', `/Prepayments?InvoiceNumbers=${number}`)).json.Prepayments;
    expect([await byNumber('r1'), await byNumber('R2')]).toMatchObject([[{ Reference: 'R1' }], []]);
  });

  it('are voided with their bank transaction, unless they were used', async () => {
    const unused = await bankTransaction('RECEIVE-OVERPAYMENT', 50);
    await api('POST', `/BankTransactions/${unused.BankTransactionID}`, { Status: 'DELETED' });
    expect((await read(`/Overpayments/${unused.OverpaymentID}`)).Status).toBe('VOIDED');
    const used = await bankTransaction('RECEIVE-OVERPAYMENT', 50);
    await allocate(`/Overpayments/${used.OverpaymentID}`, 10);
    const refused = await api('POST', `/BankTransactions/${used.BankTransactionID}`, {
      Status: 'DELETED',
    });
    expect(messagesOf(refused)).toEqual(['The credit of this transaction has been used']);
  });

  it('are refunded through payments', async () => {
    const { OverpaymentID } = await bankTransaction('RECEIVE-OVERPAYMENT', 50);
    const { json } = await api('PUT', '/Payments', {
      Overpayment: { OverpaymentID },
      Account: { Code: '090' },
      Amount: 20,
    });
    expect(json.Payments[0].PaymentType).toBe('AROVERPAYMENTPAYMENT');
    expect((await read(`/Overpayments/${OverpaymentID}`)).RemainingCredit).toBe(30);
  });
});

describe('bank transactions', () => {
  it('are edited in place, until they are reconciled or carry credit', async () => {
    const { BankTransactionID, LineItems } = await bankTransaction('RECEIVE', 100);
    const path = `/BankTransactions/${BankTransactionID}`;
    const [line] = LineItems;
    const edited = await api('POST', path, {
      Reference: 'R2',
      LineItems: [{ LineItemID: line.LineItemID, UnitAmount: 200 }],
    });
    expect(edited.json.BankTransactions[0]).toMatchObject({
      Reference: 'R2',
      Type: 'RECEIVE',
      SubTotal: 200,
      LineItems: [{ LineItemID: line.LineItemID, Description: 'Received' }],
    });
    await api('POST', path, { IsReconciled: true });
    const kept = await read(path);
    expect(kept).toMatchObject({ IsReconciled: true, Reference: 'R2', SubTotal: 200 });
    const late = await api('POST', path, { Reference: 'R3' });
    expect(messagesOf(late)).toEqual(['This transaction is reconciled and cannot be edited']);
    const credit = await bankTransaction('RECEIVE-PREPAYMENT', 50);
    const refused = await api('POST', `/BankTransactions/${credit.BankTransactionID}`, {
      Reference: 'R4',
    });
    expect(messagesOf(refused)).toEqual(['Prepayments and overpayments cannot be edited']);
  });
});

describe('batch payments', () => {
  it('pay several invoices as one, cannot be undone singly, can be undone whole', async () => {
    const keeper = emulator.control.bookkeeper();
    const second = keeper.createInvoice({
      contactId,
      lines: [{ description: 'Fee', unitAmount: 10 }],
    });
    const { json } = await api('PUT', '/BatchPayments', {
      Account: { Code: '090' },
      Date: '2026-11-22',
      Payments: [
        { Invoice: { InvoiceID: invoiceId }, Amount: 110 },
        { Invoice: { InvoiceID: second.id }, Amount: 11 },
      ],
    });
    const [batch] = json.BatchPayments;
    expect(batch).toMatchObject({ Type: 'RECBATCH', TotalAmount: 121, Status: 'AUTHORISED' });
    expect(keeper.invoice(second.id).status).toBe('PAID');
    const [payment] = (await read(`/Invoices/${second.id}`)).Payments;
    expect(payment).toMatchObject({ Amount: 11, BatchPaymentID: batch.BatchPaymentID });
    const single = await api('POST', `/Payments/${batch.Payments[0].PaymentID}`, {
      Status: 'DELETED',
    });
    expect(messagesOf(single)[0]).toContain('part of a batch');
    await api('POST', `/BatchPayments/${batch.BatchPaymentID}`, { Status: 'DELETED' });
    expect(keeper.invoice(second.id)).toMatchObject({ status: 'AUTHORISED', paid: 0 });
  });

  it('keep nothing when one payment is refused', async () => {
    const result = await api('PUT', '/BatchPayments', {
      Account: { Code: '090' },
      Payments: [
        { Invoice: { InvoiceID: invoiceId }, Amount: 10 },
        { Invoice: { InvoiceID: invoiceId }, Amount: 1000 },
      ],
    });
    expect(result.status).toBe(400);
    expect((await read(`/Invoices/${invoiceId}`)).AmountPaid).toBe(0);
  });
});
