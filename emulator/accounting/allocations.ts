import { ZERO_UUID } from '../core/ids.ts';
import { FieldReader, isRecord, type Sent } from '../rules/field-reader.ts';
import type { Act, ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { notFound } from './api-error.ts';
import { documentsOf } from './books.ts';
import { wireAllocation, wireMadeAllocation } from './credit-wire.ts';
import { checkLockDates, sideOf } from './document-input.ts';
import { answerJson, type ElementOutcome, orRefuse, refuse, writeElements } from './envelope.ts';
import { noteHistory } from './history.ts';
import { saleOfNumber } from './invoice-acts.ts';
import { bookAllocation, outstanding, unbookAllocation } from './ledger.ts';
import type { Allocation, Document } from './model.ts';

type CreditKind = Allocation['fromKind'];

/**
 * Sets credit against an invoice of the same contact, side and currency. It is dated by the later of
 * the two papers, whatever day is sent (Xero's pages "Credit Notes" and "Overpayments").
 */
export function allocate(act: Act, credit: Document, sent: Sent): ElementOutcome {
  const errors: string[] = [];
  const read = new FieldReader(sent, errors);
  const amount = read.scaled('Amount', 2);
  read.day('Date');
  const invoice = findInvoice(act, sent.Invoice);
  const day = invoice && invoice.day > credit.day ? invoice.day : credit.day;
  if (!invoice) errors.push('The Invoice could not be found');
  else checkAllocation(credit, invoice, amount, errors);
  checkLockDates(act.books, day, errors);
  if (errors.length > 0 || !invoice || credit.kind === 'invoice') {
    return refuse(sent, errors, 'AllocationID', ZERO_UUID);
  }
  const allocation: Allocation = {
    id: act.ids.uuid(),
    fromKind: credit.kind,
    fromId: credit.id,
    invoiceId: invoice.id,
    amount: amount ?? 0,
    day,
    isDeleted: false,
  };
  bookAllocation(act.books, allocation, act.clock.nowMs());
  noteHistory(
    act,
    invoice.id,
    'Credit applied',
    `${allocation.amount / 100} from ${credit.number}`,
  );
  return { ok: true, wire: wireMadeAllocation(act.books, allocation) };
}

/** Takes an allocation back; both papers reopen. */
export function unallocate(act: Act, allocation: Allocation): ElementOutcome {
  const errors: string[] = [];
  if (allocation.isDeleted) errors.push('This allocation has already been deleted');
  checkLockDates(act.books, allocation.day, errors);
  if (errors.length > 0) return refuse({}, errors, 'AllocationID', allocation.id);
  unbookAllocation(act.books, allocation, act.clock.nowMs());
  return { ok: true, wire: wireAllocation(act.books, { ...allocation, isDeleted: true }) };
}

function checkAllocation(
  credit: Document,
  invoice: Document,
  amount: number | undefined,
  errors: string[],
): void {
  if (credit.status !== 'AUTHORISED')
    errors.push('Credit can only be allocated when it is Authorised');
  if (invoice.status !== 'AUTHORISED')
    errors.push('Credit can only be applied to Authorised invoices');
  if (credit.contactId !== invoice.contactId || sideOf(credit.type) !== sideOf(invoice.type)) {
    errors.push('Credit can only be applied to invoices of the same contact and kind');
  }
  if (credit.currency !== invoice.currency) errors.push('The currencies of both papers must agree');
  if (amount === undefined) {
    if (errors.length === 0) errors.push('Amount must be specified');
  } else if (amount <= 0) {
    errors.push('Amount must be greater than zero');
  } else {
    if (amount > outstanding(credit)) errors.push('The amount exceeds the remaining credit');
    if (amount > outstanding(invoice))
      errors.push('The amount exceeds what is outstanding on the invoice');
  }
}

function findInvoice(act: Act, sent: unknown): Document | undefined {
  if (!isRecord(sent)) return undefined;
  if (typeof sent.InvoiceID === 'string')
    return act.books.invoices.get(sent.InvoiceID.toLowerCase());
  return typeof sent.InvoiceNumber === 'string'
    ? saleOfNumber(act.books, sent.InvoiceNumber)
    : undefined;
}

/** The two operations under a credit's path. */
export function allocationOperations(
  kind: CreditKind,
  path: string,
  idName: string,
  ids: { readonly create: string; readonly remove: string },
): Operation[] {
  const creditOf = (call: ApiCall) => {
    const credit = documentsOf(call.books, kind).get((call.params[idName] ?? '').toLowerCase());
    if (!credit) throw notFound();
    return credit;
  };
  const create = (call: ApiCall): ApiAnswer =>
    writeElements(call, 'Allocations', (sent) =>
      // Each one changes what remains, so the credit is read anew.
      allocate(call, creditOf(call), sent),
    );
  const remove = (call: ApiCall): ApiAnswer => {
    const credit = creditOf(call);
    const allocation = call.books.allocations.get((call.params.AllocationID ?? '').toLowerCase());
    if (allocation?.fromId !== credit.id) throw notFound();
    return answerJson(orRefuse(unallocate(call, allocation)));
  };
  return [
    { id: ids.create, method: 'PUT', path: `${path}/:${idName}/Allocations`, handle: create },
    {
      id: ids.remove,
      method: 'DELETE',
      path: `${path}/:${idName}/Allocations/:AllocationID`,
      handle: remove,
    },
  ];
}
