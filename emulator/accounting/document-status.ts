import type { Sent } from '../rules/field-reader.ts';
import type { DocumentStatus } from './model.ts';

export const DOCUMENT_STATUSES = [
  'DRAFT',
  'SUBMITTED',
  'AUTHORISED',
  'PAID',
  'VOIDED',
  'DELETED',
] as const;

export const HAS_SETTLEMENTS =
  'This document cannot be edited as it has a payment or credit note allocated to it.';

/** The moves that a client may ask for; PAID is reached and left through payments alone. */
export const DOCUMENT_MOVES: Readonly<Record<DocumentStatus, readonly DocumentStatus[]>> = {
  DRAFT: ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'DELETED'],
  SUBMITTED: ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'DELETED'],
  AUTHORISED: ['AUTHORISED', 'VOIDED'],
  // Voiding is refused for the money on it, in words of its own.
  PAID: ['PAID', 'AUTHORISED', 'VOIDED'],
  VOIDED: [],
  DELETED: [],
};

/** With money on it, a paper keeps its contact, its lines, its currency and its date. */
export function settledRefusals(
  before: { readonly contactId: string },
  sent: Sent,
  status: DocumentStatus,
): string[] {
  if (status === 'VOIDED') return [HAS_SETTLEMENTS];
  const isTouched = ['LineItems', 'Date', 'LineAmountTypes', 'CurrencyCode', 'Type'].some(
    (name) => sent[name] !== undefined && sent[name] !== null,
  );
  const { ContactID: id } = (sent.Contact ?? {}) as { ContactID?: unknown };
  const isMoved = typeof id === 'string' && id.toLowerCase() !== before.contactId;
  return isTouched || isMoved ? [HAS_SETTLEMENTS] : [];
}
