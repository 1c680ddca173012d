import type { Act } from '../accounting/api-call.ts';
import { findAccount } from '../accounting/books.ts';
import { blankDocument } from '../accounting/document-input.ts';
import { bookAllocation, bookPayment, outstanding } from '../accounting/ledger.ts';
import { sumLines } from '../accounting/lines.ts';
import type { Contact, Document } from '../accounting/model.ts';
import { addDays } from '../core/dates.ts';
import type { Dice } from './dice.ts';
import { COURSES } from './names.ts';
import { SEEDED_AT_MS } from './people.ts';

const TERM_DAYS = 14;
const FEES_ACCOUNT = '210';
const COSTS_ACCOUNT = '429';
export const BANK_ACCOUNT = '090';
const CHILDREN = 3;

/** How the papers of one organisation come out. */
export interface PaperPlan {
  readonly dice: Dice;
  /** They lie within so many days before today. */
  readonly spanDays: number;
  /** Bills, several lines, voided papers and credit notes too. */
  readonly isVaried: boolean;
}

/** One invoice with what happened to it since. */
export function seedInvoice(
  act: Act,
  contact: Contact,
  position: number,
  plan: PaperPlan,
): Document {
  const { dice, isVaried } = plan;
  const isBill = isVaried && position % 9 === 8;
  const day = addDays(act.clock.today(), -dice.below(plan.spanDays));
  const number = isBill ? `B${position}` : `INV-${String(position + 1).padStart(4, '0')}`;
  const type = isBill ? 'ACCPAY' : 'ACCREC';
  const blank = blankDocument(act, { kind: 'invoice', type, contactId: contact.id, number });
  const lineCount = isVaried && dice.chance(0.3) ? 3 : 1;
  const lines = Array.from({ length: lineCount }, () => line(act, dice, isBill));
  const invoice: Document = {
    ...blank,
    ...sumLines(act.books, lines, 'Exclusive'),
    status: statusOf(dice, isVaried),
    reference: isVaried && dice.chance(0.2) ? `PO ${dice.below(9_000) + 1_000}` : '',
    day,
    dueDay: addDays(day, TERM_DAYS),
    updatedAtMs: SEEDED_AT_MS,
  };
  act.books.invoices.put(invoice, 'seed');
  markTrade(act, contact, isBill);
  if (invoice.status === 'AUTHORISED') settle(act, invoice, dice, isVaried);
  return invoice;
}

function statusOf(dice: Dice, isVaried: boolean): Document['status'] {
  if (dice.chance(0.12)) return 'DRAFT';
  if (!isVaried) return 'AUTHORISED';
  if (dice.chance(0.03)) return 'VOIDED';
  return dice.chance(0.02) ? 'DELETED' : 'AUTHORISED';
}

/** One line of a course or, on bills, of a cost. */
export function line(act: Act, dice: Dice, isBill: boolean) {
  const accountCode = isBill ? COSTS_ACCOUNT : FEES_ACCOUNT;
  const isUneven = dice.chance(0.25);
  const cents = 5_000 + dice.below(200) * 1_000 + (isUneven ? dice.below(99) : 0);
  return {
    id: act.ids.uuid(),
    description: isBill ? 'Room hire and materials' : dice.pick(COURSES),
    quantity: dice.chance(0.9) ? 10_000 : 10_000 * (2 + dice.below(8)),
    unitAmount: cents * 100,
    itemCode: undefined,
    accountCode,
    taxType: findAccount(act.books, accountCode)?.taxType,
    discountRate: undefined,
    discountCents: undefined,
    tracking: [],
    amount: undefined,
    tax: undefined,
  };
}

/** Most are paid, some in part, some in two parts, some by a credit note. */
function settle(act: Act, invoice: Document, dice: Dice, isVaried: boolean): void {
  const share = dice.below(100);
  if (share < 55) pay(act, invoice, invoice.total);
  else if (share < 65) pay(act, invoice, Math.floor(invoice.total / 2));
  else if (isVaried && share < 72) {
    const part = Math.floor(invoice.total / 3);
    pay(act, invoice, part);
    pay(act, invoice, invoice.total - part);
  } else if (isVaried && share < 76 && invoice.type === 'ACCREC') {
    credit(act, invoice, dice);
  }
}

function pay(act: Act, invoice: Document, amount: number): void {
  const bank = findAccount(act.books, BANK_ACCOUNT);
  const today = act.clock.today();
  const later = addDays(invoice.day, 10);
  if (!bank || amount <= 0) return;
  bookPayment(
    act.books,
    {
      id: act.ids.uuid(),
      docKind: 'invoice',
      docId: invoice.id,
      type: invoice.type === 'ACCREC' ? 'ACCRECPAYMENT' : 'ACCPAYPAYMENT',
      accountId: bank.id,
      day: later < today ? later : today,
      amount,
      rate: invoice.rate,
      reference: '',
      isReconciled: false,
      status: 'AUTHORISED',
      batchId: undefined,
      createdByApp: undefined,
      updatedAtMs: SEEDED_AT_MS,
    },
    SEEDED_AT_MS,
  );
}

/** A credit note of which a part is set against the invoice. */
function credit(act: Act, invoice: Document, dice: Dice): void {
  const number = `CN-${String(act.books.creditNotes.size + 1).padStart(4, '0')}`;
  const blank = blankDocument(act, {
    kind: 'creditNote',
    type: 'ACCRECCREDIT',
    contactId: invoice.contactId,
    number,
  });
  const note: Document = {
    ...blank,
    ...sumLines(act.books, [line(act, dice, false)], 'Exclusive'),
    status: 'AUTHORISED',
    day: invoice.day,
    updatedAtMs: SEEDED_AT_MS,
  };
  act.books.creditNotes.put(note, 'seed');
  const amount = Math.min(outstanding(note), outstanding(invoice));
  bookAllocation(
    act.books,
    {
      id: act.ids.uuid(),
      fromKind: 'creditNote',
      fromId: note.id,
      invoiceId: invoice.id,
      amount,
      day: invoice.day,
      isDeleted: false,
    },
    SEEDED_AT_MS,
  );
}

/** A monthly template for each of these contacts, from which some of their invoices came. */
export function seedTemplates(act: Act, contacts: readonly Contact[], dice: Dice): void {
  const today = act.clock.today();
  for (const contact of contacts) {
    const id = act.ids.uuid();
    act.books.repeatingInvoices.put(
      {
        id,
        type: 'ACCREC',
        status: 'AUTHORISED',
        contactId: contact.id,
        reference: 'Monthly instalment',
        currency: act.books.organisation().baseCurrency,
        lineAmountTypes: 'Exclusive',
        ...sumLines(act.books, [line(act, dice, false)], 'Exclusive'),
        schedule: {
          period: 1,
          unit: 'MONTHLY',
          dueDate: 20,
          dueDateType: 'OFFOLLOWINGMONTH',
          startDay: addDays(today, -90),
          nextDay: addDays(today, 10),
        },
      },
      'seed',
    );
    const sales = act.books.invoices.find('contact', contact.id).filter(isSale);
    for (const child of sales.slice(0, CHILDREN)) {
      act.books.invoices.put({ ...child, repeatingInvoiceId: id }, 'seed');
    }
  }
}

function isSale({ type }: Document): boolean {
  return type === 'ACCREC';
}

function markTrade(act: Act, contact: Contact, isBill: boolean): void {
  const known = act.books.contacts.get(contact.id) ?? contact;
  if (isBill ? known.isSupplier : known.isCustomer) return;
  const side = isBill ? { isSupplier: true } : { isCustomer: true };
  act.books.contacts.put({ ...known, ...side }, 'quiet');
}
