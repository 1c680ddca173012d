import type { Contact, Document, Organisation } from '../accounting/model.ts';
import { orgPath } from './layout.ts';

export function contactPath(
  organisation: Pick<Organisation, 'id'>,
  contact: Pick<Contact, 'id'>,
): string {
  return `${orgPath(organisation)}/contacts/${contact.id}`;
}

export function invoicePath(
  organisation: Pick<Organisation, 'id'>,
  invoice: Pick<Document, 'id'>,
): string {
  return `${orgPath(organisation)}/invoices/${invoice.id}`;
}
