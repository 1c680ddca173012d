import type { Address } from '#contract/learners';
import type { AddressDraft, ContactDraft, WireAddress, WireContact, WirePhone } from '#xero/index';
import type { Party } from '../parties/party.ts';
import { cleanText, contactName } from './names.ts';

/** One address slot of a contact; Xero writes and clears a slot as a whole. */
export interface AddressSlot {
  /** At most four. */
  lines: string[];
  city: string;
  region: string;
  postalCode: string;
  country: string;
}

/**
 * What we keep in step about a contact, in one form for both sides. Null: nothing there. Which
 * field of ours goes to which of these, and which of these to which of Xero's, stands in this file
 * alone.
 */
export interface ContactFields {
  name: string;
  /** The party's number; Xero shows it as Contact Code. */
  contactNumber: string | null;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  mobile: string | null;
  /** Xero's phone slot DEFAULT. */
  home: string | null;
  /** Xero's phone slot DDI. */
  work: string | null;
  /** Xero's address slot STREET. */
  street: AddressSlot | null;
  /** Xero's address slot POBOX, where bookkeepers look for the postal address. */
  postal: AddressSlot | null;
}

export const CONTACT_FIELDS = [
  'name',
  'contactNumber',
  'firstName',
  'lastName',
  'email',
  'mobile',
  'home',
  'work',
  'street',
  'postal',
] as const satisfies readonly (keyof ContactFields)[];

/** Lengths that Xero takes (its OpenAPI description and its page "Contacts"). */
const LONG_MAX = 255;
const SHORT_MAX = 50;
const LINE_MAX = 500;
const LINES_MAX = 4;

/** What a party's contact should say. */
export function fieldsOfParty(party: Party, bearsNumber: boolean): ContactFields {
  return {
    name: contactName(party, bearsNumber),
    contactNumber: clip(party.number, SHORT_MAX),
    firstName: clip(party.firstName, LONG_MAX),
    lastName: clip(party.lastName, LONG_MAX),
    email: clip(party.email, LONG_MAX),
    mobile: clip(party.phoneMobile, SHORT_MAX),
    home: clip(party.phoneHome, SHORT_MAX),
    work: clip(party.phoneWork, SHORT_MAX),
    street: slotOfAddress(party.streetAddress),
    postal: slotOfAddress(party.postalAddress),
  };
}

/** What a contact in Xero says. */
export function fieldsOfContact(contact: WireContact): ContactFields {
  const phone = (type: string) =>
    phoneText(contact.Phones.find((entry) => entry.PhoneType === type));
  const slot = (type: string) =>
    slotOfWire(contact.Addresses.find((entry) => entry.AddressType === type));
  return {
    name: contact.Name,
    contactNumber: contact.ContactNumber,
    firstName: contact.FirstName,
    lastName: contact.LastName,
    email: contact.EmailAddress,
    mobile: phone('MOBILE'),
    home: phone('DEFAULT'),
    work: phone('DDI'),
    street: slot('STREET'),
    postal: slot('POBOX'),
  };
}

/** The request that writes these fields and leaves all others as they are; null clears one. */
export function draftOf(fields: Partial<ContactFields>): ContactDraft {
  const draft: ContactDraft = {};
  if (fields.name !== undefined) draft.Name = fields.name;
  if (fields.contactNumber !== undefined) draft.ContactNumber = fields.contactNumber ?? '';
  if (fields.firstName !== undefined) draft.FirstName = fields.firstName ?? '';
  if (fields.lastName !== undefined) draft.LastName = fields.lastName ?? '';
  if (fields.email !== undefined) draft.EmailAddress = fields.email ?? '';
  const phones = [
    ...phoneDraft('MOBILE', fields.mobile),
    ...phoneDraft('DEFAULT', fields.home),
    ...phoneDraft('DDI', fields.work),
  ];
  if (phones.length > 0) draft.Phones = phones;
  const addresses = [
    ...addressDraft('STREET', fields.street),
    ...addressDraft('POBOX', fields.postal),
  ];
  if (addresses.length > 0) draft.Addresses = addresses;
  return draft;
}

/** The request that makes a new contact: empty fields are left out rather than cleared. */
export function draftOfNew(fields: ContactFields): ContactDraft {
  const filled = Object.entries(fields).filter(([, value]) => value !== null);
  return draftOf(Object.fromEntries(filled));
}

function clip(text: string | null, max: number): string | null {
  return (
    cleanText(text ?? '')
      .slice(0, max)
      .trimEnd() || null
  );
}

function phoneText(phone: WirePhone | undefined): string | null {
  if (!phone) return null;
  const parts = [phone.PhoneCountryCode, phone.PhoneAreaCode, phone.PhoneNumber];
  return cleanText(parts.filter(Boolean).join(' ')) || null;
}

function phoneDraft(type: 'MOBILE' | 'DEFAULT' | 'DDI', text: string | null | undefined) {
  if (text === undefined) return [];
  return [{ PhoneType: type, PhoneNumber: text ?? '', PhoneAreaCode: '', PhoneCountryCode: '' }];
}

/** An address as lines; null when nothing of it is filled. */
export function slotOfAddress(address: Address): AddressSlot | null {
  const lines = [
    clip(address.building, LINE_MAX),
    clip(streetLine(address), LINE_MAX),
    clip(poBoxLine(address.poBox), LINE_MAX),
  ].filter((line) => line !== null);
  return slotUnlessEmpty({
    lines: lines.slice(0, LINES_MAX),
    city: clip(address.suburb, LONG_MAX) ?? '',
    region: clip(address.state, LONG_MAX) ?? '',
    postalCode: clip(address.postcode, SHORT_MAX) ?? '',
    country: countryName(address.country),
  });
}

function streetLine(address: Address): string {
  const street = [address.streetNumber, address.streetName].filter(Boolean).join(' ');
  if (!address.unit) return street;
  // "4/12 Smith Street" is how a numbered unit is written; a named one stands before a comma.
  const isNumber = /^\d+[a-z]?$/i.test(address.unit) && Boolean(address.streetNumber);
  return isNumber ? `${address.unit}/${street}` : [address.unit, street].filter(Boolean).join(', ');
}

function poBoxLine(poBox: string | null): string | null {
  return poBox && /^\d+$/.test(poBox.trim()) ? `PO Box ${poBox.trim()}` : poBox;
}

const countryNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/**
 * Xero takes the letters A to Z and spaces only (its description of an address), so a code becomes its
 * name, accents and other signs go.
 */
function countryName(country: string | null): string {
  const text = cleanText(country ?? '');
  const name = /^[A-Za-z]{2}$/.test(text) ? (countryNames.of(text.toUpperCase()) ?? text) : text;
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '');
  return cleanText(plain.replace(/[^A-Za-z ]/g, ' '))
    .slice(0, SHORT_MAX)
    .trimEnd();
}

function slotOfWire(address: WireAddress | undefined): AddressSlot | null {
  if (!address) return null;
  const { AddressLine1, AddressLine2, AddressLine3, AddressLine4 } = address;
  const lines = [AddressLine1, AddressLine2, AddressLine3, AddressLine4];
  return slotUnlessEmpty({
    lines: lines.map((line) => line ?? '').filter((line) => line !== ''),
    city: address.City ?? '',
    region: address.Region ?? '',
    postalCode: address.PostalCode ?? '',
    country: address.Country ?? '',
  });
}

function slotUnlessEmpty(slot: AddressSlot): AddressSlot | null {
  const { lines, ...rest } = slot;
  return lines.length > 0 || Object.values(rest).some((text) => text !== '') ? slot : null;
}

function addressDraft(
  type: 'STREET' | 'POBOX',
  slot: AddressSlot | null | undefined,
): AddressDraft[] {
  if (slot === undefined) return [];
  const line = (index: number) => slot?.lines[index] ?? '';
  return [
    {
      AddressType: type,
      AddressLine1: line(0),
      AddressLine2: line(1),
      AddressLine3: line(2),
      AddressLine4: line(3),
      City: slot?.city ?? '',
      Region: slot?.region ?? '',
      PostalCode: slot?.postalCode ?? '',
      Country: slot?.country ?? '',
    },
  ];
}
