import type { Sent } from '../rules/field-reader.ts';
import type { Document, DocumentStatus, Line } from './model.ts';

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

/**
 * With money on it, a paper keeps its lines, its currency and its date, and its contact too; a sale
 * may be given to another contact, unless credit is set against it, and its lines may be reworded
 * (Xero's page "Invoices"; `rewrittenRefusals` looks at those).
 */
export function settledRefusals(
  before: Pick<Document, 'type' | 'contactId' | 'credited'>,
  sent: Sent,
  status: DocumentStatus,
): string[] {
  if (status === 'VOIDED') return [HAS_SETTLEMENTS];
  const isSale = before.type === 'ACCREC';
  const held = [
    'Date',
    'LineAmountTypes',
    'CurrencyCode',
    'Type',
    ...(isSale ? [] : ['LineItems']),
  ];
  const isTouched = held.some((name) => sent[name] !== undefined && sent[name] !== null);
  const { ContactID: id } = (sent.Contact ?? {}) as { ContactID?: unknown };
  const isMoved = typeof id === 'string' && id.toLowerCase() !== before.contactId;
  const mayMove = isSale && before.credited === 0;
  return isTouched || (isMoved && !mayMove) ? [HAS_SETTLEMENTS] : [];
}

/** Lines of a paper with money on it keep all but their words, accounts and tracking. */
export function rewrittenRefusals(
  before: Pick<Document, 'lines'>,
  after: Pick<Document, 'lines'>,
): string[] {
  const bare = (lines: readonly Line[]) =>
    JSON.stringify(
      lines.map(({ description: _, accountCode: _account, tracking: _tracking, ...rest }) => rest),
    );
  return bare(before.lines) === bare(after.lines) ? [] : [HAS_SETTLEMENTS];
}
