import { wireMoment } from '../core/dates.ts';
import { centsToNumber } from '../core/decimal.ts';
import type { Books } from './books.ts';
import { outstanding } from './ledger.ts';
import type { Contact, PaymentTerm } from './model.ts';
import { type Wire, wireAddresses, wirePhones } from './wire-common.ts';

/** How much of a contact an answer shows. */
export type ContactDetail = 'summary' | 'list' | 'full';

/** A contact as Xero writes it; absent texts are left out, slots are not. */
export function wireContact(
  books: Books,
  contact: Contact,
  detail: ContactDetail,
  today: string,
): Wire {
  const isSummary = detail === 'summary';
  return {
    ContactID: contact.id,
    ...(detail === 'full' && contact.mergedToId ? { MergedToContactID: contact.mergedToId } : {}),
    ...present({ ContactNumber: contact.number, AccountNumber: contact.accountNumber }),
    ContactStatus: contact.status,
    Name: contact.name,
    ...present({
      FirstName: contact.firstName,
      LastName: contact.lastName,
      CompanyNumber: contact.companyNumber,
    }),
    EmailAddress: contact.email,
    BankAccountDetails: contact.bankAccountDetails,
    ...present({
      TaxNumber: contact.taxNumber,
      AccountsReceivableTaxType: contact.salesTaxType,
      AccountsPayableTaxType: contact.purchasesTaxType,
      DefaultCurrency: contact.defaultCurrency,
    }),
    ...(isSummary
      ? {}
      : {
          Addresses: wireAddresses(contact.addresses),
          Phones: wirePhones(contact.phones),
          ...wireTerms(contact.salesTerms, contact.billsTerms),
        }),
    UpdatedDateUTC: wireMoment(contact.updatedAtMs),
    ...(isSummary ? {} : { ContactGroups: contactGroups(books, contact.id) }),
    IsSupplier: contact.isSupplier,
    IsCustomer: contact.isCustomer,
    ...(isSummary ? {} : { Balances: wireBalances(books, contact, today) }),
    ...(isSummary
      ? {}
      : {
          ...present({ Website: detail === 'full' ? contact.website : undefined }),
          ContactPersons: contact.persons.map((person) => ({
            FirstName: person.firstName,
            LastName: person.lastName,
            EmailAddress: person.email,
            IncludeInEmails: person.isIncludedInEmails,
          })),
        }),
    HasAttachments: books.attachments.find('subject', contact.id).length > 0,
    HasValidationErrors: false,
  };
}

/** The contact inside a document: enough to know who it is. */
export function wireContactReference(contact: Contact): Wire {
  return {
    ContactID: contact.id,
    ...present({ ContactNumber: contact.number }),
    Name: contact.name,
    Addresses: [],
    Phones: [],
    ContactGroups: [],
    ContactPersons: [],
    HasValidationErrors: false,
  };
}

function contactGroups(books: Books, contactId: string): Wire[] {
  return books.contactGroups
    .all()
    .filter((group) => group.status === 'ACTIVE' && group.contactIds.includes(contactId))
    .map((group) => ({ ContactGroupID: group.id, Name: group.name, Status: group.status }));
}

function wireTerms(sales: PaymentTerm | undefined, bills: PaymentTerm | undefined): Wire {
  if (!sales && !bills) return {};
  const term = (value: PaymentTerm) => ({ Day: value.day, Type: value.type });
  return {
    PaymentTerms: {
      ...(bills ? { Bills: term(bills) } : {}),
      ...(sales ? { Sales: term(sales) } : {}),
    },
  };
}

/** Outstanding and overdue sums of a contact's approved invoices and bills, less open credit. */
function wireBalances(books: Books, contact: Contact, today: string): Wire {
  const sums = {
    AccountsReceivable: { Outstanding: 0, Overdue: 0 },
    AccountsPayable: { Outstanding: 0, Overdue: 0 },
  };
  for (const invoice of books.invoices.find('contact', contact.id)) {
    if (invoice.status !== 'AUTHORISED') continue;
    const side = sums[invoice.type === 'ACCREC' ? 'AccountsReceivable' : 'AccountsPayable'];
    side.Outstanding += outstanding(invoice);
    if (invoice.dueDay && invoice.dueDay < today) side.Overdue += outstanding(invoice);
  }
  for (const credits of [books.creditNotes, books.prepayments, books.overpayments]) {
    for (const credit of credits.find('contact', contact.id)) {
      if (credit.status !== 'AUTHORISED') continue;
      const isSales = /^ACCREC|^RECEIVE|^AR/.test(credit.type);
      sums[isSales ? 'AccountsReceivable' : 'AccountsPayable'].Outstanding -= outstanding(credit);
    }
  }
  for (const side of Object.values(sums)) {
    side.Outstanding = centsToNumber(side.Outstanding);
    side.Overdue = centsToNumber(side.Overdue);
  }
  return sums;
}

/** Leaves out what has no value. */
export function present(fields: Readonly<Record<string, unknown>>): Wire {
  return Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined && v !== ''));
}
