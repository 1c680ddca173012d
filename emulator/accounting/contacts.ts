import type { Fields } from '../rules/where.ts';
import type { ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { notFound } from './api-error.ts';
import { createContact, updateContact, upsertContact } from './contact-acts.ts';
import { wireContact } from './contact-wire.ts';
import { answerList, orRefuse, sentElements, writeElements } from './envelope.ts';
import { answerListing, queryIds, rowsById } from './list.ts';
import type { Contact } from './model.ts';
import { wireJson } from './wire-json.ts';

const CONTACT_FIELDS: Fields<Contact> = {
  contactid: (contact) => contact.id,
  contactnumber: (contact) => contact.number,
  accountnumber: (contact) => contact.accountNumber,
  contactstatus: (contact) => contact.status,
  name: (contact) => contact.name,
  firstname: (contact) => contact.firstName,
  lastname: (contact) => contact.lastName,
  emailaddress: (contact) => contact.email,
  companynumber: (contact) => contact.companyNumber,
  taxnumber: (contact) => contact.taxNumber,
  iscustomer: (contact) => contact.isCustomer,
  issupplier: (contact) => contact.isSupplier,
  updateddateutc: (contact) => contact.updatedAtMs,
};

function listContacts(call: ApiCall): ApiAnswer {
  const today = call.clock.today();
  const isSummary = call.query.summaryonly?.toLowerCase() === 'true';
  return answerListing(call, {
    name: 'Contacts',
    collection: call.books.contacts,
    fields: CONTACT_FIELDS,
    updatedAtMs: (contact) => contact.updatedAtMs,
    narrow: () => {
      const ids = queryIds(call);
      return ids && rowsById(call.books.contacts, ids);
    },
    filters: contactFilters,
    isAlwaysPaged: () => isSummary,
    // Not ContactNumber, which one integrator had refused (XeroAPI/xero-python#148).
    optimised: {
      equals: ['Name', 'EmailAddress', 'AccountNumber'],
      order: ['ContactID', 'UpdatedDateUTC', 'Name'],
    },
    toJson: (contact, isPaged) =>
      wireJson(
        wireContact(call.books, contact, isSummary ? 'summary' : isPaged ? 'full' : 'list', today),
      ),
  });
}

function contactFilters(call: ApiCall): ((contact: Contact) => boolean)[] {
  const filters: ((contact: Contact) => boolean)[] = [];
  if (call.query.includearchived?.toLowerCase() !== 'true') {
    const hidden = ['ARCHIVED', ...(call.switches.erasureHidesContacts ? ['GDPRREQUEST'] : [])];
    filters.push((contact) => !hidden.includes(contact.status));
  }
  const term = call.query.searchterm?.trim().toLowerCase();
  if (term) filters.push((contact) => matchesTerm(contact, term));
  return filters;
}

/** searchTerm looks at names, contact number, company number and e-mail, without case. */
export function matchesTerm(contact: Contact, term: string): boolean {
  const { name, firstName, lastName, number, companyNumber, email } = contact;
  return [name, firstName, lastName, number, companyNumber, email].some(
    (text) => text?.toLowerCase().includes(term) === true,
  );
}

/** By ContactID, or by ContactNumber: both share one path. */
function findContact(call: ApiCall): Contact {
  const key = call.params.ContactID ?? '';
  const contact =
    call.books.contacts.get(key.toLowerCase()) ??
    call.books.contacts.find('number', key.toLowerCase())[0];
  if (!contact) throw notFound();
  return contact;
}

function getContact(call: ApiCall): ApiAnswer {
  const wire = wireContact(call.books, findContact(call), 'full', call.clock.today());
  return answerList(call, 'Contacts', [wire]);
}

function updateOneContact(call: ApiCall): ApiAnswer {
  const contact = findContact(call);
  const [sent = {}] = sentElements(call.body, 'Contacts');
  return answerList(call, 'Contacts', [orRefuse(updateContact(call, contact, sent))]);
}

export const contactOperations: readonly Operation[] = [
  { id: 'getContacts', method: 'GET', path: '/Contacts', handle: listContacts },
  {
    id: 'createContacts',
    method: 'PUT',
    path: '/Contacts',
    handle: (call) => writeElements(call, 'Contacts', (sent) => createContact(call, sent)),
  },
  {
    id: 'updateOrCreateContacts',
    method: 'POST',
    path: '/Contacts',
    handle: (call) => writeElements(call, 'Contacts', (sent) => upsertContact(call, sent)),
  },
  { id: 'getContact', method: 'GET', path: '/Contacts/:ContactID', handle: getContact },
  { id: 'updateContact', method: 'POST', path: '/Contacts/:ContactID', handle: updateOneContact },
];
