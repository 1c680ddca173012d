import {
  IDS_PER_READ,
  isFilterRefused,
  type OrgClient,
  ROWS_PER_PAGE,
  type WireContact,
} from '#xero/index';

/** Terms in one filter: some 45 characters each once encoded, and the address must stay short. */
const NUMBERS_PER_FILTER = 20;
/** Numbers that can stand in Xero's filter language without a thought about escaping. */
const PLAIN_NUMBER = /^[\p{L}\p{N} ._/-]+$/u;
/** Numbers that one act asks for one by one, a call each: the limits of a minute have to do. */
const ALONE_PER_ACT = 20;
/** Merges of merges that are followed. */
const MERGES_MAX = 5;

/**
 * The contacts that bear these learner numbers, archived ones too, by number in lower case; null
 * where none does. One call for one number, else one for every twenty, or one for each where Xero
 * refuses the filter. Numbers for which another call would be one too many are missing.
 */
export async function findByNumbers(
  client: OrgClient,
  numbers: readonly string[],
): Promise<Map<string, WireContact | null>> {
  const plain = numbers.length > 1 ? numbers.filter((number) => PLAIN_NUMBER.test(number)) : [];
  const found = await findByFilter(client, plain);
  const alone = numbers.filter((number) => !found.has(number.toLowerCase()));
  for (const number of alone.slice(0, ALONE_PER_ACT)) {
    found.set(number.toLowerCase(), await client.contactByNumber(number));
  }
  return found;
}

/** Many a call. With more than 100,000 contacts Xero refuses that: the numbers from there on are missing. */
async function findByFilter(
  client: OrgClient,
  numbers: readonly string[],
): Promise<Map<string, WireContact | null>> {
  const found = new Map<string, WireContact | null>();
  for (let at = 0; at < numbers.length; at += NUMBERS_PER_FILTER) {
    const some = numbers.slice(at, at + NUMBERS_PER_FILTER);
    const rows = await rowsOf(client, some);
    if (rows === null) break;
    for (const number of some) found.set(number.toLowerCase(), null);
    for (const row of rows) found.set((row.ContactNumber ?? '').toLowerCase(), row);
  }
  return found;
}

async function rowsOf(
  client: OrgClient,
  numbers: readonly string[],
): Promise<WireContact[] | null> {
  const where = numbers.map((number) => `ContactNumber=="${number}"`).join(' OR ');
  try {
    const page = await client.contacts({ where, includeArchived: true, page: 1, pageSize: 100 });
    return page.rows;
  } catch (error) {
    if (isFilterRefused(error)) return null;
    throw error;
  }
}

/**
 * The first thousand contacts that came to exist or changed since an instant, by number in lower
 * case: one call.
 */
export async function findChangedSince(
  client: OrgClient,
  modifiedSince: Date,
): Promise<Map<string, WireContact>> {
  const { rows } = await client.contacts({
    modifiedSince,
    includeArchived: true,
    page: 1,
    pageSize: ROWS_PER_PAGE,
    order: 'UpdatedDateUTC DESC',
  });
  const numbered = rows.filter((contact) => contact.ContactNumber !== null);
  return new Map(numbered.map((contact) => [(contact.ContactNumber ?? '').toLowerCase(), contact]));
}

/** Contacts by id, archived and merged ones too; those that Xero does not have are missing. */
export async function readContacts(
  client: OrgClient,
  ids: readonly string[],
): Promise<Map<string, WireContact>> {
  const found = new Map<string, WireContact>();
  for (let at = 0; at < ids.length; at += IDS_PER_READ) {
    const some = ids.slice(at, at + IDS_PER_READ);
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
