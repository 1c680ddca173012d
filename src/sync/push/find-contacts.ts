import { foldNumber } from '#platform/folding';
import { inPortions } from '#platform/in-portions';
import {
  bearerOf,
  IDS_PER_READ,
  isFilterRefused,
  type OrgClient,
  ROWS_PER_PAGE,
  type WireContact,
  XeroBusyError,
  XeroDownError,
} from '#xero/index';
import { FEWER_ROWS } from '../pull/page-size.ts';

/** Terms in one filter: some 45 characters each once encoded, and the address must stay short. */
const NUMBERS_PER_FILTER = 20;
/** Numbers that stand in Xero's filter language without a thought about escaping, and mean one number. */
const PLAIN_NUMBER = /^[A-Za-z0-9 ._/-]+$/;
/** Numbers that one act asks for one by one, a call each: the limits of a minute have to do. */
const ALONE_PER_ACT = 20;
/** Merges of merges that are followed. */
const MERGES_MAX = 5;

/**
 * The contacts that bear these learner numbers, archived ones too, by number (`foldNumber`);
 * null where none does. One call for one number, else one for every twenty, or one for each where Xero
 * refuses the filter or takes too long over it. Numbers for which another call would be one too
 * many, or that came after one that failed, are missing; where the first one fails, this does.
 */
export async function findByNumbers(
  client: OrgClient,
  numbers: readonly string[],
): Promise<Map<string, WireContact | null>> {
  const plain = numbers.length > 1 ? numbers.filter((number) => PLAIN_NUMBER.test(number)) : [];
  const found = new Map<string, WireContact | null>();
  try {
    await findByFilter(client, plain, found);
    const alone = numbers.filter((number) => !found.has(foldNumber(number)));
    for (const number of alone.slice(0, ALONE_PER_ACT)) {
      found.set(foldNumber(number), await client.contactByNumber(number));
    }
  } catch (error) {
    const mayPass = error instanceof XeroBusyError || error instanceof XeroDownError;
    // Else what is known would be asked for again, as long as some call of them fails.
    if (!mayPass || found.size === 0) throw error;
  }
  return found;
}

/** Many a call. With more than 100,000 contacts Xero refuses that: the numbers from there on are missing. */
async function findByFilter(
  client: OrgClient,
  numbers: readonly string[],
  found: Map<string, WireContact | null>,
): Promise<void> {
  for (const some of inPortions(numbers, NUMBERS_PER_FILTER)) {
    const rows = await rowsOf(client, some);
    if (rows === null) break;
    for (const number of some) found.set(foldNumber(number), bearerOf(rows, number));
  }
}

async function rowsOf(
  client: OrgClient,
  numbers: readonly string[],
): Promise<WireContact[] | null> {
  const where = numbers.map((number) => `ContactNumber=="${number}"`).join(' OR ');
  try {
    const query = { where, includeArchived: true, page: 1, pageSize: 100 };
    const page = await unlessTooMuch(client.contacts(query));
    return page?.rows ?? null;
  } catch (error) {
    if (isFilterRefused(error)) return null;
    throw error;
  }
}

/**
 * The last thousand contacts that came to exist or changed since an instant, by number
 * (`foldNumber`): one call, or up to four about fewer where that is too much for Xero. Those in a page that is
 * too much even so, and those behind it, are missing.
 */
export async function findChangedSince(
  client: OrgClient,
  modifiedSince: Date,
): Promise<Map<string, WireContact>> {
  const query = { modifiedSince, includeArchived: true, order: 'UpdatedDateUTC DESC' };
  const ask = (page: number, pageSize: number) =>
    unlessTooMuch(client.contacts({ ...query, page, pageSize }));
  const whole = await ask(1, ROWS_PER_PAGE);
  if (whole) return byNumber(whole.rows);
  const rows: WireContact[] = [];
  // Rows that change meanwhile move to the front, so the others are met twice and not passed over.
  for (let page = 1; page <= ROWS_PER_PAGE / FEWER_ROWS; page += 1) {
    const part = await ask(page, FEWER_ROWS);
    rows.push(...(part?.rows ?? []));
    if (part === null || page >= part.pageCount) break;
  }
  return byNumber(rows);
}

/** Where two numbers are one but for accents, who is meant only a question for each can tell. */
function byNumber(contacts: readonly WireContact[]): Map<string, WireContact> {
  const found = new Map<string, WireContact>();
  const spellings = new Map<string, Set<string>>();
  for (const contact of contacts) {
    if (contact.ContactNumber === null) continue;
    const key = foldNumber(contact.ContactNumber);
    found.set(key, contact);
    const spelled = spellings.get(key) ?? new Set();
    spellings.set(key, spelled.add(contact.ContactNumber.toLowerCase()));
  }
  for (const [key, spelled] of spellings) if (spelled.size > 1) found.delete(key);
  return found;
}

/** What a call answers; null where Xero takes too long over so much, or it is more than is read. */
async function unlessTooMuch<Answer>(call: Promise<Answer>): Promise<Answer | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof XeroDownError && error.isTooMuch) return null;
    throw error;
  }
}

/** Contacts by id, archived and merged ones too; those that Xero does not have are missing. */
export async function readContacts(
  client: OrgClient,
  ids: readonly string[],
): Promise<Map<string, WireContact>> {
  const found = new Map<string, WireContact>();
  for (const some of inPortions(ids, IDS_PER_READ)) {
    // A page has to be asked for: without one Xero leaves out what a contact was merged into.
    const query = { ids: some, includeArchived: true, page: 1, pageSize: 100 };
    for (const contact of (await client.contacts(query)).rows) {
      found.set(contact.ContactID, contact);
    }
  }
  return found;
}

/**
 * Follows merges to the contact that is left, through merges of merges. Answers by the id of the
 * contact that was merged away; one whose end can't be reached is missing.
 */
export async function findSurvivors(
  client: OrgClient,
  merged: readonly WireContact[],
): Promise<Map<string, WireContact>> {
  const survivors = new Map<string, WireContact>();
  let open = new Map(merged.map((contact) => [contact.ContactID, contact.MergedToContactID ?? '']));
  for (let step = 0; step < MERGES_MAX && open.size > 0; step += 1) {
    const contacts = await readContacts(client, [...new Set(open.values())]);
    const next = new Map<string, string>();
    for (const [from, to] of open) {
      const contact = contacts.get(to.toLowerCase());
      if (contact?.MergedToContactID) next.set(from, contact.MergedToContactID);
      else if (contact) survivors.set(from, contact);
    }
    open = next;
  }
  return survivors;
}
