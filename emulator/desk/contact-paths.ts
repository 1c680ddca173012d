import type { Contact, Document, Organisation } from '../accounting/model.ts';
import { orgPath } from './layout.ts';

/** Where the desk shows a contact; what is done with it is posted below this address. */
export function contactPath(
  organisation: Pick<Organisation, 'id'>,
  contact: Pick<Contact, 'id'>,
): string {
  return `${orgPath(organisation)}/contacts/${contact.id}`;
}

/** Where the desk shows an invoice or a bill; what is done with it is posted below this address. */
export function invoicePath(
  organisation: Pick<Organisation, 'id'>,
  invoice: Pick<Document, 'id'>,
): string {
  return `${orgPath(organisation)}/invoices/${invoice.id}`;
}
