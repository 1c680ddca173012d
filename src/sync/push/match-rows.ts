import { foldNumber } from '#platform/folding';
import type { RowOutcome, WireContact } from '#xero/index';
import { type ContactFields, fieldsOfContact } from './contact-mapping.ts';

/** How a row of Xero's answer is known for the one that was sent; null where it can't be told. */
type KeyOf<Sent> = (sent: Sent) => string;

/** What a contact that is made is known by: its number, else its name and e-mail address. */
export function keyOfNew({ contactNumber, name, email }: ContactFields): string {
  if (contactNumber !== null) return foldNumber(contactNumber);
  const one = (text: string | null) => (text ?? '').toLowerCase().replace(/\s+/g, ' ').trim();
  return JSON.stringify([one(name), one(email)]);
}

/** The same of a row that tells of one. */
export function keyOfNewRow(row: WireContact): string {
  return keyOfNew(fieldsOfContact(row));
}

/**
 * The row of Xero's answer that tells of each of the items, in their order; null for whom none does.
 * In which order Xero answers it does not promise, so a row counts only by what it names. Two rows
 * that name the same count for nobody. A refusal that names nobody is of whoever alone is left.
 */
export function matchRows<Item>(
  items: readonly Item[],
  rows: readonly RowOutcome<WireContact>[],
  by: { item: KeyOf<Item>; row: KeyOf<WireContact> },
): (RowOutcome<WireContact> | null)[] {
  const named = Map.groupBy(rows, ({ row }) => (row === null ? null : by.row(row)));
  const matched = items.map((item) => {
    const [row = null, ...others] = named.get(by.item(item)) ?? [];
    return others.length === 0 ? row : null;
  });
  const nameless = named.get(null) ?? [];
  const [only] = nameless;
  const isAloneLeft = nameless.length === 1 && matched.filter((row) => row === null).length === 1;
  return only && isAloneLeft ? matched.map((row) => row ?? only) : matched;
}
