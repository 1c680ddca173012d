import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ActRefused, type Bookkeeper } from '../control/bookkeeper.ts';
import type { CreditKind } from '../control/credit-desk.ts';
import type { Emulator } from '../server.ts';
import { startEmulator } from '../testing.ts';
import { DOCUMENT_KINDS, documentsOf } from './books.ts';
import { outstanding } from './ledger.ts';
import type { Document } from './model.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
  emulator.control.snapshots.take('empty books');
});
afterAll(() => emulator.close());

const ACTS = [
  'invoice',
  'draft',
  'bill',
  'approve',
  'void',
  'deleteDraft',
  'edit',
  'pay',
  'unpay',
  'note',
  'overpay',
  'prepay',
  'allocate',
  'unallocate',
  'refund',
  'voidNote',
  'merge',
  'archive',
  'restore',
  'contact',
] as const;
type ActName = (typeof ACTS)[number];

/** Picks a row by a number that may be larger than the list. */
function at<T>(rows: readonly T[], number: number): T | undefined {
  return rows[number % Math.max(rows.length, 1)];
}

const money = (cents: number) => (cents / 100).toFixed(2);

/** What the acts themselves say, kept apart from the books: sums per paper. */
class Tally {
  readonly settled = new Map<string, number>();
  add(id: string, cents: number): void {
    this.settled.set(id, (this.settled.get(id) ?? 0) + cents);
  }
}

function perform(
  keeper: Bookkeeper,
  tally: Tally,
  act: ActName,
  pick: number,
  cents: number,
): void {
  const { books, credits } = keeper;
  const invoice = at(books.invoices.all(), pick);
  const kind = at(['creditNote', 'overpayment', 'prepayment'] as const, pick) as CreditKind;
  const credit = at(documentsOf(books, kind).all(), pick);
  const contact = at(
    books.contacts.all().filter((one) => one.status === 'ACTIVE'),
    pick,
  );
  const lines = [
    { description: 'A', unitAmount: money(cents), quantity: 1 + (pick % 3) },
    { description: 'B', unitAmount: money((cents * 7) % 991) },
  ];
  const type = at(['Exclusive', 'Inclusive', 'NoTax'] as const, cents) ?? 'Exclusive';
  if (act === 'contact' || !contact) {
    keeper.createContact({ Name: `Person ${books.contacts.size}` });
    return;
  }
  switch (act) {
    case 'invoice':
    case 'draft':
      keeper.createInvoice({
        contactId: contact.id,
        lines,
        lineAmountTypes: type,
        status: act === 'draft' ? 'DRAFT' : 'AUTHORISED',
      });
      return;
    case 'bill':
      keeper.createInvoice({
        contactId: contact.id,
        type: 'ACCPAY',
        number: `B-${books.invoices.size}`,
        lines: lines.map((line) => ({ ...line, accountCode: '429' })),
      });
      return;
    case 'archive':
      keeper.archiveContact(contact.id);
      return;
    case 'restore': {
      const gone = at(books.contacts.all(), pick);
      if (gone) keeper.restoreContact(gone.id);
      return;
    }
    case 'note':
      credits.createNote({ contactId: contact.id, lines, lineAmountTypes: type });
      return;
    case 'overpay':
      credits.receiveOverpayment({ contactId: contact.id, amount: money(cents) });
      return;
    case 'prepay':
      credits.receivePrepayment({ contactId: contact.id, amount: money(cents) });
      return;
    case 'merge': {
      const other = at(books.contacts.all(), pick + 1);
      if (other) keeper.mergeContacts(contact.id, other.id);
      return;
    }
    case 'unpay': {
      const payment = at(books.payments.all(), pick);
      if (!payment) return;
      keeper.deletePayment(payment.id);
      tally.add(payment.docId, -payment.amount);
      return;
    }
    case 'unallocate': {
      const allocation = at(books.allocations.all(), pick);
      if (!allocation) return;
      credits.unallocate(allocation.id);
      tally.add(allocation.fromId, -allocation.amount);
      tally.add(allocation.invoiceId, -allocation.amount);
      return;
    }
  }
  if (act === 'refund' || act === 'voidNote') {
    if (!credit) return;
    if (act === 'voidNote') credits.voidNote(credit.id);
    else {
      credits.refund(kind, credit.id, money(cents));
      tally.add(credit.id, cents);
    }
    return;
  }
  if (!invoice) return;
  if (act === 'approve') keeper.approve(invoice.id);
  if (act === 'void') keeper.void(invoice.id);
  if (act === 'deleteDraft') keeper.deleteDraft(invoice.id);
  if (act === 'edit')
    keeper.editInvoice(invoice.id, {
      LineItems: [{ Description: 'C', UnitAmount: money(cents), AccountCode: '200' }],
    });
  if (act === 'pay') {
    keeper.pay(invoice.id, money(cents));
    tally.add(invoice.id, cents);
  }
  if (act === 'allocate' && credit) {
    const partner = books.invoices.find('contact', credit.contactId)[0] ?? invoice;
    credits.allocate(kind, credit.id, partner.id, money(cents));
    tally.add(credit.id, cents);
    tally.add(partner.id, cents);
  }
}

function checkPaper(document: Document, tally: Tally): void {
  const lineSum = document.lines.reduce((sum, line) => sum + line.amount, 0);
  const taxSum = document.lines.reduce((sum, line) => sum + line.tax, 0);
  const expectedTotal = document.lineAmountTypes === 'Inclusive' ? lineSum : lineSum + taxSum;
  expect(document.total).toBe(expectedTotal);
  expect(document.subTotal + document.totalTax).toBe(document.total);
  expect(document.paid + document.credited).toBe(tally.settled.get(document.id) ?? 0);
  expect(outstanding(document)).toBeGreaterThanOrEqual(0);
  const isSettled = outstanding(document) === 0;
  if (document.status === 'PAID') expect(isSettled).toBe(true);
  if (document.status === 'AUTHORISED') expect(isSettled).toBe(false);
  if (['DRAFT', 'VOIDED', 'DELETED'].includes(document.status)) {
    expect(document.paid + document.credited).toBe(0);
  }
}

function checkBooks(keeper: Bookkeeper, tally: Tally): void {
  const { books } = keeper;
  for (const kind of DOCUMENT_KINDS) {
    for (const document of documentsOf(books, kind).all()) checkPaper(document, tally);
  }
  const allocated = books.allocations
    .all()
    .reduce((sum, one) => sum + (one.isDeleted ? 0 : one.amount), 0);
  const credited = books.invoices.all().reduce((sum, one) => sum + one.credited, 0);
  const given = (['creditNote', 'overpayment', 'prepayment'] as const)
    .flatMap((kind) => documentsOf(books, kind).all())
    .reduce((sum, one) => sum + one.credited, 0);
  expect([credited, given]).toEqual([allocated, allocated]);
  const moved = books.payments
    .all()
    .reduce((sum, one) => sum + (one.status === 'AUTHORISED' ? one.amount : 0), 0);
  const paid = DOCUMENT_KINDS.flatMap((kind) => documentsOf(books, kind).all()).reduce(
    (sum, one) => sum + one.paid,
    0,
  );
  expect(paid).toBe(moved);
}

it('after any 200 acts every sum and status follows from the acts, and the books balance', () => {
  const step = fc.tuple(fc.constantFrom(...ACTS), fc.nat(40), fc.integer({ min: 1, max: 9_999 }));
  let done = 0;
  let refused = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 200, maxLength: 200 }), (steps) => {
      emulator.control.snapshots.restore('empty books');
      const keeper = emulator.control.bookkeeper();
      const tally = new Tally();
      for (const [act, pick, cents] of steps) {
        try {
          perform(keeper, tally, act, pick, cents);
          done++;
        } catch (error) {
          // A refusal must leave everything as it was, which the check below proves.
          if (!(error instanceof ActRefused)) throw error;
          refused++;
        }
      }
      checkBooks(keeper, tally);
    }),
    { numRuns: 40, seed: 20261122 },
  );
  expect(done).toBeGreaterThan(refused / 4);
});
