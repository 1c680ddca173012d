import type { Act } from '../accounting/api-call.ts';
import { documentsOf, findAccount } from '../accounting/books.ts';
import { blankDocument, RATE_ONE } from '../accounting/document-input.ts';
import { bookAllocation, outstanding } from '../accounting/ledger.ts';
import { sumLines } from '../accounting/lines.ts';
import type { Contact, Document } from '../accounting/model.ts';
import type { Dice } from './dice.ts';
import { BANK_ACCOUNT, line } from './papers.ts';
import { SEEDED_AT_MS } from './people.ts';

/** Money that a contact sent too much of, or ahead of its invoice, as it came over the bank. */
export function seedAdvance(act: Act, contact: Contact, position: number, dice: Dice): void {
  const { books } = act;
  const bank = findAccount(books, BANK_ACCOUNT);
  if (!bank) return;
  const kind = position % 2 === 0 ? 'overpayment' : 'prepayment';
  const type = kind === 'overpayment' ? 'RECEIVE-OVERPAYMENT' : 'RECEIVE-PREPAYMENT';
  const lineAmountTypes = kind === 'overpayment' ? 'NoTax' : 'Exclusive';
  const open = openSale(act, contact);
  const transactionId = act.ids.uuid();
  const credit: Document = {
    ...blankDocument(act, { kind, type, contactId: contact.id, number: '' }),
    ...sumLines(books, [line(act, dice, false)], lineAmountTypes),
    lineAmountTypes,
    status: 'AUTHORISED',
    reference: kind === 'prepayment' ? `PRE-${position + 1}` : '',
    day: open?.day ?? act.clock.today(),
    bankTransactionId: transactionId,
    updatedAtMs: SEEDED_AT_MS,
  };
  const { day, reference, currency, lines, subTotal, totalTax, total } = credit;
  documentsOf(books, kind).put(credit, 'seed');
  books.bankTransactions.put(
    {
      id: transactionId,
      type,
      status: 'AUTHORISED',
      contactId: contact.id,
      bankAccountId: bank.id,
      ...{ day, reference, currency, lineAmountTypes, lines, subTotal, totalTax, total },
      url: undefined,
      isReconciled: true,
      rate: RATE_ONE,
      creditKind: kind,
      creditId: credit.id,
      updatedAtMs: SEEDED_AT_MS,
    },
    'seed',
  );
  if (open && dice.chance(0.6)) use(act, credit, open);
}

/** Some of the credit went into an invoice that is still open. */
function use(act: Act, credit: Document, invoice: Document): void {
  const allocation = {
    id: act.ids.uuid(),
    fromKind: credit.kind === 'prepayment' ? 'prepayment' : 'overpayment',
    fromId: credit.id,
    invoiceId: invoice.id,
    amount: Math.min(outstanding(credit), outstanding(invoice)),
    day: invoice.day,
    isDeleted: false,
  } as const;
  bookAllocation(act.books, allocation, SEEDED_AT_MS);
}

function openSale(act: Act, contact: Contact): Document | undefined {
  return act.books.invoices
    .find('contact', contact.id)
    .find(({ type, status }) => type === 'ACCREC' && status === 'AUTHORISED');
}
