import { FieldReader, type Sent } from '../rules/field-reader.ts';
import type { Address, AddressType, Contact, ContactPerson, Phone, PhoneType } from './model.ts';
import { ADDRESS_TYPES, PHONE_TYPES } from './model.ts';

const EMAIL_PATTERN = /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;".]+$/;
const WEBSITE_PATTERN = /^(?:https?:\/\/)?[^\s/.]+(?:\.[^\s/.]+)+(?:\/\S*)?$/i;
const MAX_PERSONS = 5;
const CURRENCY_PATTERN = /^[A-Z]{3}$/;

/**
 * Applies the sent fields to a contact. What was not sent stays; a phone or address type fills
 * only its slot; ContactPersons are replaced as a whole. Messages go to `errors`.
 */
export function applyContactFields(base: Contact, sent: Sent, errors: string[]): Contact {
  const read = new FieldReader(sent, errors);
  const email = read.text('EmailAddress', 255)?.trim();
  const currency = read.text('DefaultCurrency', 3);
  if (currency && !CURRENCY_PATTERN.test(currency)) errors.push('DefaultCurrency is not valid');
  const contact = {
    ...base,
    name: readName(read, base.name),
    number: keep(read.text('ContactNumber', 50), base.number),
    accountNumber: keep(read.text('AccountNumber', 50), base.accountNumber),
    firstName: keep(read.text('FirstName', 255), base.firstName),
    lastName: keep(read.text('LastName', 255), base.lastName),
    companyNumber: keep(read.text('CompanyNumber', 50), base.companyNumber),
    taxNumber: keep(read.text('TaxNumber', 50), base.taxNumber),
    salesTaxType: keep(read.text('AccountsReceivableTaxType', 50), base.salesTaxType),
    purchasesTaxType: keep(read.text('AccountsPayableTaxType', 50), base.purchasesTaxType),
    defaultCurrency: keep(currency, base.defaultCurrency),
    bankAccountDetails: read.text('BankAccountDetails', 255) ?? base.bankAccountDetails,
    email: email ?? base.email,
    status: read.choice('ContactStatus', ['ACTIVE', 'ARCHIVED'] as const) ?? base.status,
    phones: readPhones(read, base.phones),
    addresses: readAddresses(read, base.addresses),
    persons: readPersons(read) ?? base.persons,
    ...readTerms(read, base),
  };
  addUnsound(contact, errors);
  return contact;
}

/** The contact is looked at whole: what stands there unsound refuses each change, whatever was sent. */
function addUnsound({ name, email, website, persons }: Contact, errors: string[]): void {
  if (/[<>]/.test(name)) errors.push("The contact name cannot contain '<' or '>'.");
  if (email && !EMAIL_PATTERN.test(email)) errors.push('Email address must be valid.');
  if (website && !WEBSITE_PATTERN.test(website)) errors.push('Website must be valid.');
  if (persons.length > 0 && email === '') errors.push(PEOPLE_NEED_EMAIL);
}

const PEOPLE_NEED_EMAIL =
  'Additional people cannot be added when the primary person has no email address set.';

/** An empty text clears a field, an absent one keeps it. */
function keep(sent: string | undefined, before: string | undefined): string | undefined {
  return sent === undefined ? before : sent === '' ? undefined : sent;
}

function readName(read: FieldReader, before: string): string {
  const name = read.text('Name', 255)?.trim().replace(/\s+/g, ' ');
  if (name === undefined) return before;
  if (name === '') read.errors.push('The contact name cannot be empty.');
  return name;
}

function readPhones(read: FieldReader, before: Contact['phones']): Contact['phones'] {
  const phones: Partial<Record<PhoneType, Phone>> = { ...before };
  for (const sent of read.records('Phones') ?? []) {
    const part = new FieldReader(sent, read.errors);
    const type = part.choice('PhoneType', [...PHONE_TYPES, 'OFFICE'] as const) ?? 'DEFAULT';
    if (type === 'OFFICE') continue;
    const slot = phones[type];
    phones[type] = {
      number: part.text('PhoneNumber', 50) ?? slot?.number ?? '',
      areaCode: part.text('PhoneAreaCode', 10) ?? slot?.areaCode ?? '',
      countryCode: part.text('PhoneCountryCode', 20) ?? slot?.countryCode ?? '',
    };
  }
  return phones;
}

function readAddresses(read: FieldReader, before: Contact['addresses']): Contact['addresses'] {
  const addresses: Partial<Record<AddressType, Address>> = { ...before };
  for (const sent of read.records('Addresses') ?? []) {
    const part = new FieldReader(sent, read.errors);
    const type = part.choice('AddressType', ADDRESS_TYPES) ?? 'POBOX';
    const slot = addresses[type];
    const country = part.text('Country', 50) ?? slot?.country ?? '';
    if (/[^A-Za-z ]/.test(part.text('Country', 50) ?? '')) {
      read.errors.push('Country must contain letters only');
    }
    addresses[type] = {
      lines: [1, 2, 3, 4].map((i) => part.text(`AddressLine${i}`, 500) ?? slot?.lines[i - 1] ?? ''),
      city: part.text('City', 255) ?? slot?.city ?? '',
      region: part.text('Region', 255) ?? slot?.region ?? '',
      postalCode: part.text('PostalCode', 50) ?? slot?.postalCode ?? '',
      country,
      attentionTo: part.text('AttentionTo', 255) ?? slot?.attentionTo ?? '',
    };
  }
  return addresses;
}

function readPersons(read: FieldReader): ContactPerson[] | undefined {
  const sent = read.records('ContactPersons');
  if (!sent) return undefined;
  if (sent.length > MAX_PERSONS) read.errors.push('A contact can have at most 5 contact persons');
  return sent.map((fields) => {
    const part = new FieldReader(fields, read.errors);
    return {
      firstName: part.text('FirstName', 255) ?? '',
      lastName: part.text('LastName', 255) ?? '',
      email: part.text('EmailAddress', 255) ?? '',
      isIncludedInEmails: part.flag('IncludeInEmails') ?? false,
    };
  });
}

const TERM_TYPES = [
  'DAYSAFTERBILLDATE',
  'DAYSAFTERBILLMONTH',
  'OFCURRENTMONTH',
  'OFFOLLOWINGMONTH',
] as const;

function readTerms(read: FieldReader, base: Contact): Pick<Contact, 'salesTerms' | 'billsTerms'> {
  const terms = read.record('PaymentTerms');
  const one = (name: 'Sales' | 'Bills') => {
    const sent = terms && new FieldReader(terms, read.errors).record(name);
    if (!sent) return undefined;
    const part = new FieldReader(sent, read.errors);
    const day = part.scaled('Day', 0);
    const type = part.choice('Type', TERM_TYPES);
    return day === undefined || type === undefined ? undefined : { day, type };
  };
  return {
    salesTerms: one('Sales') ?? base.salesTerms,
    billsTerms: one('Bills') ?? base.billsTerms,
  };
}
