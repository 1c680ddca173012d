import { allocate, unallocate } from '../accounting/allocations.ts';
import type { Act } from '../accounting/api-call.ts';
import { createBankTransaction } from '../accounting/bank-transactions.ts';
import { documentsOf } from '../accounting/books.ts';
import { creditNoteActs } from '../accounting/credit-note-acts.ts';
import { CREDIT_NAMES } from '../accounting/credit-wire.ts';
import type { Allocation, Document, Payment } from '../accounting/model.ts';
import { createPayment } from '../accounting/payment-acts.ts';
import {
  ActRefused,
  type Bookkeeper,
  type InvoiceEntry,
  idOf,
  type LineEntry,
} from './bookkeeper.ts';

export type CreditKind = Allocation['fromKind'];

export interface AdvanceEntry {
  readonly contactId: string;
  readonly amount: number | string;
  readonly date?: string;
  readonly reference?: string;
}

const SALES_ACCOUNT = '200';
const BANK_ACCOUNT = '090';

/** What a bookkeeper does with credit: notes, overpayments, prepayments and their use. */
export class CreditDesk {
  readonly #keeper: Bookkeeper;

  constructor(keeper: Bookkeeper) {
    this.#keeper = keeper;
  }

  /** Makes a credit note, approved unless said otherwise. */
  createNote(entry: Omit<InvoiceEntry, 'type' | 'dueDate'>): Document {
    const sent = {
      Type: 'ACCRECCREDIT',
      Contact: { ContactID: entry.contactId },
      Status: entry.status ?? 'AUTHORISED',
      CreditNoteNumber: entry.number,
      Reference: entry.reference,
      Date: entry.date,
      LineAmountTypes: entry.lineAmountTypes,
      CurrencyCode: entry.currency,
      LineItems: entry.lines.map(sentLine),
    };
    const id = this.#keeper.run((act) => idOf(creditNoteActs.create(act, sent), 'CreditNoteID'));
    return this.credit('creditNote', id);
  }

  voidNote(id: string): Document {
    const note = this.credit('creditNote', id);
    this.#keeper.run((act) =>
      idOf(creditNoteActs.update(act, note, { Status: 'VOIDED' }), 'CreditNoteID'),
    );
    return this.credit('creditNote', id);
  }

  /** Money received beyond what was owed; carries no tax. */
  receiveOverpayment(entry: AdvanceEntry): Document {
    return this.#receive('overpayment', entry);
  }

  /** Money received ahead of an invoice; the amount is before tax. */
  receivePrepayment(entry: AdvanceEntry): Document {
    return this.#receive('prepayment', entry);
  }

  /** Sets credit against an invoice. */
  allocate(
    kind: CreditKind,
    creditId: string,
    invoiceId: string,
    amount: number | string,
  ): Allocation {
    const sent = { Invoice: { InvoiceID: this.#keeper.invoice(invoiceId).id }, Amount: amount };
    const credit = this.credit(kind, creditId);
    const id = this.#keeper.run((act) => idOf(allocate(act, credit, sent), 'AllocationID'));
    return this.allocation(id);
  }

  /** Takes an allocation back. */
  unallocate(allocationId: string): Allocation {
    const allocation = this.allocation(allocationId);
    this.#keeper.run((act) => idOf(unallocate(act, allocation), 'AllocationID'));
    return this.allocation(allocationId);
  }

  /** Pays credit out to the contact. */
  refund(kind: CreditKind, creditId: string, amount: number | string): Payment {
    const { id: idName, one } = CREDIT_NAMES[kind];
    const sent = {
      [one]: { [idName]: this.credit(kind, creditId).id },
      Account: { Code: BANK_ACCOUNT },
      Amount: amount,
    };
    const id = this.#keeper.run((act) => idOf(createPayment(act, sent), 'PaymentID'));
    return this.#keeper.payment(id);
  }

  credit(kind: CreditKind, id: string): Document {
    const credit = documentsOf(this.#keeper.books, kind).get(id.toLowerCase());
    if (!credit) throw new ActRefused(`There is no ${CREDIT_NAMES[kind].one} ${id}`);
    return credit;
  }

  allocation(id: string): Allocation {
    const allocation = this.#keeper.books.allocations.get(id.toLowerCase());
    if (!allocation) throw new ActRefused(`There is no allocation ${id}`);
    return allocation;
  }

  #receive(kind: 'overpayment' | 'prepayment', entry: AdvanceEntry): Document {
    const sent = {
      Type: kind === 'overpayment' ? 'RECEIVE-OVERPAYMENT' : 'RECEIVE-PREPAYMENT',
      Contact: { ContactID: entry.contactId },
      BankAccount: { Code: BANK_ACCOUNT },
      Date: entry.date,
      Reference: entry.reference,
      LineItems: [sentLine({ description: 'Received', unitAmount: entry.amount })],
    };
    const read = (act: Act) => idOf(createBankTransaction(act, sent), CREDIT_NAMES[kind].id);
    return this.credit(kind, this.#keeper.run(read));
  }
}

function sentLine(line: LineEntry) {
  return {
    Description: line.description,
    Quantity: line.quantity ?? 1,
    UnitAmount: line.unitAmount,
    AccountCode: line.accountCode ?? SALES_ACCOUNT,
    TaxType: line.taxType,
  };
}
