import type { Act } from '../accounting/api-call.ts';
import type { Books } from '../accounting/books.ts';
import { createContact, mergeContacts, updateContact } from '../accounting/contact-acts.ts';
import type { ElementOutcome } from '../accounting/envelope.ts';
import { invoiceActs } from '../accounting/invoice-acts.ts';
import type { Contact, Document, Payment } from '../accounting/model.ts';
import { createPayment, deletePayment } from '../accounting/payment-acts.ts';
import { parseDay } from '../core/dates.ts';
import type { World } from '../core/world.ts';
import type { Sent } from '../rules/field-reader.ts';
import { CreditDesk } from './credit-desk.ts';

/** An act that the books do not allow; the message says why. */
export class ActRefused extends Error {}

/** A line as a bookkeeper types it; amounts in units of the currency, `120.5` or `'120.50'`. */
export interface LineEntry {
  readonly description: string;
  readonly quantity?: number | string;
  readonly unitAmount: number | string;
  readonly accountCode?: string;
  readonly taxType?: string;
}

export interface InvoiceEntry {
  readonly contactId: string;
  readonly lines: readonly LineEntry[];
  readonly type?: 'ACCREC' | 'ACCPAY';
  readonly status?: 'DRAFT' | 'SUBMITTED' | 'AUTHORISED';
  readonly number?: string;
  readonly reference?: string;
  /** `YYYY-MM-DD`; today, and a fortnight later, unless said. */
  readonly date?: string;
  readonly dueDate?: string;
  readonly lineAmountTypes?: 'Exclusive' | 'Inclusive' | 'NoTax';
  readonly currency?: string;
}

export interface PaymentEntry {
  readonly amount: number | string;
  readonly date?: string;
  /** `090`, the bank account, unless said. */
  readonly accountCode?: string;
  readonly reference?: string;
}

/** What may stand on a contact without a check. */
export type Unchecked = Pick<Contact, 'name' | 'email' | 'website'>;

const USER_NAME = 'Bookkeeper';
const DEFAULT_SALES_ACCOUNT = '200';
const DEFAULT_BANK_ACCOUNT = '090';
const FORTNIGHT_MS = 14 * 86_400_000;

/** What a person does in an organisation's books. Acts take effect at once and make webhooks. */
export class Bookkeeper {
  readonly books: Books;
  /** Credit notes, overpayments and prepayments. */
  readonly credits: CreditDesk;
  readonly #world: World;

  constructor(world: World, books: Books) {
    this.#world = world;
    this.books = books;
    this.credits = new CreditDesk(this);
  }

  /** A contact by id, ContactNumber or exact name; active ones first. */
  findContact(key: string): Contact | undefined {
    const { contacts } = this.books;
    const lower = key.trim().toLowerCase();
    const named = [...contacts.find('number', lower), ...contacts.find('name', lower)];
    return contacts.get(lower) ?? named.find((one) => one.status === 'ACTIVE') ?? named[0];
  }

  /** An invoice by id or number. */
  findInvoice(key: string): Document | undefined {
    const { invoices } = this.books;
    return invoices.get(key.toLowerCase()) ?? invoices.find('number', key.toLowerCase())[0];
  }

  /** Makes a contact; `fields` as in the API (`Name`, `EmailAddress`, …). */
  createContact(fields: Sent): Contact {
    const id = this.run((act) => idOf(createContact(act, fields), 'ContactID'));
    return this.contact(id);
  }

  editContact(contactId: string, fields: Sent): Contact {
    this.run((act) => idOf(updateContact(act, this.contact(contactId), fields), 'ContactID'));
    return this.contact(contactId);
  }

  /**
   * Leaves a name, an e-mail address or a website on a contact as an import or an older Xero may have:
   * unchecked. What is wrong there refuses every later change; an empty text clears it.
   */
  leaveUnchecked(contactId: string, fields: Partial<Unchecked>): Contact {
    const contact = this.contact(contactId);
    const updatedAtMs = this.#world.clock.nowMs();
    this.run(({ books }) => books.contacts.put({ ...contact, ...fields, updatedAtMs }));
    return this.contact(contactId);
  }

  archiveContact(contactId: string): Contact {
    return this.editContact(contactId, { ContactStatus: 'ARCHIVED' });
  }

  /** Xero's pages can restore a contact, its API cannot. */
  restoreContact(contactId: string): Contact {
    const contact = this.contact(contactId);
    this.run((act) => {
      const twin = this.books.contacts
        .find('name', contact.name.toLowerCase())
        .find((one) => one.status === 'ACTIVE');
      if (twin) throw new ActRefused(`Another active contact is called ${contact.name}`);
      act.books.contacts.put({
        ...contact,
        status: 'ACTIVE',
        mergedToId: undefined,
        updatedAtMs: act.clock.nowMs(),
      });
    });
    return this.contact(contactId);
  }

  /** Asks Xero to erase a person: from then on the contact takes no edits by the API. */
  requestErasure(contactId: string): Contact {
    const contact = this.contact(contactId);
    this.run(({ books, clock }) =>
      books.contacts.put({ ...contact, status: 'GDPRREQUEST', updatedAtMs: clock.nowMs() }),
    );
    return this.contact(contactId);
  }

  /** Merges the first contact into the second: papers move, the first is archived. */
  mergeContacts(loserId: string, winnerId: string): Contact {
    if (loserId === winnerId) throw new ActRefused('A contact cannot be merged into itself');
    const [loser, winner] = [this.contact(loserId), this.contact(winnerId)];
    if (winner.status !== 'ACTIVE') throw new ActRefused(`${winner.name} is not active`);
    this.run((act) => mergeContacts(act, loser, winner));
    return this.contact(winnerId);
  }

  createInvoice(entry: InvoiceEntry): Document {
    const id = this.run((act) =>
      idOf(invoiceActs.create(act, this.#sentInvoice(entry)), 'InvoiceID'),
    );
    return this.invoice(id);
  }

  approve(invoiceId: string): Document {
    return this.editInvoice(invoiceId, { Status: 'AUTHORISED' });
  }

  void(invoiceId: string): Document {
    return this.editInvoice(invoiceId, { Status: 'VOIDED' });
  }

  /** Throws a draft away; it stays in lists with status DELETED. */
  deleteDraft(invoiceId: string): Document {
    return this.editInvoice(invoiceId, { Status: 'DELETED' });
  }

  /** Changes an invoice; `fields` as in the API. */
  editInvoice(invoiceId: string, fields: Sent): Document {
    this.run((act) => idOf(invoiceActs.update(act, this.invoice(invoiceId), fields), 'InvoiceID'));
    return this.invoice(invoiceId);
  }

  /** Records a payment of an invoice. */
  pay(invoiceId: string, entry: PaymentEntry | number | string): Payment {
    const { amount, date, accountCode, reference } =
      typeof entry === 'object'
        ? entry
        : { amount: entry, date: undefined, accountCode: undefined, reference: undefined };
    const sent = {
      Invoice: { InvoiceID: this.invoice(invoiceId).id },
      Account: { Code: accountCode ?? DEFAULT_BANK_ACCOUNT },
      Amount: amount,
      Date: date,
      Reference: reference,
    };
    const id = this.run((act) => idOf(createPayment(act, sent), 'PaymentID'));
    return this.payment(id);
  }

  deletePayment(paymentId: string): Payment {
    this.run((act) =>
      idOf(deletePayment(act, this.payment(paymentId), { Status: 'DELETED' }), 'PaymentID'),
    );
    return this.payment(paymentId);
  }

  renameOrganisation(name: string): void {
    this.#editOrganisation({ name });
  }

  /**
   * The plan the organisation pays for, such as `STARTER`, which caps approvals a month; `DEMO` makes
   * it a demo company.
   */
  setPlan(plan: string): void {
    this.#editOrganisation({ class: plan, isDemo: plan === 'DEMO' });
  }

  /** Days are the last closed ones, `YYYY-MM-DD`; undefined opens the books again. */
  setLockDates(periodLockDay: string | undefined, endOfYearLockDay?: string): void {
    for (const day of [periodLockDay, endOfYearLockDay]) {
      if (day !== undefined && parseDay(day) !== day) throw new ActRefused(`${day} is not a day`);
    }
    this.#editOrganisation({ periodLockDay, endOfYearLockDay });
  }

  contact(id: string): Contact {
    const contact = this.books.contacts.get(id.toLowerCase());
    if (!contact) throw new ActRefused(`There is no contact ${id}`);
    return contact;
  }

  invoice(key: string): Document {
    const invoice = this.findInvoice(key);
    if (!invoice) throw new ActRefused(`There is no invoice ${key}`);
    return invoice;
  }

  payment(id: string): Payment {
    const payment = this.books.payments.get(id.toLowerCase());
    if (!payment) throw new ActRefused(`There is no payment ${id}`);
    return payment;
  }

  /** Runs an act whole or not at all, and keeps it. */
  run<T>(act: (act: Act) => T): T {
    const world = this.#world;
    const result = world.store.transaction(() =>
      act({
        ...world,
        books: this.books,
        baseUrl: world.baseUrl(),
        appId: undefined,
        userName: USER_NAME,
        unitDecimals: 2,
      }),
    );
    world.store.commit();
    return result;
  }

  #editOrganisation(changes: Partial<ReturnType<Books['organisation']>>): void {
    const { organisations } = this.#world.registry;
    this.run(() => organisations.put({ ...this.books.organisation(), ...changes }));
  }

  #sentInvoice(entry: InvoiceEntry): Sent {
    const dueMs = this.#world.clock.nowMs() + FORTNIGHT_MS;
    return {
      Type: entry.type ?? 'ACCREC',
      Contact: { ContactID: entry.contactId },
      Status: entry.status ?? 'AUTHORISED',
      InvoiceNumber: entry.number,
      Reference: entry.reference,
      Date: entry.date,
      DueDate: entry.dueDate ?? new Date(dueMs).toISOString().slice(0, 10),
      LineAmountTypes: entry.lineAmountTypes,
      CurrencyCode: entry.currency,
      LineItems: entry.lines.map((line) => ({
        Description: line.description,
        Quantity: line.quantity ?? 1,
        UnitAmount: line.unitAmount,
        AccountCode: line.accountCode ?? DEFAULT_SALES_ACCOUNT,
        TaxType: line.taxType,
      })),
    };
  }
}

/** The id of what an act made or changed. @throws ActRefused with the books' own messages. */
export function idOf(outcome: ElementOutcome, idName: string): string {
  if (!outcome.ok) throw new ActRefused(outcome.errors.join(' '));
  return String(outcome.wire[idName]);
}
