import type { CreditQuery } from './org-client.ts';
import { CREDIT_KINDS, type CreditKind } from './wire/credit.ts';

/** Credits can't be asked for by a list of ids or contacts, so the filter names each. */
export function creditFilter(kind: CreditKind, query: CreditQuery): string | undefined {
  const anyOf = (field: string, ids: readonly string[] | undefined) =>
    ids && `(${ids.map((id) => `${field}==Guid("${id}")`).join(' OR ')})`;
  const parts = [
    anyOf(CREDIT_KINDS[kind].id, query.ids),
    anyOf('Contact.ContactID', query.contactIds),
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(' AND ') : undefined;
}
