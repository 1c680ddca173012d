import { z } from 'zod';
import { instantOf } from './date.ts';
import { wireList, wireText } from './page.ts';

export const ADDRESS_TYPES = ['STREET', 'POBOX'] as const;
export const PHONE_TYPES = ['DEFAULT', 'DDI', 'MOBILE', 'FAX'] as const;
export type WireAddressType = (typeof ADDRESS_TYPES)[number];
export type WirePhoneType = (typeof PHONE_TYPES)[number];

const Address = z.object({
  AddressType: z.string(),
  AddressLine1: wireText,
  AddressLine2: wireText,
  AddressLine3: wireText,
  AddressLine4: wireText,
  City: wireText,
  Region: wireText,
  PostalCode: wireText,
  Country: wireText,
});
export type WireAddress = z.output<typeof Address>;

const Phone = z.object({
  PhoneType: z.string(),
  PhoneNumber: wireText,
  PhoneAreaCode: wireText,
  PhoneCountryCode: wireText,
});
export type WirePhone = z.output<typeof Phone>;

const Contact = z.object({
  ContactID: z.guid().transform((id) => id.toLowerCase()),
  ContactNumber: wireText,
  ContactStatus: z
    .string()
    .nullish()
    .transform((status) => status ?? 'ACTIVE'),
  Name: z
    .string()
    .nullish()
    .transform((name) => name ?? ''),
  FirstName: wireText,
  LastName: wireText,
  EmailAddress: wireText,
  Addresses: wireList(Address),
  Phones: wireList(Phone),
  MergedToContactID: wireText,
  UpdatedDateUTC: wireText,
  UpdatedDateUTCString: wireText,
});

/**
 * A contact as Xero holds it, trimmed to what Bursar uses. Empty text is null; every slot of
 * address and phone comes back even when it is empty (platform recordings).
 */
export type WireContact = Omit<
  z.output<typeof Contact>,
  'UpdatedDateUTC' | 'UpdatedDateUTCString'
> & { updatedAt: Date | null };

/** Reads one contact; null when it has no shape we know. */
export function readContact(json: unknown): WireContact | null {
  const parsed = Contact.safeParse(json);
  if (!parsed.success) return null;
  const { UpdatedDateUTC, UpdatedDateUTCString, ...contact } = parsed.data;
  return { ...contact, updatedAt: instantOf(UpdatedDateUTC, UpdatedDateUTCString) };
}

/** Address to send; sending one type fills that slot alone. An empty text clears a line. */
export type AddressDraft = { AddressType: WireAddressType } & {
  [Field in Exclude<keyof WireAddress, 'AddressType'>]?: string;
};

/** Phone to send; sending one type fills that slot alone. An empty text clears it. */
export interface PhoneDraft {
  PhoneType: WirePhoneType;
  PhoneNumber: string;
  PhoneAreaCode?: string;
  PhoneCountryCode?: string;
}

/** What we send about a contact. Fields left out stay as they are in Xero. */
export interface ContactDraft {
  ContactNumber?: string;
  Name?: string;
  FirstName?: string;
  LastName?: string;
  EmailAddress?: string;
  Addresses?: AddressDraft[];
  Phones?: PhoneDraft[];
}
