import type { DocumentKind } from '#contract/billing';

/** What the kinds of papers are called. */
export const kindNames: Record<DocumentKind, string> = {
  invoice: 'Invoice',
  'credit-note': 'Credit note',
  prepayment: 'Prepayment',
  overpayment: 'Overpayment',
};
