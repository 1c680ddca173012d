import { type Books, documentsOf } from './books.ts';
import type { Allocation, Document, Payment } from './model.ts';

/**
 * The one place where sums and the move between AUTHORISED and PAID are made. They are always
 * worked out anew from the payments and allocations of a document, so they cannot disagree.
 */

/** What is still open: an invoice's AmountDue, a credit's RemainingCredit. Cents. */
export function outstanding(document: Document): number {
  return document.total - document.paid - document.credited;
}

/** Whether money or credit touches the document. */
export function hasSettlements(document: Document): boolean {
  return document.paid !== 0 || document.credited !== 0;
}

/** The document with its sums, status and date of full payment following from its settlements. */
export function settled(books: Books, document: Document): Document {
  let paid = 0;
  let credited = 0;
  let lastDay = '';
  for (const id of document.paymentIds) {
    const payment = books.payments.get(id);
    if (payment?.status !== 'AUTHORISED') continue;
    paid += payment.amount;
    if (payment.day > lastDay) lastDay = payment.day;
  }
  for (const id of document.allocationIds) {
    const allocation = books.allocations.get(id);
    if (!allocation || allocation.isDeleted) continue;
    credited += allocation.amount;
    if (allocation.day > lastDay) lastDay = allocation.day;
  }
  const isOpen = document.total - paid - credited !== 0;
  const isApproved = document.status === 'AUTHORISED' || document.status === 'PAID';
  const status = !isApproved ? document.status : isOpen ? 'AUTHORISED' : 'PAID';
  const fullyPaidDay = status === 'PAID' ? lastDay || document.day : undefined;
  return { ...document, paid, credited, status, fullyPaidDay };
}

/** Books a payment and moves its document's sums. The caller has checked that it may be made. */
export function bookPayment(books: Books, payment: Payment, nowMs: number): void {
  books.payments.put(payment);
  const documents = documentsOf(books, payment.docKind);
  const document = documents.get(payment.docId);
  if (!document) throw new Error(`payment ${payment.id} points at no document`);
  const paymentIds = [...document.paymentIds, payment.id];
  documents.put({ ...settled(books, { ...document, paymentIds }), updatedAtMs: nowMs }, 'payment');
}

/** Takes a payment back; its document reopens. The row stays, with status DELETED. */
export function unbookPayment(books: Books, payment: Payment, nowMs: number): Payment {
  const deleted: Payment = { ...payment, status: 'DELETED', updatedAtMs: nowMs };
  books.payments.put(deleted);
  const documents = documentsOf(books, payment.docKind);
  const document = documents.get(payment.docId);
  if (document) {
    documents.put({ ...settled(books, document), updatedAtMs: nowMs }, 'payment');
  }
  return deleted;
}

/** Sets credit against an invoice; both papers' sums move. */
export function bookAllocation(books: Books, allocation: Allocation, nowMs: number): void {
  books.allocations.put(allocation);
  eachAllocationEnd(books, allocation, (document) => ({
    ...settled(books, { ...document, allocationIds: [...document.allocationIds, allocation.id] }),
    updatedAtMs: nowMs,
  }));
}

/** Takes an allocation back; both papers reopen. */
export function unbookAllocation(books: Books, allocation: Allocation, nowMs: number): void {
  books.allocations.put({ ...allocation, isDeleted: true });
  eachAllocationEnd(books, allocation, (document) => ({
    ...settled(books, document),
    updatedAtMs: nowMs,
  }));
}

function eachAllocationEnd(
  books: Books,
  allocation: Allocation,
  change: (document: Document) => Document,
): void {
  const credits = documentsOf(books, allocation.fromKind);
  const credit = credits.get(allocation.fromId);
  if (credit) credits.put(change(credit));
  const invoice = books.invoices.get(allocation.invoiceId);
  if (invoice) books.invoices.put(change(invoice));
}
