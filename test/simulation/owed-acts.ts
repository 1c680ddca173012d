import { ActRefused, type Bookkeeper } from '../../emulator/control/bookkeeper.ts';
import type { CreditKind } from '../../emulator/control/credit-desk.ts';

/** What a bookkeeper does at random, by a seeded source of numbers from 0 up to 1. */
export interface Books {
  keeper: Bookkeeper;
  contactIds: readonly string[];
  random: () => number;
}

const KINDS: readonly CreditKind[] = ['creditNote', 'prepayment', 'overpayment'];
/** The books' own currency comes up most often. */
const CURRENCIES = [undefined, undefined, 'USD', 'GBP'] as const;

/** One act; answers whether the books allowed it. */
export function actAtRandom(books: Books): boolean {
  const acts = [invoice, invoice, pay, pay, pay, credit, credit, allocate, allocate];
  const undoing = [refund, voidInvoice, unpay, unallocate, voidNote, draft, approve];
  try {
    pick([...acts, ...undoing], books.random)?.(books);
    return true;
  } catch (error) {
    if (error instanceof ActRefused) return false;
    throw error;
  }
}

function pick<Row>(rows: readonly Row[], random: () => number): Row | undefined {
  return rows[Math.floor(random() * rows.length)];
}

function cents(random: () => number): string {
  return (1 + Math.floor(random() * 99_999) / 100).toFixed(2);
}

function newPaper({ contactIds, random }: Books) {
  const currency = pick(CURRENCIES, random);
  return {
    contactId: pick(contactIds, random) ?? '',
    lines: [
      { description: 'A', unitAmount: cents(random), quantity: 1 + Math.floor(random() * 3) },
      { description: 'B', unitAmount: cents(random), taxType: 'EXEMPTOUTPUT' },
    ],
    ...(currency ? { currency } : {}),
  };
}

function invoice(books: Books): void {
  books.keeper.createInvoice(newPaper(books));
}

function draft(books: Books): void {
  books.keeper.createInvoice({ ...newPaper(books), status: 'DRAFT' });
}

function credit(books: Books): void {
  const { keeper, contactIds, random } = books;
  const contactId = pick(contactIds, random) ?? '';
  const kind = pick(KINDS, random);
  if (kind === 'creditNote') keeper.credits.createNote(newPaper(books));
  if (kind === 'prepayment') keeper.credits.receivePrepayment({ contactId, amount: cents(random) });
  if (kind === 'overpayment') {
    keeper.credits.receiveOverpayment({ contactId, amount: cents(random) });
  }
}

function anInvoice({ keeper, random }: Books) {
  return pick(keeper.books.invoices.all(), random);
}

function aCredit({ keeper, random }: Books) {
  const { creditNotes, prepayments, overpayments } = keeper.books;
  const kind = pick(KINDS, random) ?? 'creditNote';
  const rows = { creditNote: creditNotes, prepayment: prepayments, overpayment: overpayments };
  const paper = pick(rows[kind].all(), random);
  return paper ? { kind, paper } : null;
}

/** All of what is open, or a part of it. */
function partOf(openCents: number, random: () => number): string {
  const isWhole = random() < 0.4;
  const part = isWhole ? openCents : Math.max(1, Math.floor(openCents * random()));
  return (part / 100).toFixed(2);
}

function pay(books: Books): void {
  const paper = anInvoice(books);
  if (!paper) return;
  const open = paper.total - paper.paid - paper.credited;
  books.keeper.pay(paper.id, partOf(open, books.random));
}

function allocate(books: Books): void {
  const { keeper, random } = books;
  const from = aCredit(books);
  if (!from) return;
  const alike = keeper.books.invoices
    .find('contact', from.paper.contactId)
    .filter((one) => one.currency === from.paper.currency && one.status === 'AUTHORISED');
  const to = pick(alike, random);
  if (!to) return;
  const open = Math.min(
    to.total - to.paid - to.credited,
    from.paper.total - from.paper.paid - from.paper.credited,
  );
  keeper.credits.allocate(from.kind, from.paper.id, to.id, partOf(open, random));
}

function refund(books: Books): void {
  const from = aCredit(books);
  if (!from) return;
  const { id, total, paid, credited } = from.paper;
  books.keeper.credits.refund(from.kind, id, partOf(total - paid - credited, books.random));
}

function voidInvoice(books: Books): void {
  const paper = anInvoice(books);
  if (paper) books.keeper.void(paper.id);
}

function approve(books: Books): void {
  const paper = anInvoice(books);
  if (paper?.status === 'DRAFT') books.keeper.approve(paper.id);
}

function voidNote(books: Books): void {
  const note = pick(books.keeper.books.creditNotes.all(), books.random);
  if (note) books.keeper.credits.voidNote(note.id);
}

function unpay(books: Books): void {
  const payment = pick(books.keeper.books.payments.all(), books.random);
  if (payment) books.keeper.deletePayment(payment.id);
}

function unallocate(books: Books): void {
  const allocation = pick(books.keeper.books.allocations.all(), books.random);
  if (allocation) books.keeper.credits.unallocate(allocation.id);
}
