import { foldNumber } from '#platform/folding';
import type { OrgClient } from './org-client.ts';
import { rowAddress } from './row-address.ts';
import type { WireContact } from './wire/contact.ts';
import { isFilterRefused } from './xero-errors.ts';

/** The two ways to ask for a contact: a list by a filter, or one by its address. */
interface Ways {
  list: OrgClient['contacts'];
  at(path: string): Promise<WireContact | null>;
}

/** Numbers that may end an address: hosts like Xero's answer 404 to some other signs, escaped or not. */
const FOR_ADDRESS = /^[A-Za-z0-9 ._-]*[A-Za-z0-9_-]$/;
/** What would end or bend a text in Xero's filter language. */
const BENDS_FILTER = /["\\]/;

/** The contact that bears a number; null when there is none. Whoever else comes is not taken for it. */
export async function contactByNumber(ways: Ways, number: string): Promise<WireContact | null> {
  const found = FOR_ADDRESS.test(number)
    ? await atAddress(ways, number)
    : await inList(ways, number);
  return bearerOf(found, number);
}

async function atAddress({ at }: Ways, number: string): Promise<WireContact[]> {
  const path = rowAddress('Contacts', number);
  const contact = path === null ? null : await at(path);
  return contact === null ? [] : [contact];
}

async function inList(ways: Ways, number: string): Promise<WireContact[]> {
  // How a quotation mark is written in a filter Xero does not say; a search takes it as it is.
  const asked = BENDS_FILTER.test(number)
    ? { searchTerm: number }
    : { where: `ContactNumber=="${number}"` };
  try {
    return (await ways.list({ ...asked, includeArchived: true, page: 1 })).rows;
  } catch (error) {
    // With more than 100,000 contacts: then at worst Xero refuses a second one of the number.
    if (isFilterRefused(error)) return atAddress(ways, number);
    throw error;
  }
}

/**
 * Whoever of these contacts bears a number, as Xero compares numbers (`foldNumber`); of several the
 * one that spells it so.
 */
export function bearerOf(contacts: readonly WireContact[], number: string): WireContact | null {
  const alike = contacts.filter(
    ({ ContactNumber }) =>
      ContactNumber !== null && foldNumber(ContactNumber) === foldNumber(number),
  );
  const same = (contact: WireContact) =>
    contact.ContactNumber?.toLowerCase() === number.toLowerCase();
  return alike.find(same) ?? alike[0] ?? null;
}
