import type { OrgClient } from './org-client.ts';
import { rowAddress } from './row-address.ts';
import type { WireContact } from './wire/contact.ts';
import { isFilterRefused } from './xero-errors.ts';

/** The two ways to ask for a contact: a list by a filter, or one by its address. */
interface Ways {
  list: OrgClient['contacts'];
  at(path: string): Promise<WireContact | null>;
}

/** The contact that bears a number; null when there is none. Whoever else comes is not taken for it. */
export async function contactByNumber(ways: Ways, number: string): Promise<WireContact | null> {
  const path = rowAddress('Contacts', number);
  const found = path === null ? await byFilter(ways, number) : [await ways.at(path)];
  return found.find((contact) => isNumber(contact?.ContactNumber ?? null, number)) ?? null;
}

async function byFilter({ list }: Ways, number: string): Promise<WireContact[]> {
  try {
    const where = `ContactNumber=="${number}"`;
    return (await list({ where, includeArchived: true, page: 1 })).rows;
  } catch (error) {
    // With more than 100,000 contacts. Xero refuses a second one of a number by itself.
    if (isFilterRefused(error)) return [];
    throw error;
  }
}

/** Blind to case, as Xero is, and to runs of spaces, of which it may keep one. */
function isNumber(theirs: string | null, ours: string): boolean {
  return theirs !== null && folded(theirs) === folded(ours);
}

function folded(number: string): string {
  return number.toLowerCase().replace(/\s+/g, ' ').trim();
}
